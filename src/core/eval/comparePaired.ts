/**
 * Two runs over the same questions, question by question: the difference of two settings is far better known from the questions on which
 * they disagree than from two separate intervals. McNemar's exact test, https://doi.org/10.1007/BF02295996
 */
import { type ComparatorName, type Verdict } from './types.js';

export interface PairedComparison {
  /** Answerable questions that both runs have. */
  readonly questions: number;
  readonly bothRight: number;
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
  /** Probability of a split at least this uneven when neither setting is better; 1 without any disagreement. */
  readonly p: number;
}

export function comparePaired(first: readonly Verdict[], second: readonly Verdict[], comparator: ComparatorName): PairedComparison {
  const others = new Map(second.map((verdict) => [verdict.id, verdict]));
  const pairs = first.flatMap((verdict) => {
    const other = others.get(verdict.id);
    return verdict.answerable && other
      ? [{ id: verdict.id, left: verdict.correct[comparator] === true, right: other.correct[comparator] === true }]
      : [];
  });
  const onlyFirst = pairs.filter(({ left, right }) => left && !right).map(({ id }) => id);
  const onlySecond = pairs.filter(({ left, right }) => right && !left).map(({ id }) => id);
  return {
    questions: pairs.length,
    bothRight: pairs.filter(({ left, right }) => left && right).length,
    onlyFirst,
    onlySecond,
    p: signTest(onlyFirst.length, onlySecond.length),
  };
}

/** Two-sided binomial test at one half, in logarithms so that large counts do not underflow. */
function signTest(left: number, right: number): number {
  const total = left + right;
  let term = -total * Math.LN2;
  let tail = 0;
  for (let at = 0; at <= Math.min(left, right); at++) {
    tail += Math.exp(term);
    term += Math.log(total - at) - Math.log(at + 1);
  }
  return Math.min(1, 2 * tail);
}

export function renderPaired(paired: PairedComparison, comparator: ComparatorName, against: string): string {
  const gained = paired.onlyFirst.length;
  const lost = paired.onlySecond.length;
  return [
    `## Against ${against}, by ${comparator}`,
    `- ${paired.questions} questions in both; right in both ${paired.bothRight}, only here ${gained}, only there ${lost}; difference ${gained - lost >= 0 ? '+' : ''}${((100 * (gained - lost)) / Math.max(1, paired.questions)).toFixed(1)} points, p = ${paired.p.toFixed(3)}`,
    ...(gained > 0 ? [`- Only here: ${paired.onlyFirst.join(', ')}`] : []),
    ...(lost > 0 ? [`- Only there: ${paired.onlySecond.join(', ')}`] : []),
  ].join('\n');
}
