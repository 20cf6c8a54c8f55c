/** Builds archives as npm publishes them, and broken ones. */
import { gzipSync } from 'node:zlib';

export interface TarEntry {
  readonly name: string;
  readonly bytes?: Buffer;
  /** Type flag of the header; a regular file when absent. */
  readonly type?: string;
}

/** A gzipped tar of the entries, with the two closing blocks. */
export function tarballOf(entries: readonly TarEntry[]): Buffer {
  return gzipSync(Buffer.concat([...entries.map(entryOf), Buffer.alloc(1024)]));
}

/** A record of extended headers that gives the next entry a long name. */
export function paxName(name: string): TarEntry {
  const record = ` path=${name}\n`;
  const length = record.length + String(record.length + 2).length;
  return { name: 'PaxHeader', type: 'x', bytes: Buffer.from(`${length}${record}`) };
}

function entryOf({ name, bytes = Buffer.alloc(0), type = '0' }: TarEntry): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write('ustar\0', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
