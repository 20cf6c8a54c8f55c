/**
 * Names of scope marks as data (see types.ts for their meaning). It only reads names; what a mark does to a scope is in
 * scopes.ts.
 */
export type Mark =
  | { readonly kind: 'scopeOpen' | 'scopeNext' | 'scopeClose' | 'fromEnd' | 'item' | 'star' | 'aggregate' | 'aliasBegin' | 'aliasEnd' | 'complete' }
  | { readonly kind: 'aliasUse'; readonly aggregates: boolean }
  | { readonly kind: 'need'; readonly table: number }
  | { readonly kind: 'any'; readonly tables: readonly number[] }
  | { readonly kind: 'from'; readonly table: number }
  | { readonly kind: 'join'; readonly onto: number; readonly table: number }
  | { readonly kind: 'add'; readonly table: number };

const plainMarks: Readonly<Record<string, Mark>> = {
  'scope-open': { kind: 'scopeOpen' },
  'scope-next': { kind: 'scopeNext' },
  'scope-close': { kind: 'scopeClose' },
  'from-end': { kind: 'fromEnd' },
  item: { kind: 'item' },
  'item-star': { kind: 'star' },
  'alias-begin': { kind: 'aliasBegin' },
  'alias-end': { kind: 'aliasEnd' },
  'alias-use': { kind: 'aliasUse', aggregates: true },
  'alias-use-plain': { kind: 'aliasUse', aggregates: false },
  aggregate: { kind: 'aggregate' },
  'complete-from': { kind: 'complete' },
};
const numberedMark = /^(need|any|from|join|add)((?:-\d+)+)$/;

/** The mark of a rule name, or undefined for an ordinary rule. */
export function readMark(name: string): Mark | undefined {
  const plain = Object.hasOwn(plainMarks, name) ? plainMarks[name] : undefined;
  if (plain !== undefined) return plain;
  const match = numberedMark.exec(name);
  if (match === null) return undefined;
  const [first = 0, ...more] = (match[2] ?? '').slice(1).split('-').map(Number);
  const second = more[0];
  if (match[1] === 'any') return { kind: 'any', tables: [first, ...more].sort((a, b) => a - b) };
  if (match[1] === 'join') return second === undefined || more.length > 1 ? undefined : { kind: 'join', onto: first, table: second };
  if (more.length > 0) return undefined;
  if (match[1] === 'need') return { kind: 'need', table: first };
  return { kind: match[1] === 'from' ? 'from' : 'add', table: first };
}
