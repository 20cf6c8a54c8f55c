/** What the commands of the graph are given: values of links, nodes of the tree with the selection around them, or nothing. */
import { type GraphFocus, readGraphFocus } from '../../../protocol/graphPage.js';

type Fields = Readonly<Record<string, unknown>>;

/** Several selected tables mean the path between the first and the last. Undefined for what names no database. */
export function graphArgument(given: unknown, selection?: unknown): GraphFocus | undefined {
  const nodes = Array.isArray(selection) ? selection.flatMap((value) => focusOfNode(value) ?? []) : [];
  const [first] = nodes;
  if (first && nodes.length > 1) {
    const own = nodes.filter(({ database }) => database === first.database);
    const tables = [...new Set(own.flatMap(({ tables: named }) => named))];
    return { database: first.database, tables, relations: [] };
  }
  return focusOfNode(given);
}

/** A node holds its table and its relation as objects; links hold names. */
function focusOfNode(value: unknown): GraphFocus | undefined {
  if (!isFields(value)) return undefined;
  const { database, table, relation } = value;
  if (typeof database === 'string' && isFields(relation)) {
    const { id, child, parent } = relation;
    if (typeof id === 'string' && typeof child === 'string' && typeof parent === 'string')
      return child === parent ? { database, tables: [child], relations: [] } : { database, tables: [child, parent], relations: [id] };
  }
  if (typeof database === 'string' && isFields(table) && typeof table['name'] === 'string')
    return { database, tables: [table['name']], relations: [] };
  return readGraphFocus(value);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
