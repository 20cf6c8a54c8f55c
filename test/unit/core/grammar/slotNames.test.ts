import { describe, expect, it } from 'vitest';
import { slotNumber, slotText } from '../../../../src/core/grammar/slotNames.js';

describe('numbers of aliases', () => {
  it.each(['T1', 'T9', 'a', 'z', 'aa', 'az', 'ol', 'zz', 'zzz'])('stand for %s alone', (alias) => {
    expect(slotText(slotNumber(alias) ?? 0)).toBe(alias);
  });

  it('differ for all short aliases', () => {
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const all = letters.flatMap((one) => [one, ...letters.map((two) => one + two)]);
    const numbers = new Set(['T1', 'T9', ...all].map(slotNumber));
    expect([numbers.size, numbers.has(undefined)]).toEqual([all.length + 2, false]);
  });

  it.each(['', 'T0', 'T10', 'P', 'p1', 'order', 'é'])('are not given to %s', (alias) => {
    expect(slotNumber(alias)).toBeUndefined();
  });
});
