/** The report of a run as Markdown: settings, figures with intervals, and the failures when they are wanted. Computes nothing. */
import { type Share } from './statistics.js';
import { type EvalFigures, type GroupFigures } from './summarise.js';
import { type ComparatorName, comparatorNames, type PredictionHeader, type Verdict } from './types.js';

export interface ReportInput {
  readonly header: PredictionHeader;
  readonly figures: EvalFigures;
  readonly verdicts: readonly Verdict[];
  /** At most this many wrong questions are listed; 0 lists none. */
  readonly failures: number;
}

export function renderReport({ header, figures, verdicts, failures }: ReportInput): string {
  const names = comparatorNames.filter((name) => figures.correct[name] !== undefined);
  return [
    `# ${header.set}, ${header.mode === 'plain' ? 'plain greedy decoding' : `${header.candidates} candidate${header.candidates === 1 ? '' : 's'}`}, ${header.model}`,
    settings(header, verdicts.length),
    ...(figures.answerable > 0 ? [overall(figures, names), ...sections(figures, names)] : []),
    facts(figures, header.candidates),
    ...(failures > 0 ? [failureList(verdicts, names, failures)] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** One line for a terminal: the shares of all comparators. */
export function headline(figures: EvalFigures): string {
  const shares = comparatorNames.flatMap((name) => {
    const share = figures.correct[name];
    return share ? [`${name} ${shareText(share)}`] : [];
  });
  const refused = figures.refusedUnanswerable.of > 0 ? [`refused ${shareText(figures.refusedUnanswerable)}`] : [];
  return [...shares, ...refused].join(', ');
}

function settings(header: PredictionHeader, scored: number): string {
  const { sample } = header;
  const off = Object.entries(header.steps).flatMap(([name, on]) => (on ? [] : [name]));
  const picked =
    sample.step === 1
      ? `of ${sample.total}`
      : `of ${sample.total}, an even sample: question floor(i × ${trim(sample.step)}), ${sample.chosen} in all`;
  return [
    `- Questions: ${scored} scored ${picked}${sample.offset > 0 ? `, from number ${sample.offset}` : ''}`,
    `- Model: ${header.model}${header.adapter === undefined ? '' : ` with adapter ${header.adapter}`}, temperature of samples ${header.temperature}, seed ${header.seed}, ${header.threads} threads`,
    ...(header.ranker === undefined ? [] : [`- Chosen among candidates by the ranker ${header.ranker || 'without a fingerprint'}`]),
    `- Prompt: ${header.promptVersion}; steps off: ${header.mode === 'plain' ? 'all' : off.join(', ') || 'none'}`,
    `- Date: ${header.date}${header.reason === undefined ? '' : `; reason: ${header.reason}`}`,
  ].join('\n');
}

function overall(figures: EvalFigures, names: readonly ComparatorName[]): string {
  const rows = names.map((name) => {
    const share = figures.correct[name];
    return share ? [name, percent(share.share), `${percent(share.low)} – ${percent(share.high)}`, `${share.count} / ${share.of}`] : [];
  });
  return table(['comparator', 'correct %', '95 % interval', 'questions'], rows);
}

function sections(figures: EvalFigures, names: readonly ComparatorName[]): string[] {
  const section = (title: string, groups: readonly GroupFigures[]): string =>
    `## ${title}\n\n${table(
      [title.replace(/^By /, ''), 'questions', ...names],
      groups.map((group) => [group.name, String(group.questions), ...names.map((name) => percent(group.correct[name]?.share ?? 0))]),
    )}`;
  return [
    section('By hardness', figures.byHardness),
    section('By tables in the gold', figures.byTables),
    ...(figures.byDatabase.length > 1 ? [section('By database', figures.byDatabase)] : []),
  ];
}

function facts(figures: EvalFigures, candidates: number): string {
  const { latency, tokens } = figures;
  const lines = [
    ...(figures.answerable > 0
      ? [
          `- Without a runnable candidate: ${shareText(figures.withoutRunnable)}`,
          `- Answerable but refused: ${shareText(figures.refusedAnswerable)}`,
        ]
      : []),
    ...(candidates > 1 && figures.answerable > 0 ? [`- Right statement among the candidates: ${shareText(figures.bestOfCandidates)}`] : []),
    ...(figures.refusedUnanswerable.of > 0 ? [`- Unanswerable and refused: ${shareText(figures.refusedUnanswerable)}`] : []),
    ...figures.unanswerableByReason.map(({ name, refused }) => `  - ${name}: ${refused.count} / ${refused.of}`),
    `- Latency: p50 ${Math.round(latency.p50)} ms, p95 ${Math.round(latency.p95)} ms, mean ${Math.round(latency.mean)} ms`,
    `- Tokens per question: ${trim(tokens.prompt)} prompt, ${trim(tokens.sampled)} sampled, ${trim(tokens.forced)} forced`,
    `- Faults of the machinery: ${figures.faults}; results cut at the row cap: ${figures.capped}; gold that does not run: ${figures.goldFailed.length}`,
  ];
  return `## Other figures\n\n${lines.join('\n')}`;
}

function failureList(verdicts: readonly Verdict[], names: readonly ComparatorName[], limit: number): string {
  const judge = names[0];
  const wrong = verdicts.filter((verdict) =>
    verdict.answerable ? judge !== undefined && verdict.correct[judge] !== true : !verdict.refused,
  );
  const shown = wrong
    .slice(0, limit)
    .map(
      (verdict) =>
        `- **${verdict.id}** ${oneLine(verdict.question)}${verdict.problem === '' ? '' : ` (${verdict.problem})`}` +
        (verdict.gold === '' ? '' : `\n  - gold: \`${oneLine(verdict.gold)}\``) +
        (verdict.sql === '' ? '' : `\n  - answer: \`${oneLine(verdict.sql)}\``),
    );
  return `## Failures (${shown.length} of ${wrong.length}${judge === undefined ? '' : `, by ${judge}`})\n\n${shown.join('\n')}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function shareText(share: Share): string {
  return `${percent(share.share)} % [${percent(share.low)} – ${percent(share.high)}] (${share.count} / ${share.of})`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}

function trim(value: number): string {
  return value.toFixed(value >= 10 || Number.isInteger(value) ? 0 : 2);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
