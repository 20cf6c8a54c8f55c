/** One state of one database: its schema as read once, and what the background work has found so far. A changed file gets a new one. */
import { checkInclusion, type Inclusion } from '../../core/graph/checkInclusion.js';
import { declaredRelations } from '../../core/graph/declaredRelations.js';
import { findJoinTrees } from '../../core/graph/findJoinTrees.js';
import { inferRelations } from '../../core/graph/inferRelations.js';
import { buildJoinGraph, type JoinGraph } from '../../core/graph/joinGraph.js';
import { type JoinTree, type Relation, type ValueMatch } from '../../core/graph/types.js';
import { type ColumnValues, ValueIndex } from '../../core/graph/ValueIndex.js';
import { heldScore } from '../../core/nl2sql/groundValues.js';
import { placeForms } from '../../core/nl2sql/placeForms.js';
import { type DatabaseKnowledge } from '../../core/nl2sql/types.js';
import { type ColumnProfile, type DatabaseSchema } from '../../core/schema/types.js';
import { CancellationSource, type CancellationToken, throwIfCancelled } from '../../core/shared/cancellation.js';
import { Emitter } from '../../core/shared/event.js';
import { isCancelled } from '../../core/shared/errors.js';
import { type ReadOnlyDatabase } from '../../core/sql/types.js';
import { type OpenedDatabase } from './types.js';
import { runInSlices } from './runInSlices.js';
import { type CachedIndex } from './catalogueCache.js';
import { applyVerdicts, type Verdicts } from './verdicts.js';

/** Distinct texts up to which a column is a list of choices. */
const choiceLimit = 12;

const keptTrees = 500;

/** What only the keeper of files can do for a database. */
export interface DatabaseKeeper {
  save(relation: Relation, verdict: 'confirmed' | 'rejected'): Promise<Verdicts>;
  forget(ids: readonly string[]): Promise<Verdicts>;
  measure(relation: Relation, token: CancellationToken): Promise<Inclusion | undefined>;
}

export class OpenedDatabaseState implements OpenedDatabase {
  readonly declared: readonly Relation[];
  /** Guesses by name, several per column; the background work chooses. */
  readonly candidates: readonly Relation[];
  readonly #source = new CancellationSource();
  #inferred: readonly Relation[];
  #profiles: readonly ColumnProfile[] = [];
  #verdicts: Verdicts;
  #knowledge: DatabaseKnowledge;
  #graph: JoinGraph;
  /** Trees found on `#graph`: one question asks for the same ones many times. */
  readonly #trees = new Map<string, readonly JoinTree[]>();
  #values: ValueIndex | undefined;
  #work: Promise<void> = Promise.resolve();
  #indexed = false;
  readonly #inclusions = new Map<string, Promise<Inclusion | undefined>>();
  readonly #changed = new Emitter<void>();

  readonly onChanged = this.#changed.event;

  constructor(
    readonly database: ReadOnlyDatabase,
    readonly schema: DatabaseSchema,
    verdicts: Verdicts,
    private readonly keeper: DatabaseKeeper,
  ) {
    this.declared = declaredRelations(schema);
    this.candidates = inferRelations(schema, { known: this.declared });
    this.#inferred = checkInclusion(this.candidates, new Map());
    this.#verdicts = verdicts;
    this.#knowledge = this.#makeKnowledge();
    this.#graph = buildJoinGraph(this.#knowledge.relations);
  }

  get knowledge(): DatabaseKnowledge {
    return this.#knowledge;
  }

  get joinGraph(): JoinGraph {
    return this.#graph;
  }

  get indexed(): boolean {
    return this.#indexed;
  }

