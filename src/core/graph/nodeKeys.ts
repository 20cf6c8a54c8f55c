/** Keys of nodes and edges: readable, unique for any names, equal in every run. */

/** Names are escaped, so that none can imitate a separator; the id of the database keeps its slashes, since it comes before all names. */
export function nodeKey(kind: 'db' | 'table' | 'column' | 'index' | 'value', database: string, ...names: readonly string[]): string {
  const start = `${kind}:${/[% >]/.test(database) ? escapeMarks(database, /[% >]/g) : database}`;
  return names.reduce((key, name) => `${key}/${/[%/ >]/.test(name) ? escapeMarks(name, /[%/ >]/g) : name}`, start);
}

export function edgeKey(kind: string, source: string, target: string, detail = ''): string {
  return `${kind} ${source} > ${target}${detail === '' ? '' : ` ${detail}`}`;
}

/** Key of the edge that goes back along another one. */
export function inverseKey(key: string): string {
  return `~${key}`;
}

function escapeMarks(text: string, marks: RegExp): string {
  return text.replace(marks, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}
