/**
 * Makes a folder to try the extension in: three databases, SQL files with questions as comments, and a program with `sql:` comments.
 * `node scripts/sample/buildWorkspace.mjs <folder>`; databases that are there are kept, the text files are written anew.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSample, defaultSeed } from './buildSample.mjs';
import { clinicParts, libraryParts } from './smallDatabases.mjs';
import { writeDatabase } from './writeDatabase.mjs';

const texts = {
  'queries/shop.sql': `-- @db ../data/shop.db
-- Put the cursor at the end of a question and press Enter; Tab takes the answer.

-- Which five customers spent the most in 2024?

-- How many orders were shipped to an address in Switzerland?

-- Which products have never been ordered?

`,
  'queries/library.sql': `-- @db ../data/library.db

-- Which books were loaned most often in 2023?

-- How many loans have not been returned yet?

`,
  'queries/clinic.sql': `-- @db ../data/clinic.db

-- How many appointments did each department hold in 2024?

`,
  'report.ts': `// @db data/shop.db
export const queries = [
  // sql: revenue of each month in 2024

];
`,
  'README.md': `# Three databases to ask

- data/shop.db: an online shop with stores, 20 tables
- data/library.db: a town library
- data/clinic.db: a clinic with its departments

Open queries/shop.sql, put the cursor at the end of a question and press Enter.
`,
};

export async function buildWorkspace(folder) {
  const data = path.join(folder, 'data');
  await mkdir(data, { recursive: true });
  const makers = {
    'shop.db': (file) => buildSample(file, defaultSeed),
    'library.db': (file) => writeDatabase(file, libraryParts(defaultSeed)),
    'clinic.db': (file) => writeDatabase(file, clinicParts(defaultSeed)),
  };
  for (const [name, make] of Object.entries(makers)) if (!existsSync(path.join(data, name))) await make(path.join(data, name));
  for (const [name, text] of Object.entries(texts)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (!folder) throw new Error('usage: node scripts/sample/buildWorkspace.mjs <folder>');
  await buildWorkspace(folder);
  console.log(folder);
}