  joinTrees(tables: readonly string[]): readonly JoinTree[] {
    const key = tables.join('\u0000');
    const known = this.#trees.get(key);
    if (known) return known;
    if (this.#trees.size >= keptTrees) this.#trees.clear();
    const trees = findJoinTrees(this.#graph, tables);
    this.#trees.set(key, trees);
    return trees;
  }

  findValues(mention: string, limit: number): readonly ValueMatch[] {
    const values = this.#values;
    const found = values?.find(mention, limit) ?? [];
    if (!values || found.some(({ score }) => score >= heldScore)) return found;
    // Nothing is called so; perhaps the place is that it belongs to.
    const meant = placeForms(mention).flatMap((form) => values.find(form, limit).filter(({ score }) => score >= heldScore));
    return meant.length === 0 ? found : [...meant.map((match) => ({ ...match, score: heldScore })), ...found].slice(0, limit);
  }

  smallDomain(table: string, column: string): readonly string[] | undefined {
    const found = this.#values?.columns.find((entry) => entry.table === table && entry.column === column);
    return found?.complete && found.values.length > 0 && found.values.length <= choiceLimit ? found.values : undefined;
  }

  /** Runs the background work once; its token is cancelled by `stop`. */
  startIndexing(work: (token: CancellationToken) => Promise<void>): void {
    const done = (): void => {
      this.#indexed = true;
      this.#changed.fire();
    };
    this.#work = work(this.#source.token).then(done, (error: unknown) => {
      done();
      if (!isCancelled(error)) throw error;
    });
  }

  setInferred(relations: readonly Relation[]): void {
    this.#inferred = relations;
    this.#refresh();
  }

  setProfiles(profiles: readonly ColumnProfile[]): void {
    this.#profiles = profiles;
    this.#refresh();
  }

  /** Makes the index of the values without holding up whatever else runs on this thread. */
  async setValues(values: readonly ColumnValues[], token: CancellationToken): Promise<void> {
    this.#values = await runInSlices(ValueIndex.steps(values), token);
  }

  /** Takes everything from an earlier run; only the index of the values is made again. */
  restore(cached: CachedIndex): void {
    this.#inferred = cached.inferred;
    this.#profiles = cached.profiles;
    this.#refresh();
    this.startIndexing((token) => this.setValues(cached.values, token));
  }

  /** Until its own work is done, what was found before other rows came is nearer the truth than names; values are not taken over. */
  takeOver(before: OpenedDatabaseState): void {
    if (before.schema.schemaHash !== this.schema.schemaHash) return;
    this.#inferred = before.#inferred;
    this.#profiles = before.#profiles;
    this.#refresh();
  }

  setVerdicts(verdicts: Verdicts): void {
    this.#verdicts = verdicts;
    this.#refresh();
  }

  async whenIndexed(timeoutMs: number, token?: CancellationToken): Promise<void> {
    if (token) throwIfCancelled(token);
    let release = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      release = resolve;
    });
    const timer = setTimeout(release, timeoutMs);
    const link = token?.onCancellationRequested(release);
    try {
      await Promise.race([this.#work, over]);
    } finally {
      clearTimeout(timer);
      link?.dispose();
    }
    if (token) throwIfCancelled(token);
  }

  async setRelation(relation: Relation, verdict: 'confirmed' | 'rejected'): Promise<void> {
    this.setVerdicts(await this.keeper.save(relation, verdict));
  }

  get verdicts(): Verdicts {
    return this.#verdicts;
  }

  async forgetVerdicts(ids: readonly string[]): Promise<void> {
    this.setVerdicts(await this.keeper.forget(ids));
  }

  inclusionOf(relation: Relation): Promise<Inclusion | undefined> {
    const known = this.#inclusions.get(relation.id);
    if (known) return known;
    const counted = this.keeper.measure(relation, this.#source.token);
    this.#inclusions.set(relation.id, counted);
    // A file that was locked just now may be free the next time.
    counted.catch(() => this.#inclusions.delete(relation.id));
    return counted;
  }

  /** Ends the background work at its next slice and waits for it. */
  async stop(): Promise<void> {
    this.#source.cancel();
    await this.#work;
  }

  #refresh(): void {
    this.#knowledge = this.#makeKnowledge();
    this.#graph = buildJoinGraph(this.#knowledge.relations);
    this.#trees.clear();
    this.#changed.fire();
  }

  #makeKnowledge(): DatabaseKnowledge {
    const relations = applyVerdicts(this.schema, [...this.declared, ...this.#inferred], this.#verdicts);
    return { schema: this.schema, relations, profiles: this.#profiles };
  }
}
