/**
 * Which scripts are a SQLite database's concern. Where somebody said which database is meant, all are; where it is merely the only one there is, a
 * script with words of another product is left in peace, for it was written for that one.
 */
import { type Script } from '../../core/language/script.js';

export class SqliteScripts {
  /** Every key stroke asks about the same script several times. */
  readonly #foreign = new WeakMap<Script, boolean>();

  constructor(private readonly looksForeign: (script: Script) => boolean) {}

  /** `isChosen`: by the file, its folder or a setting. */
  isMeant(isChosen: boolean, script: Script): boolean {
    if (isChosen) return true;
    const known = this.#foreign.get(script);
    const isForeign = known ?? this.looksForeign(script);
    if (known === undefined) this.#foreign.set(script, isForeign);
    return !isForeign;
  }
}
