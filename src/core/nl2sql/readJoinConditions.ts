/**
 * The relations that a FROM joins its tables along, when it does nothing else: inner joins, along one relation between two tables or along those
 * that one equality leaves out. Anything more is refused with its reason. `readJoins` reads the joins of any statement, leniently.
 */
import { type Relation } from '../graph/types.js';
import { type Table } from '../schema/types.js';
import { unquoteIdentifier } from '../sql/quote.js';
import { type Token } from '../sql/tokenize.js';
import { sameName } from './grammarNames.js';
import { impliedRelations } from './impliedRelations.js';
import { type SelectScope } from './selectScopes.js';
import { type ColumnRef } from './types.js';

interface Joined {
  readonly name: string;
  readonly table: Table;
}

/** `otherJoin`: outer, natural or comma joins, or more than equalities in ON. `noRelation`: equalities that are no relation of the graph. */
export function readJoinConditions(
  scope: SelectScope,
  tokens: readonly Token[],
  sources: readonly Joined[],
  relations: readonly Relation[],
): readonly Relation[] | 'otherJoin' | 'noRelation' {
  const from = scope.fromStart < 0 ? [] : tokens.slice(scope.fromStart, scope.fromEnd);
  if (from.some(({ text }) => /^(?:LEFT|RIGHT|FULL|OUTER|NATURAL|CROSS|USING|,)$/i.test(text))) return 'otherJoin';
  const byTables = new Map<string, Pair[]>();
  for (const condition of conditionsOf(from)) {
    const pairs = readPairs(condition, sources);
    if (!pairs) return 'otherJoin';
    for (const pair of pairs) {
      const tables = pair
        .map((column) => columnOf(column).table)
        .sort()
        .join('\u0000');
      byTables.set(tables, [...(byTables.get(tables) ?? []), pair]);
    }
  }
  if (byTables.size !== Math.max(0, sources.length - 1)) return 'noRelation';
  const found: Relation[] = [];
  for (const pairs of byTables.values()) {
    const own = relations.find((relation) => isAlong(relation, pairs));
    const along = own ? [own] : implied(pairs, relations);
    if (!along) return 'noRelation';
    found.push(...along);
  }
  return found;
}

/** What stands behind each ON, up to the next JOIN. */
function conditionsOf(from: readonly Token[]): Token[][] {
  const conditions: Token[][] = [];
  let open: Token[] | undefined;
  for (const token of from) {
    const word = token.text.toUpperCase();
    if (word === 'ON') {
      open = [];
      conditions.push(open);
    } else if (word === 'JOIN' || word === 'INNER') open = undefined;
    else open?.push(token);
  }
  return conditions;
}

type Pair = readonly [string, string];

/** `a.x = b.y AND …` as stored names; undefined for anything else. */
function readPairs(condition: readonly Token[], sources: readonly Joined[]): Pair[] | undefined {
  const pairs: Pair[] = [];
  let at = 0;
  const column = (): string | undefined => {
    const isQualified = condition[at + 1]?.text === '.';
    const qualifier = isQualified ? unquoteIdentifier(condition[at]?.text ?? '') : undefined;
    const name = unquoteIdentifier(condition[isQualified ? at + 2 : at]?.text ?? '');
    at += isQualified ? 3 : 1;
    const homes = sources
      .filter((source) => qualifier === undefined || sameName(source.name, qualifier))
      .filter(({ table }) => table.columns.some((candidate) => sameName(candidate.name, name)));
    return homes.length === 1 && homes[0] ? key(homes[0].table.name, name) : undefined;
  };
  while (at < condition.length) {
    if (pairs.length > 0 && condition[at++]?.text.toUpperCase() !== 'AND') return undefined;
    const left = column();
    if (!/^==?$/.test(condition[at++]?.text ?? '')) return undefined;
    const right = column();
    if (left === undefined || right === undefined) return undefined;
    pairs.push([left, right]);
  }
  return pairs.length === 0 ? undefined : pairs;
}

/** Relations that one equality leaves out. */
function implied(pairs: readonly Pair[], relations: readonly Relation[]): readonly Relation[] | undefined {
  const [pair] = pairs;
  return pair && pairs.length === 1 ? impliedRelations(columnOf(pair[0]), columnOf(pair[1]), relations) : undefined;
}

function columnOf(text: string): ColumnRef {
  const [table = '', column = ''] = text.split('\u0000');
  return { table, column };
}

function isAlong(relation: Relation, pairs: readonly Pair[]): boolean {
  const own = relation.childColumns.map((column, at): Pair => [
    key(relation.child, column),
    key(relation.parent, relation.parentColumns[at] ?? ''),
  ]);
  const isSame = ([a, b]: Pair, [c, d]: Pair): boolean => (a === c && b === d) || (a === d && b === c);
  return own.length === pairs.length && own.every((pair) => pairs.some((other) => isSame(pair, other)));
}

function key(table: string, column: string): string {
  return `${table}\u0000${column}`.toLowerCase();
}
