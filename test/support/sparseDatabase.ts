/**
 * A SQLite database of 10 GB that takes little of the disk: its one large table has a row in every leaf page, the leaves are far apart, and
 * what lies between and inside them are holes. All that is read of it is as SQLite itself would have written it
 * (https://www.sqlite.org/fileformat.html). Pages between the leaves belong to nothing, as after a crash.
 */
import { open } from 'node:fs/promises';
import { buildDatabase } from './buildFixture.js';

const pageSize = 65_536;
const pages = Math.floor((10 * 1024 ** 3) / pageSize);
export const sparseRows = 4_000;
/** Bytes of a row's blob: one page holds one row. */
const blobBytes = 60_000;
const firstLeaf = 100;
const stride = Math.floor((pages - firstLeaf) / sparseRows);

/** `huge(id INTEGER PRIMARY KEY, kind TEXT, body BLOB)` has ids 1 to `sparseRows`; `small(id, huge_id)` refers to it with three rows. */
export async function buildSparseDatabase(path: string): Promise<string> {
  await buildDatabase(
    path,
    `PRAGMA page_size = ${pageSize};
     CREATE TABLE huge(id INTEGER PRIMARY KEY, kind TEXT, body BLOB);
     CREATE TABLE small(id INTEGER PRIMARY KEY, huge_id INTEGER REFERENCES huge(id));
     INSERT INTO small VALUES (1, 1), (2, 4000), (3, 5000);`,
  );
  const file = await open(path, 'r+');
  try {
    await file.truncate(pages * pageSize);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(pages);
    await file.write(count, 0, 4, 28);
    // The first table has page 2, which becomes the root above all leaves.
    await file.write(interiorPage(), 0, pageSize, pageSize);
    for (let row = 1; row <= sparseRows; row++) {
      const [cell, at] = leafCell(row);
      const start = (leafOf(row) - 1) * pageSize;
      await file.write(leafHeader(at), 0, 10, start);
      await file.write(cell, 0, cell.length, start + at);
    }
  } finally {
    await file.close();
  }
  return path;
}

/** Pages count from 1. */
function leafOf(row: number): number {
  return firstLeaf + (row - 1) * stride;
}

/** Type 5: for each child but the last, its page and the largest row number in it; the last child stands in the header. */
function interiorPage(): Buffer {
  const page = Buffer.alloc(pageSize);
  let at = pageSize;
  page.writeUInt8(5, 0);
  page.writeUInt16BE(sparseRows - 1, 3);
  page.writeUInt32BE(leafOf(sparseRows), 8);
  for (let row = 1; row < sparseRows; row++) {
    const key = varint(row);
    at -= 4 + key.length;
    page.writeUInt32BE(leafOf(row), at);
    key.copy(page, at + 4);
    page.writeUInt16BE(at, 12 + 2 * (row - 1));
  }
  page.writeUInt16BE(at, 5);
  return page;
}

/** Type 13 with one cell. */
function leafHeader(cellAt: number): Buffer {
  const header = Buffer.alloc(10);
  header.writeUInt8(13, 0);
  header.writeUInt16BE(1, 3);
  header.writeUInt16BE(cellAt, 5);
  header.writeUInt16BE(cellAt, 8);
  return header;
}

/** The beginning of a cell, without the zeros of the blob, and where in the page it stands: the blob ends with the page. */
function leafCell(row: number): readonly [cell: Buffer, at: number] {
  const kind = Buffer.from(`kind ${row % 7}`);
  const types = Buffer.concat([varint(0), varint(13 + 2 * kind.length), varint(12 + 2 * blobBytes)]);
  const header = Buffer.concat([varint(types.length + 1), types]);
  const payload = header.length + kind.length + blobBytes;
  const cell = Buffer.concat([varint(payload), varint(row), header, kind]);
  return [cell, pageSize - cell.length - blobBytes];
}

/** Seven bits a byte, the highest first. */
function varint(value: number): Buffer {
  const bytes = [value & 127];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 127) | 128);
  return Buffer.from(bytes);
}
