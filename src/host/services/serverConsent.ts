/**
 * Whether the user was told that questions and schemas leave this machine, and agreed: once per workspace and server. Tells nobody itself and
 * sends nothing.
 */
import { type Memory } from './memory.js';

const agreedKey = 'joinery.serverAgreed';

export class ServerConsent {
  /** One message for all questions that wait for it; a refusal holds until the server is chosen again. */
  #asking: { readonly url: string; readonly answer: Promise<boolean> } | undefined;

  constructor(
    private readonly memory: Memory,
    /** Tells the user; true when they agree. */
    private readonly tell: (url: string) => Promise<boolean>,
  ) {}

  has(url: string): boolean {
    return this.#agreed.includes(url);
  }

  /** Asks when nobody has; false when the user does not want it. */
  agree(url: string): Promise<boolean> {
    if (this.has(url)) return Promise.resolve(true);
    if (this.#asking?.url !== url) this.#asking = { url, answer: this.#ask(url) };
    return this.#asking.answer;
  }

  /** The user chose this server by hand: they are told again if they refused before. */
  choose(url: string): Promise<boolean> {
    this.#asking = undefined;
    return this.agree(url);
  }

  get #agreed(): readonly string[] {
    return this.memory.get<readonly string[]>(agreedKey, []);
  }

  async #ask(url: string): Promise<boolean> {
    if (!(await this.tell(url))) return false;
    await this.memory.update(agreedKey, [...this.#agreed, url]);
    return true;
  }
}
