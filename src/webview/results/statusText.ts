/** The status line of a result: rows, time, selection, whether the data has changed. Pure. */
import { type TabFacts } from '../../protocol/resultsPage.js';
import { fillWords, type ResultsWords } from '../../protocol/resultsWords.js';
import { type Rectangle } from './selection.js';

export interface StatusFacts {
  readonly tab: TabFacts;
  /** Rows that are known to be there, and whether they are all. */
  readonly known: number;
  readonly total: number | undefined;
  readonly selected: Rectangle | undefined;
}

export function statusText({ tab, known, total, selected }: StatusFacts, words: ResultsWords, language: string): string {
  if (tab.state === 'running') return words.running;
  if (tab.state === 'failed') return '';
  const number = (value: number): string => value.toLocaleString(language);
  const { comparison } = tab;
  if (comparison) {
    const { same, changed, added, removed, keys, cut } = comparison;
    const matched = `${words.matchedBy}: ${keys.length === 0 ? words.byPosition : keys.join(', ')}`;
    const counts = fillWords(words.compared, ...[same, changed, added, removed].map(number));
    return [counts, matched, ...(cut ? [words.comparedCut] : [])].join(' · ');
  }
  const rows =
    total === undefined
      ? fillWords(words.moreRows, number(known))
      : total === 0
        ? words.noRows
        : total === 1
          ? words.oneRow
          : fillWords(words.rows, number(total));
  const parts = [rows];
  if (tab.elapsedMs !== undefined) parts.push(elapsedText(tab.elapsedMs, words, language));
  const size = selected && sizeOf(selected, total);
  if (size !== undefined) parts.push(fillWords(words.selected, ...size.map(number)));
  if (tab.stale) parts.push(words.stale);
  return parts.join(' · ');
}

function elapsedText(ms: number, words: ResultsWords, language: string): string {
  if (ms < 1000) return fillWords(words.milliseconds, Math.max(1, Math.round(ms)).toLocaleString(language));
  return fillWords(words.seconds, (ms / 1000).toLocaleString(language, { maximumFractionDigits: 1 }));
}

/** Nothing for a single cell, or when nobody knows where the selection ends. */
function sizeOf(
  { from, to, firstColumn, lastColumn }: Rectangle,
  total: number | undefined,
): readonly [rows: number, columns: number] | undefined {
  const end = to ?? total;
  if (end === undefined) return undefined;
  const size = [end - from, lastColumn - firstColumn + 1] as const;
  return size[0] * size[1] > 1 ? size : undefined;
}
