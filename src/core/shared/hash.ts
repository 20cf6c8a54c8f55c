/** A short, stable, non-cryptographic hash for cache keys (FNV-1a, 2 × 32 bits, http://www.isthe.com/chongo/tech/comp/fnv/). */
export function hashText(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ (code + at), 0x85ebca6b);
  }
  return `${hex(low)}${hex(high)}`;
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
