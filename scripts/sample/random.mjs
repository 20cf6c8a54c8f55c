/** A seeded generator of pseudo-random numbers and the draws that sample data needs. The same seed gives the same data everywhere. */

/** sfc32 (PractRand, http://pracrand.sourceforge.net/RNG_engines.txt): 32-bit integer arithmetic only, so equal on every machine. */
export function seededRandom(seed) {
  let a = seed | 0;
  let b = 0x9e3779b9 | 0;
  let c = 0x243f6a88 | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let warm = 0; warm < 20; warm++) next();
  return next;
}

export function createDraws(seed) {
  const random = seededRandom(seed);
  const whole = (low, high) => low + Math.floor(random() * (high - low + 1));
  const pick = (list) => list[Math.floor(random() * list.length)];
  return {
    random,
    /** Both ends included. */
    whole,
    pick,
    chance: (share) => random() < share,
    /** Entries are `[value, weight]`. */
    weighted(entries) {
      let rest = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of entries) if ((rest -= weight) < 0) return value;
      return entries[entries.length - 1][0];
    },
    /** Small indexes are drawn more often, evenly falling to none at the end. */
    skewed: (length) => Math.floor(length * Math.min(random(), random())),
    sample(list, count) {
      const pool = [...list];
      return Array.from({ length: Math.min(count, pool.length) }, () => pool.splice(Math.floor(random() * pool.length), 1)[0]);
    },
  };
}

const dayMs = 86_400_000;

/** ISO dates as text, computed in UTC so that no time zone of a machine enters. */
export const days = {
  toNumber: (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / dayMs),
  toText: (number) => new Date(number * dayMs).toISOString().slice(0, 10),
};
