/**
 * The matcher: a nondeterministic pushdown automaton that walks scoped GBNF (types.ts) over code points. A
 * configuration is a place in a rule, the places to return to and the open scopes; a state is the set of configurations
 * that some text leaves alive. All of them are interned, and the step from a state by a character is remembered. It
 * knows nothing of tokens, models or SQL.
 */
import { JoineryError } from '../shared/errors.js';
import { checkRules } from './checkRules.js';
import { JoinReach } from './joinReach.js';
import { type Frame, Liveness } from './liveness.js';
import { type Mark, readMark, writesText } from './marks.js';
import { parseGbnf } from './parseGbnf.js';
import { RuleAutomata, type RuleState } from './ruleAutomata.js';
import { reservedWords } from './reservedWords.js';
import { ScopeTable } from './scopes.js';
import { type Scope } from './scopeValues.js';
import { type GrammarMatcher, type GrammarState } from './types.js';

const longestForcedText = 200;
/** More frames or scopes than memory holds; its square is still an exact integer. */
const idRange = 2 ** 26;

const wordEnd = /[A-Za-z0-9_]+$/;
const wordCharacters: readonly number[] = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_', (char) =>
  char.charCodeAt(0),
);

/** Throws `internal` when the grammar is malformed, lacks a rule or is left-recursive. */
export function compileGrammar(gbnf: string): GrammarMatcher {
  const rules = parseGbnf(gbnf);
  const marks = new Map<string, Mark>();
  for (const [name, expression] of rules) {
    const mark = readMark(name);
    if (mark === undefined) continue;
    const empty = expression.kind === 'literal' && expression.text === '';
    if (!empty && !writesText(mark)) throw new JoineryError('internal', { reason: `mark ${name} is not empty` });
    marks.set(name, mark);
  }
  const markFree = checkRules(rules, (name) => marks.has(name));
  const scopes = new ScopeTable(new JoinReach(marks.values()), reservedWords, marks.has('complete-from'));
  return new Matcher(new RuleAutomata(rules, marks, markFree), scopes);
}

interface Configuration {
  readonly id: number;
  readonly state: RuleState;
  readonly frame: Frame | undefined;
  readonly scope: Scope;
}

interface MatcherState extends GrammarState {
  readonly configurations: readonly Configuration[];
  readonly complete: boolean;
  readonly steps: Map<number, MatcherState | null>;
  forced?: string;
}

class Matcher implements GrammarMatcher {
  readonly start: MatcherState;
  private readonly frames = new Map<string, Frame>();
  private configurationCount = 0;
  /** By state, then by frame and scope in one number. */
  private readonly configurations = new Map<RuleState, Map<number, Configuration>>();
  private readonly states = new Map<string, MatcherState>();
  private readonly liveness: Liveness;

  constructor(
    private readonly automata: RuleAutomata,
    private readonly scopes: ScopeTable,
  ) {
    this.liveness = new Liveness(automata, scopes);
    this.start = this.close([[automata.start('root'), undefined, scopes.root]]);
  }

  advance(state: GrammarState, text: string): MatcherState | undefined {
    let current: MatcherState | undefined = state as MatcherState;
    for (let index = 0; index < text.length && current !== undefined; index++) {
      const codePoint = text.codePointAt(index) ?? 0;
      if (codePoint > 0xffff) index += 1;
      current = this.step(current, codePoint);
    }
    return current;
  }

  isComplete(state: GrammarState): boolean {
    return (state as MatcherState).complete;
  }

  isFinal(state: GrammarState): boolean {
    const { complete, configurations } = state as MatcherState;
    return complete && configurations.length === 0;
  }

  forcedText(state: GrammarState): string {
    const from = state as MatcherState;
    if (from.forced !== undefined) return from.forced;
    let text = '';
    let current = from;
    while (text.length < longestForcedText) {
      const codePoint = this.onlyCodePoint(current);
      const next = codePoint === undefined ? undefined : this.step(current, codePoint);
      if (codePoint === undefined || next === undefined) break;
      text += String.fromCodePoint(codePoint);
      current = next;
    }
    from.forced = this.wholeWords(text, current);
    return from.forced;
  }

  /** Without a blank or a piece of a word at the end that models would write in one token with what they choose next. */
  private wholeWords(text: string, after: MatcherState): string {
    const open = wordEnd.test(text) && wordCharacters.some((codePoint) => this.step(after, codePoint) !== undefined);
    return (open ? text.replace(wordEnd, '') : text).replace(/ $/, '');
  }

