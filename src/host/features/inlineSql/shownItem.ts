/**
 * The suggestion on screen stays the same while the user types into it: it is offered again from the place where it began, as
 * long as what was typed is its beginning. Otherwise each key would ask the model anew, and the text would jump.
 */
import { type AcceptedPair } from '../../../engine/ask/pairsStore.js';

export interface Offer {
  readonly text: string;
  /** What is reported when the offer is taken. */
  readonly pair: AcceptedPair;
}

export interface ShownItem {
  readonly document: string;
  readonly line: number;
  /** Column where the suggestion began. */
  readonly column: number;
  /** Best first. */
  readonly offers: readonly Offer[];
  /** Text of the lines above, which the suggestion answers. */
  readonly above: string;
}

export interface TypedAt {
  readonly document: string;
  readonly line: number;
  /** Line text in front of the cursor. */
  readonly before: string;
  readonly above: string;
}

/** The offers that what was typed is a beginning of; none when nothing was typed yet, or somewhere else. */
export function stillFitting(shown: ShownItem | undefined, at: TypedAt): readonly Offer[] {
  if (shown?.document !== at.document || shown.line !== at.line || shown.above !== at.above) return [];
  const typed = at.before.slice(shown.column);
  return typed === '' ? [] : shown.offers.filter(({ text }) => text.length > typed.length && text.startsWith(typed));
}
