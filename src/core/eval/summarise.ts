/** Every figure of a report, from verdicts alone. A refused question counts as wrong when the database can answer it. */
import { mean, quantile, type Share, shareOf } from './statistics.js';
import { type ComparatorName, comparatorNames, type Verdict } from './types.js';

export interface GroupFigures {
  readonly name: string;
  readonly questions: number;
  readonly correct: Readonly<Partial<Record<ComparatorName, Share>>>;
}

export interface EvalFigures {
  /** Questions with a gold statement. */
  readonly answerable: number;
  readonly correct: Readonly<Partial<Record<ComparatorName, Share>>>;
  readonly byHardness: readonly GroupFigures[];
  /** Tables that the gold names, `5+` for five and more. */
  readonly byTables: readonly GroupFigures[];
  readonly byDatabase: readonly GroupFigures[];
  /** No statement that runs was there; questions refused as unanswerable are not among them. */
  readonly withoutRunnable: Share;
  /** Answerable questions with a right statement among the candidates: what a perfect choice would reach. */
  readonly bestOfCandidates: Share;
  /** Answerable questions refused as unanswerable, and unanswerable ones refused for whatever reason. */
  readonly refusedAnswerable: Share;
  readonly refusedUnanswerable: Share;
  /** Unanswerable questions by the kind of what is missing; `correct` counts the refused ones. */
  readonly unanswerableByReason: readonly { readonly name: string; readonly refused: Share }[];
  readonly faults: number;
  readonly capped: number;
  readonly goldFailed: readonly string[];
  /** Milliseconds. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly mean: number };
  /** Means per question. */
  readonly tokens: { readonly prompt: number; readonly sampled: number; readonly forced: number };
}

const hardnessOrder = ['easy', 'medium', 'hard', 'extra'];

export function summarise(verdicts: readonly Verdict[]): EvalFigures {
  const answerable = verdicts.filter((verdict) => verdict.answerable);
  const rest = verdicts.filter((verdict) => !verdict.answerable);
  const times = verdicts.map((verdict) => verdict.ms);
  return {
    answerable: answerable.length,
    correct: sharesOf(answerable),
    byHardness: groupsOf(answerable, (verdict) => verdict.hardness || 'unknown').sort(
      (a, b) => hardnessOrder.indexOf(a.name) - hardnessOrder.indexOf(b.name),
    ),
    byTables: groupsOf(answerable, (verdict) => (verdict.tables >= 5 ? '5+' : String(verdict.tables))).sort((a, b) =>
      a.name.localeCompare(b.name),
    ),
    byDatabase: groupsOf(answerable, (verdict) => verdict.db),
    withoutRunnable: countOf(answerable, (verdict) => !verdict.runnable && verdict.refusal !== 'ask.unanswerable'),
    bestOfCandidates: countOf(answerable, (verdict) => verdict.bestOf),
    refusedAnswerable: countOf(answerable, (verdict) => verdict.refusal === 'ask.unanswerable'),
    refusedUnanswerable: countOf(rest, (verdict) => verdict.refused),
    unanswerableByReason: [...groupBy(rest, (verdict) => verdict.hardness)].map(([name, group]) => ({
      name,
      refused: countOf(group, (verdict) => verdict.refused),
    })),
    faults: verdicts.filter((verdict) => verdict.refusal !== undefined && !verdict.refused).length,
    capped: verdicts.filter((verdict) => verdict.capped).length,
    goldFailed: answerable.filter((verdict) => verdict.goldFailed).map((verdict) => verdict.id),
    latency: { p50: quantile(times, 0.5), p95: quantile(times, 0.95), mean: mean(times) },
    tokens: {
      prompt: mean(verdicts.map((verdict) => verdict.promptTokens)),
      sampled: mean(verdicts.map((verdict) => verdict.sampledTokens)),
      forced: mean(verdicts.map((verdict) => verdict.forcedTokens)),
    },
  };
}

function countOf(verdicts: readonly Verdict[], test: (verdict: Verdict) => boolean): Share {
  return shareOf(verdicts.filter(test).length, verdicts.length);
}

function sharesOf(verdicts: readonly Verdict[]): Partial<Record<ComparatorName, Share>> {
  const measured = comparatorNames.filter((name) => verdicts.some((verdict) => verdict.correct[name] !== undefined));
  return Object.fromEntries(measured.map((name) => [name, countOf(verdicts, (verdict) => verdict.correct[name] === true)]));
}

function groupsOf(verdicts: readonly Verdict[], keyOf: (verdict: Verdict) => string): GroupFigures[] {
  return [...groupBy(verdicts, keyOf)].map(([name, group]) => ({ name, questions: group.length, correct: sharesOf(group) }));
}

function groupBy(verdicts: readonly Verdict[], keyOf: (verdict: Verdict) => string): Map<string, Verdict[]> {
  const groups = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const key = keyOf(verdict);
    const group = groups.get(key);
    if (group) group.push(verdict);
    else groups.set(key, [verdict]);
  }
  return groups;
}
