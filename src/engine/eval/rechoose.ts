/** Predictions as they would be had a ranker chosen among their candidates: to measure one without asking the model again. */
import { type CandidateNote, type PredictionRow } from '../../core/eval/types.js';
import { type Ranker, scoreFeatures } from '../../core/nl2sql/rankCandidates.js';

/** Rows whose candidates have no features, and refusals, stay as they are. */
export function rechoose(rows: readonly PredictionRow[], ranker: Ranker): PredictionRow[] {
  return rows.map((row) => {
    if (row.candidates.length === 0 || row.candidates.some(({ features }) => features === undefined)) return row;
    const scored = row.candidates.map((note, at) => ({ note, at, tier: tierOf(note), score: scoreFeatures(note.features ?? {}, ranker) }));
    scored.sort((a, b) => (ranker.rowsFirst ? a.tier - b.tier : 0) || b.score - a.score || a.at - b.at);
    const candidates = scored.map(({ note }) => note);
    return { ...row, sql: candidates[0]?.sql ?? row.sql, candidates };
  });
}

/** Rows before a row of NULLs and zeros before no rows. */
function tierOf({ features = {} }: CandidateNote): number {
  return (features['noRows'] ?? 0) > 0 ? 2 : (features['nothing'] ?? 0) > 0 ? 1 : 0;
}
