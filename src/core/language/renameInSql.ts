/** Renames what a statement itself names: aliases of tables, common tables, result columns. Names of the schema are not ours to change. */
import { foldName } from '../graph/tableKeys.js';
import { type TextEdit } from '../sql/applyEdits.js';
import { quoteIdentifier } from '../sql/quote.js';
import { nameAt, type NamedThing, type NameUse, nameUses } from './nameAt.js';
import { type NameResolver } from './resolveNames.js';
import { type Statement } from './syntax.js';

/** The name under the offset, when it can be renamed. */
export function renameable(statement: Statement, offset: number, resolver: NameResolver): NameUse | undefined {
  const use = nameAt(statement, offset, resolver);
  return use && identity(use.thing) ? use : undefined;
}

/** Edits of every place that has the name; undefined when it cannot be renamed, `taken` when something else is called so already. */
export function renameInSql(
  statement: Statement,
  offset: number,
  newName: string,
  resolver: NameResolver,
): readonly TextEdit[] | 'taken' | undefined {
  const use = renameable(statement, offset, resolver);
  const wanted = use && identity(use.thing);
  if (!wanted) return undefined;
  const uses = nameUses(statement, resolver);
  const folded = foldName(newName);
  const others = uses.filter(({ thing, isDeclaration }) => isDeclaration && identity(thing) !== wanted && isKin(thing, use.thing));
  if (others.some(({ name }) => foldName(name.name) === folded)) return 'taken';
  const text = quoteIdentifier(newName);
  return uses.filter(({ thing }) => identity(thing) === wanted).map(({ name }) => ({ start: name.start, end: name.end, text }));
}

/** Equal for all uses of one thing; undefined for what cannot be renamed. */
function identity(thing: NamedThing): unknown {
  switch (thing.kind) {
    case 'alias':
      return thing.source.source;
    case 'commonTable':
      return thing.commonTable;
    case 'result':
    case 'declared':
      return thing.declared;
    case 'table':
    case 'column':
    case 'function':
      return undefined;
  }
}

/** Tables share their names with tables, columns with columns. */
function isKin(a: NamedThing, b: NamedThing): boolean {
  const isTable = ({ kind }: NamedThing): boolean => kind === 'alias' || kind === 'commonTable';
  return isTable(a) && isTable(b);
}
