/**
 * Writes the files that follow from others: command ids and setting types from package.json, the table for translators from the
 * sentences in the sources, the colours of SQL inside strings from the forms of the language support. `--check` writes nothing and fails when a file is stale.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { sqlGrammars } from './sqlInStrings.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');

function typeOf(setting) {
  if (setting.enum) return setting.enum.map((value) => `'${value}'`).join(' | ');
  if (setting.type === 'array') return `readonly ${setting.items.type}[]`;
  if (setting.type === 'object') return `Readonly<Record<string, ${typeOf(setting.additionalProperties)}>>`;
  return setting.type === 'integer' ? 'number' : setting.type;
}

function generatedIds() {
  const { contributes } = JSON.parse(read('package.json'));
  const commands = contributes.commands.map(({ command }) => command);
  const settings = Object.entries(contributes.configuration.properties);
  const short = (id) => id.replace(/^joinery\./, '');
  return [
    '/** Ids of commands and types of settings, generated from package.json by `npm run generate`. Not edited by hand. */',
    '',
    `export const commandIds = {${commands.map((id) => `${short(id)}: '${id}'`).join(',')}} as const;`,
    'export type CommandId = (typeof commandIds)[keyof typeof commandIds];',
    '',
    `export interface Settings {${settings.map(([id, setting]) => `readonly ${short(id)}: ${typeOf(setting)};`).join('\n')}}`,
    '',
    `export const settingDefaults: Settings = {${settings.map(([id, setting]) => `${short(id)}: ${JSON.stringify(setting.default)}`).join(',')}};`,
  ].join('\n');
}

function* sources(folder) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(file);
    else if (file.endsWith('.ts')) yield file;
  }
}

/** With apostrophes in it, a text stands between double quotes. */
const literal = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/.source;
const unquote = (text) => text.slice(1, -1).replace(/\\(.)/g, '$1');

/** Texts given to `l10n.t`, and every sentence of the word tables, which are translated by value. */
function sentences() {
  const found = new Set();
  const calls = new RegExp(`l10n\\.t\\(\\s*(${literal})`, 'g');
  for (const file of sources('src/host')) for (const [, text] of read(file).matchAll(calls)) found.add(unquote(text));
  const values = new RegExp(`(?:^|[{,])\\s*(?:'[\\w.]+'|\\w+):\\s*(${literal})`, 'gm');
  const tables = [
    'src/engine/words/errorSentences.ts',
    'src/engine/words/explanationSentences.ts',
    'src/engine/words/hoverSentences.ts',
    'src/engine/words/testSentences.ts',
    'src/engine/words/graphSentences.ts',
    'src/protocol/resultsWords.ts',
    'src/protocol/trainingWords.ts',
    'src/host/platform/errorWords.ts',
  ];
  for (const file of tables.filter((name) => existsSync(path.join(root, name))))
    for (const [, text] of read(file).matchAll(values)) found.add(unquote(text));
  return JSON.stringify(Object.fromEntries([...found].sort().map((text) => [text, text])));
}

const outputs = [
  { file: 'src/host/platform/generatedIds.ts', parser: 'typescript', text: generatedIds },
  { file: 'l10n/bundle.l10n.json', parser: 'json', text: sentences },
];

/** Files whose content is not what would be generated now. */
export async function staleFiles() {
  const stale = [];
  const grammars = Object.entries(await sqlGrammars()).map(([name, grammar]) => ({
    file: `syntaxes/${name}`,
    parser: 'json',
    text: () => JSON.stringify(grammar),
  }));
  for (const { file, parser, text } of [...outputs, ...grammars]) {
    const options = await prettier.resolveConfig(path.join(root, file));
    const wanted = await prettier.format(text(), { ...options, parser });
    if (!existsSync(path.join(root, file)) || read(file) !== wanted) stale.push({ file, wanted });
  }
  return stale;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = await staleFiles();
  const isCheck = process.argv.includes('--check');
  for (const { file, wanted } of stale) {
    console.log(`${isCheck ? 'stale, run `npm run generate`' : 'written'}: ${file}`);
    if (isCheck) continue;
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), wanted);
  }
  process.exit(isCheck && stale.length > 0 ? 1 : 0);
}
