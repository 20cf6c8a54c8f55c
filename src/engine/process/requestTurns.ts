/**
 * Which request a process was working on when it died, told from outside: the most urgent one, of equals the oldest, as its queue
 * takes them. All others only waited, and may be asked again. It sends nothing and watches no process.
 */
import { type Priority, urgency } from '../../protocol/urgency.js';

export interface RequestTurn {
  readonly process: object;
  readonly priority: Priority;
  /** Set once something came back: asking again would give it twice. */
  heard: boolean;
}

export class RequestTurns {
  /** In order of sending. */
  readonly #open = new Set<RequestTurn>();
  readonly #working = new WeakMap<object, RequestTurn>();

  enter(process: object, priority: Priority): RequestTurn {
    const turn = { process, priority, heard: false };
    this.#open.add(turn);
    return turn;
  }

  leave(turn: RequestTurn): void {
    this.#open.delete(turn);
  }

  /** To be asked after the process of the turn died, before the turn leaves; the first to ask fixes who was at work. */
  onlyWaited(turn: RequestTurn): boolean {
    const known = this.#working.get(turn.process);
    const working = known ?? [...this.#open].filter(({ process }) => process === turn.process).reduce(moreUrgent);
    this.#working.set(turn.process, working);
    return working !== turn && !turn.heard;
  }
}

function moreUrgent(one: RequestTurn, other: RequestTurn): RequestTurn {
  return urgency[other.priority] > urgency[one.priority] ? other : one;
}
