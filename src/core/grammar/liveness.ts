/**
 * Says whether some way on from a place can still get past its first mark, so that text which leads nowhere is refused
 * at its first character. It looks exactly one mark ahead; builders write grammars in which that is enough.
 */
import { type Mark } from './marks.js';
import { type RuleAutomata, type RuleState } from './ruleAutomata.js';
import { type ScopeTable } from './scopes.js';
import { type Scope } from './scopeValues.js';

/** Where to go on after a called rule ends. */
export interface Frame {
  readonly id: number;
  readonly state: RuleState;
  readonly outer: Frame | undefined;
}

export class Liveness {
  private readonly frames = new Map<Scope, Map<Frame, boolean>>();
  private readonly states = new Map<Scope, Map<RuleState, boolean>>();

  constructor(
    private readonly automata: RuleAutomata,
    private readonly scopes: ScopeTable,
  ) {}

  /** False when every way on runs into a mark that the scope refuses. */
  isLive(state: RuleState, frame: Frame | undefined, scope: Scope): boolean {
    if (this.passesMark(state, scope, new Set())) return true;
    return state.endsWithoutMark && (frame === undefined || this.isFrameLive(frame, scope));
  }

  private isFrameLive(frame: Frame, scope: Scope): boolean {
    const known = inner(this.frames, scope);
    let live = known.get(frame);
    if (live === undefined) {
      live = this.isLive(frame.state, frame.outer, scope);
      known.set(frame, live);
    }
    return live;
  }

  /** Some first mark inside the rule is allowed. `open` holds the places being asked, for rules that call themselves. */
  private passesMark(state: RuleState, scope: Scope, open: Set<RuleState>): boolean {
    const known = inner(this.states, scope);
    const before = known.get(state);
    if (before !== undefined) return before;
    if (open.has(state)) return false;
    open.add(state);
    const { marks, rules } = this.automata.firstCalls(state);
    const passes =
      marks.some((mark: Mark) => this.scopes.allows(scope, mark)) ||
      rules.some((rule) => this.passesMark(this.automata.start(rule), scope, open));
    // A "no" found while callers are still open may rest on their being open.
    if (passes || open.values().next().value === state) known.set(state, passes);
    return passes;
  }
}

function inner<Outer, Inner>(map: Map<Outer, Map<Inner, boolean>>, key: Outer): Map<Inner, boolean> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Map();
    map.set(key, found);
  }
  return found;
}
