/** A trained ranker on disk: read once, checked, never written. Without a file candidates are chosen by the vote. */
import { readFile } from 'node:fs/promises';
import { parseRanker, type Ranker } from '../../core/nl2sql/rankCandidates.js';
import { isJoineryError, JoineryError } from '../../core/shared/errors.js';
import { type Logger } from '../../core/shared/logger.js';

/** Throws `file.missing`, and `model.badRanker` for a file that this version cannot use. */
export async function readRanker(path: string): Promise<Ranker> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new JoineryError('file.missing', { path }, error);
  }
  try {
    return parseRanker(JSON.parse(text) as unknown);
  } catch (error) {
    const detail = isJoineryError(error) ? error.details : { detail: 'not JSON' };
    throw new JoineryError('model.badRanker', { ...detail, path }, error);
  }
}

/** The ranker that may come with the product: undefined when there is none, and, with a line in the log, when it cannot be used. */
export async function findRanker(path: string, log: Logger): Promise<Ranker | undefined> {
  try {
    return await readRanker(path);
  } catch (error) {
    if (!isJoineryError(error) || error.code !== 'file.missing') log.log('warn', 'ask', `the ranker ${path} was left out`, error);
    return undefined;
  }
}
