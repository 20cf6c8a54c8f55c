/**
 * The colours of SQL inside strings: the grammars are contributed, their forms are those of the language support and no others. With the
 * editor's own tokenizer (which comes with code-server) whole programs are read as the editor reads them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';

interface Rule {
  readonly begin: string;
  readonly patterns?: readonly Rule[];
}
interface Grammar {
  readonly scopeName: string;
  readonly patterns: readonly Rule[];
}
interface Contributed {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo: readonly string[];
  readonly embeddedLanguages: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly contributes: { readonly grammars: readonly Contributed[] };
};
const contributed = manifest.contributes.grammars;
const grammars = contributed.map((entry) => ({ ...entry, grammar: JSON.parse(readFileSync(entry.path, 'utf8')) as Grammar }));
const grammarOf = (host: string) => grammars.find(({ injectTo }) => injectTo.includes(host))!.grammar;

test('the grammars are what the manifest says, and the pieces are SQL to the editor', () => {
  expect(grammars.map(({ scopeName, grammar }) => scopeName === grammar.scopeName)).toEqual([true, true]);
  expect(contributed.flatMap(({ injectTo }) => injectTo)).toEqual(['source.ts', 'source.tsx', 'source.js', 'source.js.jsx', 'source.python']); // prettier-ignore
  for (const { embeddedLanguages } of contributed) expect(embeddedLanguages['meta.embedded.block.sql']).toBe('sql');
});

/** Program, what is SQL in it; `¦` for the end of a line. */
const script: readonly [string, string][] = [
  ['const a = sql`SELECT 1`;', 'SELECT 1'],
  ['db.sql`SELECT ${x} FROM t`; f(`no`)', 'SELECT ${x} FROM t'],
  ['sql<Row[]>`SELECT 1`', 'SELECT 1'],
  ['const a = html`SELECT 1`;', ''],
  ['const a = `SELECT 1`;', ''],
  ["const usersSql = 'SELECT 1'; const b = 'x';", 'SELECT 1'],
  ["const sql = 'hello';", ''],
  ['const query = `¦  { hero { name } }`', ''],
  ['const query = `¦  WITH a AS (SELECT 1)¦  SELECT * FROM a`', 'WITH a AS (SELECT 1) SELECT * FROM a'],
  ["db.prepare('SELECT name FROM t').all('x')", 'SELECT name FROM t'],
  ['db.exec(¦  `SELECT 1`,¦  "SELECT 2");', 'SELECT 1'],
  ['map.get("key")', ''],
  ['/* sql */ `SELECT 1`', 'SELECT 1'],
  ['// sql: all¦const x = "SELECT 1";¦const y = "SELECT 2";', 'SELECT 1'],
  ['  // language=sql¦  run("UPDATE t")', 'UPDATE t'],
  ['// SQLite is small¦const x = "it"', ''],
  ['// const a = sql`SELECT 1`', ''],
  ['const a = "sql`SELECT 1`";', ''],
  ['sql`SELECT 1 -- open`; const b = 1', 'SELECT 1 -- open'],
  ["sql`SELECT 'open /* `; const b = `SELECT`", "SELECT 'open /*"],
];
const python: readonly [string, string][] = [
  ['sql = """SELECT 1"""', 'SELECT 1'],
  ['sql = f"SELECT {a} FROM t"; y = "b"', 'SELECT {a} FROM t'],
  ['cur.execute(¦  """¦  SELECT 1¦  """, ())', 'SELECT 1'],
  ['sql = (¦  "SELECT 1"¦)', 'SELECT 1'],
  ['# sql¦x = "SELECT 1"¦y = "hello"', 'SELECT 1'],
  ['# sql = "SELECT 1"', ''],
  ['x = "SELECT 1"', ''],
  ['"""sql = \'SELECT 1\'"""', ''],
  ['sql = b"SELECT 1"', ''],
  ['sql = "SELECT 1¦y = "b"', 'SELECT 1'],
];
const cases = [...script.map((entry) => ['source.ts', ...entry] as const), ...python.map((entry) => ['source.python', ...entry] as const)];

