/**
 * Grammars that colour SQL inside strings of programs, made from the forms that the language support knows (core/language/embeddedSql.ts).
 * A grammar sees one line at a time: what stands between a form and its string is one line break at most.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** What the product knows of SQL in strings, from its sources. */
async function readForms() {
  const source = `export { embeddedForms, statementVerbs } from './src/core/language/embeddedSql.js';
    export { sqlFunctions } from './src/core/language/sqlFunctions.js';
    export { keywords } from './src/core/sql/tokenize.js';`;
  const stdin = { contents: source, resolveDir: root, loader: 'ts' };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'esm', platform: 'neutral', logLevel: 'error' });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

const sqlScope = 'meta.embedded.block.sql';
const before = ({ source, flags }) => `${flags.includes('i') ? '(?i)' : ''}(?<=${source.replace(/\$$/, '')})`;

/** How strings of a language begin and end. `stop` ends every piece of SQL in it, whatever is still open there. */
const templates = [
  { name: 'template', prefix: '', quote: '`', stop: '`', escape: '\\\\.', hole: 'scriptHole', scope: 'string.template.js' },
];
const scriptStrings = [
  ...templates,
  { name: 'double', prefix: '', quote: '"', stop: '"|$', escape: '\\\\.', scope: 'string.quoted.double.js' },
  { name: 'single', prefix: '', quote: "'", stop: "'|$", escape: '\\\\.', scope: 'string.quoted.single.js' },
];
const pythonQuotes = [
  { name: 'Blocks', quote: '"""', stop: '"""', scope: 'string.quoted.multi.python' },
  { name: 'SingleBlocks', quote: "'''", stop: "'''", scope: 'string.quoted.multi.python' },
  { name: 'Doubles', quote: '"', stop: '"|$', scope: 'string.quoted.single.python' },
  { name: 'Singles', quote: "'", stop: "'|$", scope: 'string.quoted.single.python' },
];
const pythonPrefixes = [
  { name: 'format', prefix: '[rR]?[fFtT][rR]?', escape: '\\\\.|\\{\\{|\\}\\}', hole: 'formatHole' },
  { name: 'raw', prefix: '[rR]' },
  { name: 'plain', prefix: '[uU]?', escape: '\\\\.' },
];
const pythonStrings = pythonPrefixes.flatMap((prefix) => pythonQuotes.map((quote) => ({ ...quote, ...prefix, name: `${prefix.name}${quote.name}` }))); // prettier-ignore

const include = (name) => ({ include: `#${name}` });
const punctuation = (scope, at) => `${scope} punctuation.definition.string.${at}`;

/** What is inside: SQL up to the end of the string. */
function insides({ stop, escape, hole }) {
  const [escaped, end] = [escape === undefined ? '' : '\\\\?', `(?=${stop})`];
  const inner = [...(hole ? [include(hole)] : []), ...(escape ? [{ match: escape, name: 'constant.character.escape' }] : [])];
  const quoted = (quote, name) => ({ begin: `${escaped}${quote}`, end: `${escaped}${quote}|${end}`, name, patterns: inner });
  return [
    ...(hole ? [include(hole)] : []),
    { match: `--(?:(?!${stop}).)*`, name: 'comment.line.double-dash.sql' },
    { begin: '/\\*', end: `\\*/|${end}`, name: 'comment.block.sql' },
    quoted("'", 'string.quoted.single.sql'),
    quoted('"', 'string.quoted.double.sql'),
    ...inner.slice(hole ? 1 : 0),
    include('words'),
  ];
}

/** Strings behind `lead`; `isSure` when the form alone says that they are SQL, else their first word has to. */
function stringRule(string, lead, isSure, verbs, captures = {}) {
  const { name, prefix, quote, stop, scope, escape, hole } = string;
  const count = Object.keys(captures).length;
  const rule = {
    begin: `${lead}(${prefix})(${quote})`,
    beginCaptures: {
      ...captures,
      [count + 1]: { name: 'storage.type.string.python' },
      [count + 2]: { name: punctuation(scope, 'begin') },
    },
    end: stop === quote ? quote : `(${quote})|$`,
    endCaptures: { 0: { name: punctuation(scope, 'end') } },
  };
  if (isSure) return { ...rule, contentName: sqlScope, patterns: [include(name)] };
  const text = [...(hole ? [include(hole)] : []), ...(escape ? [{ match: escape, name: 'constant.character.escape' }] : [])];
  const end = `(?=${stop})`;
  return {
    ...rule,
    patterns: [
      { begin: `(?i)(?=(?:${verbs})\\b|--|/\\*)`, end, name: sqlScope, patterns: [include(name)] },
      { begin: '(?=\\S)', end, name: scope, patterns: text },
    ],
  };
}

