/** Digests of files. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';

/** SHA-256 in lower-case hex. `onBytes` is told how far the sum is. Throws what reading throws, and `cancelled`. */
export async function fileSum(path: string, token: CancellationToken, onBytes?: (bytes: number) => void): Promise<string> {
  return (await fileDigest(path, 'sha256', token, onBytes)).toString('hex');
}

/** The sum as package registries write it: `sha512-` and base64. */
export async function fileIntegrity(path: string, token: CancellationToken, onBytes?: (bytes: number) => void): Promise<string> {
  return `sha512-${(await fileDigest(path, 'sha512', token, onBytes)).toString('base64')}`;
}

async function fileDigest(
  path: string,
  algorithm: 'sha256' | 'sha512',
  token: CancellationToken,
  onBytes?: (bytes: number) => void,
): Promise<Buffer> {
  const hash = createHash(algorithm);
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    throwIfCancelled(token);
    hash.update(chunk);
    bytes += chunk.length;
    onBytes?.(bytes);
  }
  return hash.digest();
}
