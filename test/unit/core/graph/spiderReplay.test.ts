/**
 * Replays the joins of Spider's dev set: the tables whose columns a gold SELECT uses must lead to exactly its FROM tables. Only
 * counts are kept here, none of the data.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkInclusion, type Inclusion } from '../../../../src/core/graph/checkInclusion.js';
import { declaredRelations } from '../../../../src/core/graph/declaredRelations.js';
import { findJoinTrees } from '../../../../src/core/graph/findJoinTrees.js';
import { inferRelations } from '../../../../src/core/graph/inferRelations.js';
import { type Relation } from '../../../../src/core/graph/types.js';
import { type DatabaseSchema } from '../../../../src/core/schema/types.js';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { measureInclusion } from '../../../../src/engine/catalogue/measureInclusion.js';
import { sampleTable } from '../../../../src/engine/catalogue/sampleTable.js';
import { openDatabase } from '../../../../src/sqlite/openDatabase.js';
import { type Block, readBlocks, type SpiderSchema, toSchema } from '../../../support/spiderBlocks.js';

const folder = join(process.env['JOINERY_DATA'] ?? '../shared/data', 'spider');
const present = existsSync(join(folder, 'dev.json')) && existsSync(join(folder, 'tables.json'));

interface Replay {
  readonly schema: DatabaseSchema;
  readonly database: string;
  readonly blocks: Block[];
}

function readReplays(): Map<string, Replay> {
  const pairs = JSON.parse(readFileSync(join(folder, 'dev.json'), 'utf8')) as readonly { readonly db_id: string; readonly query: string }[];
  const tables = JSON.parse(readFileSync(join(folder, 'tables.json'), 'utf8')) as readonly SpiderSchema[];
  const replays = new Map<string, Replay>();
  for (const pair of pairs) {
    const known = replays.get(pair.db_id) ?? {
      schema: toSchema(tables.find((entry) => entry.db_id === pair.db_id)!),
      database: join(folder, 'database', pair.db_id, `${pair.db_id}.sqlite`),
      blocks: [],
    };
    known.blocks.push(...readBlocks(pair.query, known.schema));
    replays.set(pair.db_id, known);
  }
  return replays;
}

async function inferred({ schema, database }: Replay, declared: readonly Relation[]): Promise<readonly Relation[]> {
  const candidates = inferRelations(schema, { known: declared });
  const inclusions = new Map<string, Inclusion>();
  if (existsSync(database)) {
    const opened = await openDatabase(database);
    for (const candidate of candidates) {
      const child = schema.tables.find((table) => table.name === candidate.child)!;
      const inclusion = await measureInclusion(opened, candidate, await sampleTable(opened, child, neverCancelled), neverCancelled);
      if (inclusion) inclusions.set(candidate.id, inclusion);
    }
    await opened.close();
  }
  return checkInclusion(candidates, inclusions);
}

function countRight(blocks: readonly Block[], relations: readonly Relation[]): number {
  return blocks.filter((block) => {
    const [tree] = findJoinTrees(relations, block.columnTables, { alternatives: 0 });
    return tree !== undefined && [...tree.tables].sort().join() === block.fromTables.join();
  }).length;
}

const spanning = (blocks: readonly Block[]): Block[] => blocks.filter((block) => block.columnTables.length >= 2);

describe.skipIf(!present)('joins of Spider dev (skipped without the data set in JOINERY_DATA)', () => {
  let replays: Map<string, Replay>;
  beforeAll(() => {
    replays = readReplays();
  });

  it('finds the blocks that the set has', () => {
    const blocks = [...replays.values()].flatMap((replay) => replay.blocks);
    expect([blocks.filter((block) => block.fromTables.length > 1).length, spanning(blocks).length]).toEqual([445, 294]);
  });

  it('is right for 270 of 294 with declared relations only', () => {
    const right = [...replays.values()].map((replay) => countRight(spanning(replay.blocks), declaredRelations(replay.schema)));
    expect(sum(right)).toBeGreaterThanOrEqual(270);
  });

  it('is right for 290 of 294 with inferred relations', async () => {
    const right: number[] = [];
    for (const replay of replays.values()) {
      const declared = declaredRelations(replay.schema);
      right.push(countRight(spanning(replay.blocks), [...declared, ...(await inferred(replay, declared))]));
    }
    expect(sum(right)).toBeGreaterThanOrEqual(290);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
