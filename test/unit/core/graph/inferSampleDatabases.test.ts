/** G4's bar on real databases: their declared keys are ignored, guessed from names and data, and compared. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkInclusion, type Inclusion } from '../../../../src/core/graph/checkInclusion.js';
import { declaredRelations } from '../../../../src/core/graph/declaredRelations.js';
import { inferRelations } from '../../../../src/core/graph/inferRelations.js';
import { overlapCandidates } from '../../../../src/core/graph/overlapCandidates.js';
import { sameColumnCandidates } from '../../../../src/core/graph/sameColumnCandidates.js';
import { type Relation } from '../../../../src/core/graph/types.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { measureInclusion } from '../../../../src/engine/catalogue/measureInclusion.js';
import { readProfiles } from '../../../../src/engine/catalogue/readProfiles.js';
import { sampleTable } from '../../../../src/engine/catalogue/sampleTable.js';
import { introspect } from '../../../../src/sqlite/introspect.js';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';

const folder = join(process.env['JOINERY_DATA'] ?? '../shared/data', 'sample_dbs');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.sqlite')) : [];

async function guessAll(file: string): Promise<{ readonly declared: readonly Relation[]; readonly guessed: readonly Relation[] }> {
  const database = await openDatabase(join(folder, file));
  const schema = await introspect(database, { name: file });
  const byName = inferRelations(schema, { known: [] });
  const profiles = await Promise.all(
    schema.tables.map(async (table) => readProfiles(database, table, await sampleTable(database, table, neverCancelled), neverCancelled)),
  );
  const judged = async (candidates: readonly Relation[]): Promise<readonly Relation[]> => {
    const inclusions = new Map<string, Inclusion>();
    for (const candidate of candidates) {
      const child = schema.tables.find((table) => table.name === candidate.child)!;
      const inclusion = await measureInclusion(database, candidate, await sampleTable(database, child, neverCancelled), neverCancelled);
      if (inclusion) inclusions.set(candidate.id, inclusion);
    }
    return checkInclusion(candidates, inclusions);
  };
  const kept = await judged([...byName, ...overlapCandidates(schema, byName, [])]);
  const guessed = [...kept, ...(await judged(sameColumnCandidates(schema, kept, profiles.flat())))];
  await database.close();
  return { declared: declaredRelations(schema), guessed };
}

describe.skipIf(files.length === 0)('keys guessed on real databases (skipped without the databases in JOINERY_DATA)', () => {
  it('are precise to 0.9 and complete to 0.8', async () => {
    let [right, guesses, keys] = [0, 0, 0];
    for (const file of files) {
      const { declared, guessed } = await guessAll(file);
      const ids = new Set(declared.map((relation) => relation.id));
      // A join over a shared parent is implied by two keys; it is no key and counts on neither side.
      const claimed = guessed.filter((relation) => relation.reason?.rule !== 'sharedParent');
      right += claimed.filter((relation) => ids.has(relation.id)).length;
      guesses += claimed.length;
      keys += declared.length;
      expect(Math.max(...guessed.map((relation) => relation.confidence))).toBeLessThanOrEqual(0.8);
    }
    expect(keys).toBeGreaterThan(50);
    expect(right / guesses).toBeGreaterThanOrEqual(0.9);
    expect(right / keys).toBeGreaterThanOrEqual(0.8);
  });
});
