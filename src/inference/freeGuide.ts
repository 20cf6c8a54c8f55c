/** Free text until a stop text or the end of the turn. */
import { type Guide, type GuideState, nothingPending, type TokenVerdict } from './guide.js';
import { splitWholeText, type TokenTexts } from './tokenTexts.js';

export function freeGuide(texts: TokenTexts, stop: readonly string[]): Guide {
  const stops = stop.filter((text) => text !== '');
  const step = (state: GuideState, token: number): TokenVerdict => {
    if (texts.isEnd(token) || texts.isControl(token)) return 'end';
    return appendBytes(state, texts.bytes(token));
  };
  return {
    start: { text: '', pending: nothingPending },
    step,
    forced: (state) => ({ tokens: [], state }),
    isFinal: (state) => firstStop(state.text, stops) !== undefined,
    allowedTokens: () => undefined,
    answer: (state) => state.text.slice(0, firstStop(state.text, stops)),
  };
}

/** Bytes that make no text become the replacement character: without a grammar nothing has to be exact. */
function appendBytes(state: GuideState, bytes: Uint8Array): GuideState {
  const joined = joinBytes(state.pending, bytes);
  const split = splitWholeText(joined);
  if (split) return { text: state.text + split.text, pending: split.rest };
  return { text: state.text + new TextDecoder().decode(joined), pending: nothingPending };
}

export function joinBytes(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

function firstStop(text: string, stops: readonly string[]): number | undefined {
  const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return found.length === 0 ? undefined : Math.min(...found);
}
