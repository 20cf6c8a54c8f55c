/**
 * When to ask whether accepted questions may be kept: once per workspace, after the user has seen what there is to keep. It asks nobody itself,
 * and the answer is a setting.
 */
import { type Memory } from './memory.js';

const acceptedKey = 'joinery.acceptedCount';
const askedKey = 'joinery.consentAsked';
const acceptedBeforeAsking = 3;

export class ConsentQuestion {
  constructor(private readonly memory: Memory) {}

  /** Counts an accepted answer that is not kept. True when it is time to ask, which is never said again. */
  async isDue(): Promise<boolean> {
    if (this.memory.get<boolean>(askedKey, false)) return false;
    const accepted = this.memory.get<number>(acceptedKey, 0) + 1;
    await this.memory.update(acceptedKey, accepted);
    if (accepted < acceptedBeforeAsking) return false;
    await this.memory.update(askedKey, true);
    return true;
  }
}