describe('forms, by the patterns alone', () => {
  const hit = ({ begin }: Rule, line: string): boolean => new RegExp(begin.replace('(?i)', ''), begin.includes('(?i)') ? 'i' : '').test(line); // prettier-ignore
  const within = ({ patterns = [] }: Rule, line: string): boolean => patterns.some((rule) => 'begin' in rule && hit(rule, line));
  // What a comment or a string hides from the patterns is the matter of the whole grammar.
  for (const [host, program, sql] of cases.filter(([, , text]) => text !== ''))
    it(`${host}: ${program}`, () => {
      const lines = program.split('¦');
      const rules = grammarOf(host).patterns;
      const found = lines.some((line, at) => rules.some((rule) => hit(rule, line) && (within(rule, line) || within(rule, lines[at + 1] ?? '') || line.includes(sql)))); // prettier-ignore
      expect(found).toBe(true);
    });
  for (const line of ['const a = html`SELECT 1`;', 'const a = `SELECT 1`;', '// SQLite is small', 'x = "SELECT 1"', 'target("key")'])
    it(`nothing begins in ${line}`, () => {
      for (const { grammar } of grammars) expect(grammar.patterns.filter((rule) => hit(rule, line))).toEqual([]);
    });
});

interface TextMate {
  readonly Registry: new (options: object) => { loadGrammar(scope: string): Promise<Tokenizer> };
  readonly INITIAL: object;
  parseRawGrammar(text: string, name: string): object;
}
interface Tokenizer {
  tokenizeLine(line: string, state: object): { readonly ruleStack: object; readonly tokens: readonly { readonly startIndex: number; readonly endIndex: number; readonly scopes: readonly string[] }[] }; // prettier-ignore
}
interface Oniguruma {
  readonly OnigScanner: new (patterns: string[]) => object;
  readonly OnigString: new (text: string) => object;
  loadWASM(data: ArrayBuffer): Promise<void>;
}

const editor = path.resolve('.work/code-server/node_modules/code-server/lib/vscode');
const hostGrammars: Readonly<Record<string, string>> = {
  'source.ts': 'typescript-basics/syntaxes/TypeScript.tmLanguage.json',
  'source.python': 'python/syntaxes/MagicPython.tmLanguage.json',
};

async function openRegistry(): Promise<{ textMate: TextMate; registry: InstanceType<TextMate['Registry']> }> {
  const load = createRequire(path.join(editor, 'node_modules', 'any.js'));
  const textMate = load('vscode-textmate') as TextMate;
  const oniguruma = load('vscode-oniguruma') as Oniguruma;
  const wasm = readFileSync(path.join(editor, 'node_modules/vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(new Uint8Array(wasm).buffer);
  const registry = new textMate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope: string) => {
      const file = hostGrammars[scope] && path.join(editor, 'extensions', hostGrammars[scope]);
      const own = contributed.find(({ scopeName }) => scopeName === scope)?.path;
      const found = file ?? own;
      return Promise.resolve(found === undefined ? null : textMate.parseRawGrammar(readFileSync(found, 'utf8'), found));
    },
    getInjections: (scope: string) => contributed.filter(({ injectTo }) => injectTo.includes(scope)).map(({ scopeName }) => scopeName),
  });
  return { textMate, registry };
}

const tokenizer = path.join(editor, 'node_modules', 'vscode-textmate');
describe.skipIf(!existsSync(tokenizer))(
  'as the editor reads them (skipped without code-server: npm run test:vscode fetches it)',
  async () => {
    const opened = existsSync(tokenizer) ? await openRegistry() : undefined;
    for (const [host, program, sql] of cases)
      it(`${host}: ${program}`, async () => {
        const grammar = await opened!.registry.loadGrammar(host);
        let state = opened!.textMate.INITIAL;
        const found = program.split('¦').map((line) => {
          const { ruleStack, tokens } = grammar.tokenizeLine(line, state);
          state = ruleStack;
          return tokens.filter(({ scopes }) => scopes.includes('meta.embedded.block.sql')).map(({ startIndex, endIndex }) => line.slice(startIndex, endIndex)).join(''); // prettier-ignore
        });
        expect(found.join(' ').replace(/\s+/g, ' ').trim()).toBe(sql);
      });
  },
);
