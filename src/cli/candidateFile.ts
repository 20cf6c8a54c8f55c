/** Writes the lines of candidates for the trainer and counts them. A run that is stopped leaves what was written before under another name. */
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { once } from 'node:events';
import { type CandidateHeaderLine, type CandidateLine } from '../engine/eval/candidateLines.js';

export async function writeCandidates(
  path: string,
  lines: AsyncIterable<CandidateHeaderLine | CandidateLine>,
): Promise<{ readonly candidates: number; readonly right: number }> {
  const part = `${path}.part`;
  const file = createWriteStream(part);
  await once(file, 'open');
  let candidates = 0;
  let right = 0;
  for await (const line of lines) {
    if (line.kind === 'candidate') {
      candidates++;
      if (line.right) right++;
    }
    if (!file.write(`${JSON.stringify(line)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  await rename(part, path);
  return { candidates, right };
}
