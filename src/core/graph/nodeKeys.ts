/** Keys of nodes and edges: readable, unique for any names, equal in every run. */

/** Parts are escaped, so that no name can imitate a separator. */
export function nodeKey(kind: 'db' | 'table' | 'column' | 'index' | 'value', ...parts: readonly string[]): string {
  return `${kind}:${parts.map(escapePart).join('/')}`;
}

export function edgeKey(kind: string, source: string, target: string, detail = ''): string {
  return `${kind} ${source} > ${target}${detail === '' ? '' : ` ${detail}`}`;
}

/** Key of the edge that goes back along another one. */
export function inverseKey(key: string): string {
  return `~${key}`;
}

function escapePart(part: string): string {
  return part.replace(/[%/ >]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}
