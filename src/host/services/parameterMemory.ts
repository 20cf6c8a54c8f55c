/** What was typed for the parameters of statements, by their names, for the next time in this workspace. Asks nobody and reads no values out of it. */
import { type Memory } from './memory.js';

const valuesKey = 'joinery.parameterValues';
/** Characters of a value that is remembered. */
const longest = 2_000;

export class ParameterMemory {
  constructor(private readonly memory: Memory) {}

  /** Texts as they were typed, by name as a statement writes it. */
  get values(): Readonly<Record<string, string>> {
    return this.memory.get<Readonly<Record<string, string>>>(valuesKey, {});
  }

  /** Beside those of other statements; a very long one leaves the earlier text of its name. */
  async add(typed: Readonly<Record<string, string>>): Promise<void> {
    const kept = Object.entries(typed).filter(([, text]) => text.length <= longest);
    await this.memory.update(valuesKey, { ...this.values, ...Object.fromEntries(kept) });
  }

  async clear(): Promise<void> {
    await this.memory.update(valuesKey, undefined);
  }
}
