/**
 * Names of scope marks as data (see types.ts for their meaning). It only reads names; what a mark does to a scope is in
 * scopes.ts.
 */
export type Mark =
  | { readonly kind: 'scopeOpen' | 'scopeNext' | 'scopeClose' | 'item' | 'star' | 'aggregate' | 'aliasBegin' | 'aliasEnd' | 'complete' }
  | TextMark
  | SourceMark;

/** Marks whose text the matcher knows better than the rule's body. */
export type TextMark = { readonly kind: 'aliasUse'; readonly aggregates: boolean } | { readonly kind: 'slotName'; readonly table: number };

/** Marks about tables and columns. */
export type SourceMark =
  | { readonly kind: 'fromEnd' | 'plain' }
  | { readonly kind: 'need' | 'whole'; readonly table: number }
  | { readonly kind: 'any'; readonly tables: readonly number[] }
  | { readonly kind: 'from'; readonly table: number }
  | { readonly kind: 'join'; readonly onto: number; readonly table: number }
  | { readonly kind: 'add'; readonly table: number }
  /** Without tables the alias may stand for any. */
  | { readonly kind: 'slot' | 'as'; readonly slot: number; readonly tables: readonly number[] }
  | { readonly kind: 'of'; readonly tables: readonly number[] }
  | { readonly kind: 'next'; readonly table: number; readonly original: number | undefined };

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
  plain: { kind: 'plain' },
};
const numberedMark = /^(need|whole|any|from|join|add|slot|as|of|next|slot-name)((?:-\d+)+)$/;

/** The mark of a rule name, or undefined for an ordinary rule. */
export function readMark(name: string): Mark | undefined {
  const plain = Object.hasOwn(plainMarks, name) ? plainMarks[name] : undefined;
  if (plain !== undefined) return plain;
  const match = numberedMark.exec(name);
  return match === null ? undefined : numbered(match[1] ?? '', (match[2] ?? '').slice(1).split('-').map(Number));
}

function numbered(kind: string, [first = 0, ...more]: readonly number[]): Mark | undefined {
  if (kind === 'any' || kind === 'of') return { kind, tables: [first, ...more].sort((a, b) => a - b) };
  if (kind === 'slot' || kind === 'as') return { kind, slot: first, tables: more };
  const second = more[0];
  if (more.length > 1) return undefined;
  if (kind === 'join') return second === undefined ? undefined : { kind, onto: first, table: second };
  if (kind === 'next') return { kind, table: first, original: second };
  if (second !== undefined) return undefined;
  if (kind === 'slot-name') return { kind: 'slotName', table: first };
  return kind === 'need' || kind === 'whole' || kind === 'from' || kind === 'add' ? { kind, table: first } : undefined;
}

export function writesText(mark: Mark): mark is TextMark {
  return mark.kind === 'aliasUse' || mark.kind === 'slotName';
}
