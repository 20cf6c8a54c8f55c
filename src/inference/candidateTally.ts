/** Gathers finished answers: equal texts are one candidate whose samples add up. Says once when a new text appears. */
import { type Candidate } from '../protocol/modelProcess.js';

export class CandidateTally {
  readonly #byText = new Map<string, Candidate>();

  constructor(private readonly onNew: (candidate: Candidate) => void) {}

  get isEmpty(): boolean {
    return this.#byText.size === 0;
  }

  /** The greedy answer first, then by number of samples. */
  get candidates(): readonly Candidate[] {
    return [...this.#byText.values()].sort((left, right) => Number(right.greedy) - Number(left.greedy) || right.count - left.count);
  }

  add(candidate: Candidate): void {
    const known = this.#byText.get(candidate.text);
    if (!known) {
      this.#byText.set(candidate.text, candidate);
      this.onNew(candidate);
      return;
    }
    // One text may be reached by several token paths: the likelier path stands for it.
    const shown = candidate.greedy || (!known.greedy && candidate.logProbability > known.logProbability) ? candidate : known;
    this.#byText.set(candidate.text, { ...shown, count: known.count + candidate.count, greedy: known.greedy || candidate.greedy });
  }
}
