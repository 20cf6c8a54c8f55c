/**
 * Each rule as a small automaton whose letters are code points and calls of other rules. Automata are made
 * deterministic lazily, so that hundreds of names that share prefixes cost one step per character and rules that are
 * never reached cost nothing. Stacks and scopes are not known here.
 */
import { JoineryError } from '../shared/errors.js';
import { type Mark } from './marks.js';
import { type CodePointRange, type GbnfExpression, type GbnfRules } from './parseGbnf.js';

/** Nondeterministic node: it eats one character, calls a rule, forks, or (none of these) ends the rule. */
interface Node {
  readonly id: number;
  readonly codePoint?: number;
  readonly ranges?: readonly CodePointRange[];
  readonly call?: string;
  readonly next: Node[];
  /** For a character of a literal: where the literal ends. */
  readonly literalEnd?: Node;
}

export interface RuleState {
  readonly id: number;
  /** Single characters that may follow inside this rule. */
  readonly codePoints: ReadonlySet<number>;
  readonly ranges: readonly CodePointRange[];
  /** The rule may end here. */
  readonly ends: boolean;
  /** The rule can end without passing a mark. */
  readonly endsWithoutMark: boolean;
  /** Nothing but the end follows: no need to come back here. */
  readonly onlyEnds: boolean;
}

/** What a state calls: ordinary rules and marks, each with the state after it. */
export interface RuleCalls {
  readonly rules: readonly (readonly [rule: string, after: RuleState])[];
  readonly marks: readonly (readonly [mark: Mark, after: RuleState])[];
}

export interface FirstCalls {
  readonly marks: readonly Mark[];
  readonly rules: readonly string[];
}

interface BuiltState extends RuleState {
  readonly nodes: readonly Node[];
  /** By called rule: the nodes after it. */
  readonly after: ReadonlyMap<string, readonly Node[]>;
  calls?: RuleCalls;
  firstCalls?: FirstCalls;
  readonly steps: Map<number, RuleState>;
}

export class RuleAutomata {
  private nodeCount = 0;
  private readonly starts = new Map<string, RuleState>();
  private readonly states = new Map<string, BuiltState>();
  private readonly startNodes = new Map<string, Node>();
  private readonly closing = new Map<Node, boolean>();

  constructor(
    private readonly rules: GbnfRules,
    private readonly marks: ReadonlyMap<string, Mark>,
    /** Rules that can end without passing a mark. */
    private readonly markFree: ReadonlySet<string>,
  ) {}

  start(rule: string): RuleState {
    let state = this.starts.get(rule);
    if (state === undefined) {
      state = this.state([this.startNode(rule)]);
      this.starts.set(rule, state);
    }
    return state;
  }

  /** The state after one character, undefined when the rule does not allow it here. */
  step(state: RuleState, codePoint: number): RuleState | undefined {
    if (!state.codePoints.has(codePoint) && !inRanges(state.ranges, codePoint)) return undefined;
    const built = state as BuiltState;
    let next = built.steps.get(codePoint);
    if (next === undefined) {
      next = this.state(built.nodes.filter((node) => eats(node, codePoint)).flatMap((node) => node.next));
      built.steps.set(codePoint, next);
    }
    return next;
  }

  /** Found on first use, because the state after a call in a loop is the state itself. */
  calls(state: RuleState): RuleCalls {
    const built = state as BuiltState;
    if (built.calls !== undefined) return built.calls;
    const rules: [string, RuleState][] = [];
    const marks: [Mark, RuleState][] = [];
    for (const [name, targets] of built.after) {
      const mark = this.marks.get(name);
      if (mark === undefined) rules.push([name, this.state(targets)]);
      else marks.push([mark, this.state(targets)]);
    }
    built.calls = { rules, marks };
    return built.calls;
  }

  /** A chain of states that eats exactly one of `words`, for rules whose words are only known while matching. */
  words(words: readonly string[]): RuleState {
    const key = `words ${words.join(' ')}`;
    let state = this.starts.get(key);
    if (state === undefined) {
      const end = this.node([], {});
      state = this.state(words.map((word) => this.literal(codePointsOf(word), end)));
      this.starts.set(key, state);
    }
    return state;
  }

  /** The marks and rules of which one is passed first on the ways from here to the end of the rule. */
  firstCalls(state: RuleState): FirstCalls {
    const built = state as BuiltState;
    built.firstCalls ??= this.reachCalls(built.nodes);
    return built.firstCalls;
  }

  private startNode(rule: string): Node {
    let node = this.startNodes.get(rule);
    if (node === undefined) {
      const expression = this.rules.get(rule);
      if (expression === undefined) throw new JoineryError('internal', { reason: `no grammar rule ${rule}` });
      node = this.compile(expression, this.node([], {}));
      this.startNodes.set(rule, node);
    }
    return node;
  }

