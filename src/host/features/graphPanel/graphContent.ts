/** What a graph shows of databases at this moment. A database that cannot be read is a sentence; one that is only locked keeps its tables beside it. */
import { type GraphDatabase, graphDatabase } from '../../../core/presentation/graphModel.js';
import { type CancellationToken, throwIfCancelled } from '../../../core/shared/cancellation.js';
import { type SchemaService } from '../../services/schemaService.js';

export interface GraphContent {
  readonly databases: readonly GraphDatabase[];
  /** A sentence for each database that cannot be read now. */
  readonly failures: readonly string[];
}

export interface GraphContentWords {
  labelOf(path: string): string;
  sentenceOf(failure: unknown): string;
}

/** Throws `cancelled` only. */
export async function readGraphContent(
  paths: readonly string[],
  schemas: Pick<SchemaService, 'look'>,
  words: GraphContentWords,
  token: CancellationToken,
): Promise<GraphContent> {
  const databases: GraphDatabase[] = [];
  const failures: string[] = [];
  for (const path of paths) {
    const { opened, failure } = await schemas.look(path);
    throwIfCancelled(token);
    const label = words.labelOf(path);
    if (opened) databases.push(graphDatabase(path, label, opened.knowledge.schema, opened.knowledge.relations));
    if (failure !== undefined) failures.push(`${label}: ${words.sentenceOf(failure)}`);
  }
  return { databases, failures };
}
