/** What may come next in an answer. A guide knows texts and ends; it neither samples nor evaluates. */

/** Where an answer stands. `pending` holds the bytes of a character that is not whole yet. */
export interface GuideState {
  readonly text: string;
  readonly pending: Uint8Array;
  /** The grammar's own state; undefined without a grammar. */
  readonly place?: GrammarPlace;
  /** True when the last token said more than the answer: its end and then something else. Nothing may follow. */
  readonly ended?: true;
}

/** Opaque to everything but the grammar guide. */
export interface GrammarPlace {
  readonly id: number;
}

/** 'end' says that the token ends the answer and is no part of it. */
export type TokenVerdict = GuideState | 'end' | undefined;

export interface Guide {
  readonly start: GuideState;
  /** The state after a token, 'end', or undefined when the token cannot stand here. */
  step(state: GuideState, token: number): TokenVerdict;
  /** Tokens that must follow whatever the model thinks, and the state behind them. Empty when there is a choice. */
  forced(state: GuideState): ForcedTokens;
  /** True when nothing may follow. */
  isFinal(state: GuideState): boolean;
  /** Every token that may stand here, when they are few; undefined when the whole vocabulary has to be looked at. */
  allowedTokens(state: GuideState): readonly number[] | undefined;
  /** The answer that the state stands for. */
  answer(state: GuideState): string;
}

export interface ForcedTokens {
  readonly tokens: readonly number[];
  readonly state: GuideState;
}

export const nothingPending = new Uint8Array(0);
