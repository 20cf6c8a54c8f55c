/** SHA-256 of a file, in lower-case hex. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';

/** `onBytes` is told how far the sum is. Throws what reading throws, and `cancelled`. */
export async function fileSum(path: string, token: CancellationToken, onBytes?: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    throwIfCancelled(token);
    hash.update(chunk);
    bytes += chunk.length;
    onBytes?.(bytes);
  }
  return hash.digest('hex');
}
