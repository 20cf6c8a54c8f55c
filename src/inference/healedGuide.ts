/** A guide whose answer must begin with a text that was taken back from the prompt, so that a word cut by the cursor is tokenised as a whole. */
import { type Guide, type GuideState, type TokenVerdict } from './guide.js';

/** `owed` is text that the inner guide allows from its start; it is no part of the answer. */
export function healedGuide(inner: Guide, owed: string): Guide {
  if (owed === '') return inner;
  const pays = (state: GuideState): boolean => state.text.startsWith(owed) || (owed.startsWith(state.text) && state.pending.length === 0);
  const isPaid = (state: GuideState): boolean => state.text.startsWith(owed);
  const step = (state: GuideState, token: number): TokenVerdict => {
    const verdict = inner.step(state, token);
    if (verdict === undefined || verdict === 'end') return isPaid(state) ? verdict : undefined;
    return pays(verdict) ? verdict : undefined;
  };
  return {
    start: inner.start,
    step,
    forced: (state) => {
      const forced = inner.forced(state);
      return pays(forced.state) ? forced : { tokens: [], state };
    },
    isFinal: (state) => isPaid(state) && inner.isFinal(state),
    allowedTokens: (state) => inner.allowedTokens(state)?.filter((token) => step(state, token) !== undefined),
    answer: (state) => inner.answer(state).slice(owed.length),
  };
}
