/** How many of some samples take which of the allowed tokens: one independent draw per sample, at a temperature. */

export interface AllowedToken {
  readonly token: number;
  readonly logit: number;
}

/** Returns numbers in [0, 1). */
export type RandomSource = () => number;

/** A small seeded generator (mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Counts per position of `allowed`, which must not be empty and is sorted best first. Temperature 0 takes the first. */
export function drawSamples(allowed: readonly AllowedToken[], samples: number, temperature: number, random: RandomSource): number[] {
  const counts = allowed.map(() => 0);
  if (samples === 0) return counts;
  if (temperature <= 0 || allowed.length === 1) {
    counts[0] = samples;
    return counts;
  }
  const top = allowed[0]?.logit ?? 0;
  const weights = allowed.map(({ logit }) => Math.exp((logit - top) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let sample = 0; sample < samples; sample++) {
    const at = pick(weights, random() * total);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

function pick(weights: readonly number[], target: number): number {
  let left = target;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.length - 1;
}
