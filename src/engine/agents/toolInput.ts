/** Reads what a model sent as the input of a tool. Anything that is not what the tool asks for throws `agent.badInput`, with what is wrong. */
import { JoineryError } from '../../core/shared/errors.js';
import { type ToolName } from './toolDefinitions.js';

/** Characters of one text that a tool takes. */
const longestText = 20_000;
const mostNames = 200;

export class ToolInput {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(
    private readonly tool: ToolName,
    input: unknown,
  ) {
    if (input !== undefined && input !== null && (typeof input !== 'object' || Array.isArray(input)))
      throw this.#bad('input', 'must be an object');
    this.#values = Object.fromEntries(Object.entries(input ?? {}));
  }

  /** Models often send an empty text for what they leave out. */
  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw this.#bad(name, 'must be a text');
    if (value.length > longestText) throw this.#bad(name, `has more than ${longestText} characters`);
    return value;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined || value.trim() === '') throw this.#bad(name, 'is missing');
    return value;
  }

  names(name: string): readonly string[] {
    const value = this.#values[name] ?? [];
    if (!Array.isArray(value) || !value.every((entry): entry is string => typeof entry === 'string' && entry !== ''))
      throw this.#bad(name, 'must be a list of names');
    if (value.length > mostNames) throw this.#bad(name, `has more than ${mostNames} entries`);
    return [...new Set(value)];
  }

  flag(name: string): boolean {
    const value = this.#values[name] ?? false;
    if (typeof value !== 'boolean') throw this.#bad(name, 'must be true or false');
    return value;
  }

  /** Brought into the range: a model that wants a million rows gets the most there are. */
  count(name: string, range: { readonly most: number; readonly usual: number }): number {
    const value = this.#values[name] ?? range.usual;
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#bad(name, 'must be a number');
    return Math.min(range.most, Math.max(1, Math.floor(value)));
  }

  #bad(name: string, detail: string): JoineryError {
    return new JoineryError('agent.badInput', { tool: this.tool, name, detail });
  }
}
