/**
 * What a script itself makes or changes: complaints about those tables say nothing, because the database does not have them yet. A
 * definition that the database already has word for word counts as nothing new.
 */
import { foldName } from '../graph/tableKeys.js';
import { significantTokens, type Token } from '../sql/tokenize.js';
import { type LanguageSchema } from './languageSchema.js';
import { type Script } from './script.js';

export interface ScriptDefinitions {
  /** Folded names of tables and views. */
  readonly changed: ReadonlySet<string>;
  /** The script attaches databases: names in them are unknown to us. */
  readonly attaches: boolean;
}

const changing: ReadonlySet<string> = new Set(['CREATE', 'ALTER', 'DROP']);

export function scriptDefinitions(script: Script, schema: LanguageSchema): ScriptDefinitions {
  const changed = new Set<string>();
  let attaches = false;
  for (const statement of script.statements) {
    const verb = statement.tokens[0]?.text.toUpperCase() ?? '';
    if (verb === 'ATTACH') attaches = true;
    if (!changing.has(verb)) continue;
    const { object, target } = script.read(statement);
    if (!target || (object !== 'TABLE' && object !== 'VIEW')) continue;
    const stored = schema.table(target.name);
    if (verb === 'CREATE' && stored && isSame(statement.tokens, significantTokens(stored.ddl))) continue;
    changed.add(foldName(target.name));
    if (verb === 'ALTER') addNewName(statement.tokens, changed);
  }
  return { changed, attaches };
}

/** `ALTER TABLE a RENAME TO b` */
function addNewName(tokens: readonly Token[], changed: Set<string>): void {
  const last = tokens.at(-1);
  if (last?.kind === 'identifier' && tokens.at(-2)?.text.toUpperCase() === 'TO') changed.add(foldName(last.text));
}

function isSame(written: readonly Token[], stored: readonly Token[]): boolean {
  const words = (tokens: readonly Token[]): string =>
    tokens
      .map(({ text }) => text.toUpperCase())
      .join(' ')
      .replace(' IF NOT EXISTS ', ' ');
  return words(written) === words(stored);
}