  private node(next: Node[], rest: Omit<Node, 'id' | 'next'>): Node {
    return { id: this.nodeCount++, next, ...rest };
  }

  private compile(expression: GbnfExpression, next: Node): Node {
    switch (expression.kind) {
      case 'literal':
        return this.literal(codePointsOf(expression.text), next);
      case 'class':
        return this.node([next], { ranges: expression.ranges });
      case 'reference':
        return this.node([next], { call: expression.name });
      case 'sequence':
        return expression.items.reduceRight((after, item) => this.compile(item, after), next);
      case 'choice':
        return this.fork(expression.items.map((item) => this.compile(item, next)));
      case 'repeat':
        return this.repeat(expression, next);
    }
  }

  private literal(codePoints: readonly number[], end: Node): Node {
    return codePoints.reduceRight((next, codePoint) => this.node([next], { codePoint, literalEnd: end }), end);
  }

  /** Forks eat nothing; a node without `next` would read as an end, so there is always one. */
  private fork(next: Node[]): Node {
    return this.node(next, {});
  }

  private repeat(expression: GbnfExpression & { readonly kind: 'repeat' }, next: Node): Node {
    let after = next;
    if (expression.max === Infinity) {
      const loop = this.fork([next]);
      loop.next.push(this.compile(expression.item, loop));
      after = loop;
    } else {
      for (let count = expression.min; count < expression.max; count++) after = this.fork([next, this.compile(expression.item, after)]);
    }
    for (let count = 0; count < expression.min; count++) after = this.compile(expression.item, after);
    return after;
  }

  /** The interned deterministic state of a set of nodes. */
  private state(from: readonly Node[]): BuiltState {
    const nodes = closure(from);
    const key = nodes.map((node) => node.id).join(',');
    let state = this.states.get(key);
    if (state === undefined) {
      state = this.build(nodes);
      this.states.set(key, state);
    }
    return state;
  }

  private build(nodes: readonly Node[]): BuiltState {
    const codePoints = new Set<number>();
    const after = new Map<string, Node[]>();
    for (const node of nodes) {
      if (node.codePoint !== undefined) codePoints.add(node.codePoint);
      if (node.call !== undefined) after.set(node.call, [...(after.get(node.call) ?? []), ...node.next]);
    }
    return {
      id: this.states.size,
      nodes,
      steps: new Map(),
      codePoints,
      ranges: nodes.flatMap((node) => node.ranges ?? []),
      after,
      ends: nodes.some(isEnd),
      endsWithoutMark: nodes.some((node) => this.closes(node)),
      onlyEnds: nodes.every(isEnd),
    };
  }

  /** True when the end of the rule can be reached from a node without a mark. */
  private closes(start: Node): boolean {
    const known = this.closing.get(start);
    if (known !== undefined) return known;
    const seen = new Set([start]);
    let result = false;
    for (const node of seen) {
      if (isEnd(node)) result = true;
      if (result) break;
      if (node.call !== undefined && (this.marks.has(node.call) || !this.markFree.has(node.call))) continue;
      if (node.literalEnd === undefined) for (const next of node.next) seen.add(next);
      else seen.add(node.literalEnd);
    }
    this.closing.set(start, result);
    return result;
  }

  private reachCalls(start: readonly Node[]): FirstCalls {
    const marks = new Set<Mark>();
    const rules = new Set<string>();
    const seen = new Set(start);
    for (const node of seen) {
      if (node.call !== undefined) {
        const mark = this.marks.get(node.call);
        if (mark === undefined) rules.add(node.call);
        else marks.add(mark);
        if (mark !== undefined || !this.markFree.has(node.call)) continue;
      }
      if (node.literalEnd === undefined) for (const next of node.next) seen.add(next);
      else seen.add(node.literalEnd);
    }
    return { marks: [...marks], rules: [...rules] };
  }
}

function isEnd(node: Node): boolean {
  return node.next.length === 0;
}

function eats(node: Node, codePoint: number): boolean {
  if (node.codePoint !== undefined) return node.codePoint === codePoint;
  return node.ranges !== undefined && inRanges(node.ranges, codePoint);
}

function inRanges(ranges: readonly CodePointRange[], codePoint: number): boolean {
  for (const [from, to] of ranges) if (codePoint >= from && codePoint <= to) return true;
  return false;
}

/** Nodes that eat, call or end, sorted. */
function closure(from: readonly Node[]): readonly Node[] {
  const seen = new Set(from);
  for (const node of seen) {
    if (node.codePoint === undefined && node.ranges === undefined && node.call === undefined) for (const next of node.next) seen.add(next);
  }
  const kept = [...seen].filter(
    (node) => isEnd(node) || node.codePoint !== undefined || node.ranges !== undefined || node.call !== undefined,
  );
  return kept.sort((a, b) => a.id - b.id);
}

export function codePointsOf(text: string): readonly number[] {
  return Array.from(text, (char) => char.codePointAt(0) ?? 0);
}
