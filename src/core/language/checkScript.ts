/**
 * Faults of a script, statement by statement, with SQLite as the judge. A statement is put to it once: as long as its text and the
 * schema stay the same, the verdict holds, so an edit costs the statements that it touches.
 */
import { type CancellationToken, throwIfCancelled } from '../shared/cancellation.js';
import { significantTokens } from '../sql/tokenize.js';
import { foldName } from '../graph/tableKeys.js';
import { type Complaint, type FaultKind, readComplaint } from './fault.js';
import { type LanguageSchema } from './languageSchema.js';
import { columnUses, failingToken, placeComplaint, suspects, type TextPlace } from './placeComplaint.js';
import { readStatement } from './readStatement.js';
import { NameResolver } from './resolveNames.js';
import { type Script } from './script.js';
import { type ScriptDefinitions, scriptDefinitions } from './scriptDefinitions.js';

export interface Fault extends Complaint {
  /** Offsets in the script. */
  readonly start: number;
  readonly end: number;
  /** Nothing breaks, but it is hardly meant. */
  readonly isHint: boolean;
}

/** SQLite's complaints about statements in their order, undefined where it has none. Nothing is run. */
export type Judge = (statements: readonly string[]) => Promise<readonly (string | undefined)[]>;

/** Verdicts that are kept; a script of 2,000 lines has a few hundred statements. */
const keptVerdicts = 5_000;
/** Statements put to SQLite at once: between two batches an edit can cancel the rest. */
const batchSize = 50;

/** Offsets count from the beginning of the statement. */
type Verdict = readonly Fault[];

export class ScriptChecker {
  readonly #verdicts = new Map<string, Verdict>();

  constructor(
    private readonly schema: LanguageSchema,
    private readonly judge: Judge,
  ) {}

  /** @param holes places of the text that stand for something unknown, such as values of a program. */
  async check(script: Script, token: CancellationToken, holes: readonly TextPlace[] = []): Promise<readonly Fault[]> {
    const open = [...new Set(script.statements.map(({ text }) => text))].filter((text) => !this.#verdicts.has(text));
    for (let at = 0; at < open.length; at += batchSize) {
      throwIfCancelled(token);
      await this.#ask(open.slice(at, at + batchSize));
    }
    const definitions = scriptDefinitions(script, this.schema);
    const faults = script.statements.flatMap((statement) => {
      const verdict = this.#verdicts.get(statement.text) ?? [];
      if (verdict.length === 0) return [];
      const isHoled = holes.some(({ start }) => start >= statement.start && start < statement.end);
      const kept = verdict.filter((fault) => isCertain(fault, script.read(statement), definitions) && !(isHoled && isShaped(fault.kind)));
      return kept.map((fault) => ({ ...fault, start: fault.start + statement.start, end: fault.end + statement.start }));
    });
    this.#forget(script);
    return faults;
  }

  async #ask(texts: readonly string[]): Promise<void> {
    const messages = await this.judge(texts);
    for (const [at, text] of texts.entries()) this.#verdicts.set(text, await this.#verdict(text, messages[at]));
  }

  async #verdict(text: string, message: string | undefined): Promise<Verdict> {
    if (message === undefined && !/"|^\s*CREATE\b[^(]*\bVIEW\b/i.test(text)) return [];
    const statement = readStatement(significantTokens(text));
    const resolver = new NameResolver(this.schema);
    if (message === undefined && statement.object === 'VIEW') return this.#viewVerdict(text, startOfQuery(statement));
    if (message === undefined) return doubleQuotedFaults(statement, resolver);
    const complaint = readComplaint(message);
    const several = suspects(complaint, statement);
    const place = several.length > 1 ? await failingToken(several, (end) => this.#failsWithin(text, end, message)) : undefined;
    const { start, end } = place ?? placeComplaint(complaint, statement, resolver);
    return [{ ...complaint, start, end, isHint: false }];
  }

  /** SQLite looks at the query of a view only when the view is used; here it is asked at once. */
  async #viewVerdict(text: string, start: number): Promise<Verdict> {
    if (start === 0) return [];
    const query = text.slice(start);
    const [message] = await this.judge([query]);
    return (await this.#verdict(query, message)).map((fault) => ({ ...fault, start: fault.start + start, end: fault.end + start }));
  }

  async #failsWithin(text: string, end: number, message: string): Promise<boolean> {
    const [found] = await this.judge([text.slice(0, end)]);
    return found === message;
  }

  /** Verdicts of texts that are gone leave when there are too many. */
  #forget(script: Script): void {
    if (this.#verdicts.size <= keptVerdicts) return;
    const present = new Set(script.statements.map(({ text }) => text));
    for (const text of this.#verdicts.keys()) if (!present.has(text)) this.#verdicts.delete(text);
  }
}

/** Offset behind the AS of CREATE VIEW; 0 when there is none. */
function startOfQuery({ tokens, target }: ReturnType<Script['read']>): number {
  const as = tokens.findIndex(({ start, text }) => start > (target?.end ?? 0) && text.toUpperCase() === 'AS');
  return as < 0 ? 0 : (tokens[as + 1]?.start ?? 0);
}

/** Complaints that depend on what a hole stands for. */
function isShaped(kind: FaultKind): boolean {
  return kind === 'syntax' || kind === 'incomplete' || kind === 'other' || kind === 'valueCount';
}

/** False when the script itself may make true what SQLite misses. */
function isCertain(fault: Fault, statement: ReturnType<Script['read']>, { changed, attaches }: ScriptDefinitions): boolean {
  if (fault.kind === 'exists') return false;
  if (fault.kind === 'syntax' || fault.kind === 'incomplete') return true;
  if (fault.kind === 'unknownTable' && attaches && fault.qualifier !== undefined) return false;
  // What is made here is new by its nature.
  const written = statement.object === 'VIEW' ? undefined : statement.target?.name;
  const named = [fault.kind === 'unknownTable' ? fault.name : undefined, written];
  const tables = [...named, ...statement.scopes.flatMap(({ sources }) => sources.map(({ table }) => table?.name))];
  return !tables.some((name) => name !== undefined && changed.has(foldName(name)));
}

/** Names in double quotes that no table of their scopes has: SQLite silently makes texts of them. */
function doubleQuotedFaults(statement: ReturnType<Script['read']>, resolver: NameResolver): Verdict {
  return columnUses(statement).flatMap(({ reference, scope }): Fault[] => {
    const { name, qualifier, clause } = reference;
    if (!name?.doubleQuoted || qualifier || clause === 'into') return [];
    if (resolver.resolve(reference, scope).kind !== 'missing') return [];
    return [{ kind: 'doubleQuoted', message: '', name: name.name, start: name.start, end: name.end, isHint: true }];
  });
}