  private onlyCodePoint(state: MatcherState): number | undefined {
    if (state.complete) return undefined;
    let only: number | undefined;
    const tried = new Set<number>();
    for (const { state: rule } of state.configurations) {
      // A class of one character is the only class that can be forced.
      if (rule.ranges.some(([from, to]) => from !== to)) return undefined;
      for (const codePoint of [...rule.codePoints, ...rule.ranges.map(([from]) => from)]) {
        if (tried.has(codePoint) || this.step(state, codePoint) === undefined) continue;
        tried.add(codePoint);
        if (tried.size > 1) return undefined;
        only = codePoint;
      }
    }
    return only;
  }

  private step(state: MatcherState, codePoint: number): MatcherState | undefined {
    let next = state.steps.get(codePoint);
    if (next === undefined) {
      next = this.computeStep(state, codePoint) ?? null;
      state.steps.set(codePoint, next);
    }
    return next ?? undefined;
  }

  private computeStep(state: MatcherState, codePoint: number): MatcherState | undefined {
    const moved: [RuleState, Frame | undefined, Scope][] = [];
    for (const { state: from, frame, scope } of state.configurations) {
      const to = this.automata.step(from, codePoint);
      if (to !== undefined) moved.push([to, frame, this.scopes.write(scope, codePoint)]);
    }
    if (moved.length === 0) return undefined;
    const next = this.close(moved);
    return next.complete || next.configurations.length > 0 ? next : undefined;
  }

  /** Follows calls, returns and marks until characters are needed, and keeps what can still become a sentence. */
  private close(from: readonly (readonly [RuleState, Frame | undefined, Scope])[]): MatcherState {
    const seen = new Set(from.map(([state, frame, scope]) => this.configuration(state, frame, scope)));
    const kept: Configuration[] = [];
    let complete = false;
    const follow = (state: RuleState, frame: Frame | undefined, scope: Scope): void => {
      seen.add(this.configuration(state, frame, scope));
    };
    for (const configuration of seen) {
      const { state, frame, scope } = configuration;
      if (!this.liveness.isLive(state, frame, scope)) continue;
      if (state.codePoints.size > 0 || state.ranges.length > 0) kept.push(configuration);
      const calls = this.automata.calls(state);
      for (const [rule, after] of calls.rules) follow(this.automata.start(rule), this.frame(after, frame), scope);
      for (const [mark, after] of calls.marks) {
        const next = this.scopes.apply(scope, mark);
        if (next === undefined) continue;
        if (writesText(mark)) follow(this.automata.words(this.scopes.words(scope, mark)), this.frame(after, frame), next);
        else follow(after, frame, next);
      }
      if (!state.ends) continue;
      if (frame === undefined) complete = true;
      else follow(frame.state, frame.outer, scope);
    }
    return this.matcherState(kept, complete);
  }

  /** A frame from which nothing but a return is possible is left out, so that loops do not pile up stacks. */
  private frame(state: RuleState, outer: Frame | undefined): Frame | undefined {
    if (state.onlyEnds) return outer;
    const key = `${String(state.id)},${String(outer?.id)}`;
    let frame = this.frames.get(key);
    if (frame === undefined) {
      frame = { id: this.frames.size, state, outer };
      this.frames.set(key, frame);
    }
    return frame;
  }

  private configuration(state: RuleState, frame: Frame | undefined, scope: Scope): Configuration {
    let known = this.configurations.get(state);
    if (known === undefined) {
      known = new Map();
      this.configurations.set(state, known);
    }
    const key = ((frame?.id ?? -1) + 1) * idRange + scope.id;
    let configuration = known.get(key);
    if (configuration === undefined) {
      configuration = { id: this.configurationCount++, state, frame, scope };
      known.set(key, configuration);
    }
    return configuration;
  }

  private matcherState(configurations: readonly Configuration[], complete: boolean): MatcherState {
    const sorted = [...configurations].sort((a, b) => a.id - b.id);
    const key = `${String(complete)} ${sorted.map(({ id }) => id).join(',')}`;
    let state = this.states.get(key);
    if (state === undefined) {
      state = { id: this.states.size, configurations: sorted, complete, steps: new Map() };
      this.states.set(key, state);
    }
    return state;
  }
}