/** A comment line, and the string in the next line that has something in it. */
function commentRule({ strings, sign, host, comment, verbs }) {
  const lead = '^(\\s*(?:\\w[\\w\\s:.]*=\\s*)?)';
  return {
    begin: `(?i)(^[ \\t]+)?(${sign}\\s*(?:language=)?sql\\b.*)$`,
    beginCaptures: { 2: { name: comment } },
    // A quote right behind the comment's own end belongs to the comment.
    end: '(?!\\G)(?<=[`\'"])|(?=\\S)',
    applyEndPatternLast: true,
    patterns: strings.map((string) => stringRule(string, lead, true, verbs, { 1: { patterns: [{ include: host }] } })),
  };
}

/** A form that ends its line, and the string in the next line that has something in it. */
function brokenRule(form, strings, verbs) {
  return {
    begin: `${before(form)}$`,
    end: '(?!\\G)(?<=[`\'"])|(?=\\S)',
    applyEndPatternLast: true,
    patterns: strings.map((string) => stringRule(string, '^\\s*', false, verbs)),
  };
}

function wordRules({ keywords, sqlFunctions }) {
  const names = [...new Set(sqlFunctions.map(({ name }) => name))].sort();
  return {
    patterns: [
      { match: `(?i)\\b(?:${names.join('|')})\\b(?=\\s*\\()`, name: 'support.function.sql' },
      { match: `(?i)\\b(?:${[...keywords].sort().join('|')})\\b`, name: 'keyword.other.sql' },
      { match: '\\b(?:0[xX][0-9a-fA-F]+|\\d+(?:\\.\\d*)?(?:[eE][+-]?\\d+)?)\\b', name: 'constant.numeric.sql' },
      { match: '\\?\\d*|[:@$][A-Za-z_]\\w*', name: 'variable.parameter.sql' },
      { match: '[-+*/%<>=!|&~]+', name: 'keyword.operator.sql' },
    ],
  };
}

const holes = {
  scriptHole: {
    begin: '\\$\\{',
    end: '\\}',
    captures: { 0: { name: 'punctuation.definition.template-expression' } },
    contentName: 'meta.embedded.line.script',
    patterns: [{ include: 'source.ts#expression' }],
  },
  formatHole: {
    begin: '\\{(?!\\{)',
    end: '\\}',
    captures: { 0: { name: 'constant.character.format.placeholder.other.python' } },
    contentName: 'meta.embedded.line.script',
    patterns: [{ include: 'source.python#expression' }],
  },
};

function grammar({ scopeName, selector, strings, hole, rules, words }) {
  const repository = Object.fromEntries(strings.map((string) => [string.name, { patterns: insides(string) }]));
  return { scopeName, injectionSelector: selector, patterns: rules, repository: { ...repository, [hole]: holes[hole], words } };
}

const outside = `-comment -${sqlScope}`;

/** The grammars by file name. */
export async function sqlGrammars() {
  const forms = await readForms();
  const { embeddedForms: form, statementVerbs: verbs } = forms;
  const words = wordRules(forms);
  const likely = (strings) =>
    [form.variable, form.call].flatMap((lead) => [
      ...strings.map((string) => stringRule(string, before(lead), false, verbs)),
      brokenRule(lead, strings, verbs),
    ]);
  const certain = (lead, strings) => strings.map((string) => stringRule(string, before(lead), true, verbs));
  const tagCaptures = {
    1: { name: 'entity.name.function.tagged-template.js' },
    2: { patterns: [{ include: 'source.ts#type-arguments' }] },
  };
  const tags = [
    ...templates.map((string) => stringRule(string, '(?i)\\b(sql(?:\\.\\w+)?)(\\s*(?:<[^`]{0,200}>)?\\s*)', true, verbs, tagCaptures)),
    ...certain(form.tag, templates),
  ];
  const script = {
    scopeName: 'joinery.sql-in-script',
    selector: ['source.ts', 'source.tsx', 'source.js', 'source.js.jsx'].map((host) => `L:${host} ${outside} -(string -meta.embedded)`).join(', '), // prettier-ignore
    strings: scriptStrings,
    hole: 'scriptHole',
    words,
    rules: [
      ...tags,
      ...certain(form.blockComment, scriptStrings),
      ...likely(scriptStrings),
      commentRule({ strings: scriptStrings, sign: '//', host: 'source.ts', comment: 'comment.line.double-slash.js', verbs }),
    ],
  };
  const python = {
    scopeName: 'joinery.sql-in-python',
    selector: `L:source.python ${outside} -string -meta.fstring`,
    strings: pythonStrings,
    hole: 'formatHole',
    words,
    rules: [
      ...likely(pythonStrings),
      commentRule({ strings: pythonStrings, sign: '#', host: 'source.python', comment: 'comment.line.number-sign.python', verbs }),
    ],
  };
  return { 'sqlInScript.tmLanguage.json': grammar(script), 'sqlInPython.tmLanguage.json': grammar(python) };
}
