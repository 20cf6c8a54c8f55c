/**
 * What the name of a column says about the key that it refers to. Pure guesses with a starting confidence; data decides later.
 * https://dl.acm.org/doi/10.14778/1920841.1920944 (Zhang et al. 2010) is the wider background of such rules.
 */
import { type Column, type Table } from '../schema/types.js';
import { compareTypes, type KeyIndex, type KeyOwner } from './keyIndex.js';
import { isGenericName, isMeasure, keyWords, nameWords, rowName, singular, singularKey } from './nameWords.js';
import { type InferenceReason } from './types.js';

const plainName = 0.75;
/** Names of columns that refer to another row of the same table. */
const selfNames =
  /^(?:report(?:s|ing)?to|parent|manager|manages|supervisor|boss|mentor|prerequisite|predecessor|successor|superior)(?:id|no|nr|number|code|key)?$/;

export interface NameGuess {
  readonly rule: InferenceReason['rule'];
  readonly owner: KeyOwner;
  readonly confidence: number;
}

/** Guesses for one column, best first; `order` is the position of the table in the schema. */
export function guessByName(table: Table, order: number, column: Column, keys: KeyIndex): readonly NameGuess[] {
  const all = nameWords(column.name);
  const words = withoutNumber(all);
  const ownKey = (keys.byName.get(all.join('')) ?? []).some((owner) => owner.column === column && owner.kind !== 'unique');
  // A table's own key names another table only plainly: `user_id` of user_profile, not `line_id` within `invoice_line_id`.
  const roles = ownKey ? [] : fullKeyName(words, words.length < all.length, keys);
  const guesses = [...sameNameAsKey(table, order, all, keys), ...tableIdSuffix(words, keys, ownKey), ...roles];
  if (!ownKey) guesses.push(...selfReference(table, words, keys), ...roleOfTable(words, column, keys), ...tableAndKey(words, keys));
  const best = new Map<KeyOwner, NameGuess>();
  for (const guess of guesses) {
    const types = compareTypes(column, guess.owner.column);
    if (types === 'never' || guess.owner.column === column) continue;
    // Only a plain name outweighs types that differ.
    if (types === 'mixed' && guess.confidence < plainName) continue;
    const confidence = types === 'mixed' ? round(guess.confidence - 0.25) : guess.confidence;
    const known = best.get(guess.owner);
    if (!known || known.confidence < confidence) best.set(guess.owner, { ...guess, confidence });
  }
  return [...best.values()].sort((a, b) => b.confidence - a.confidence || a.owner.order - b.owner.order);
}

function sameNameAsKey(table: Table, order: number, words: readonly string[], keys: KeyIndex): NameGuess[] {
  const name = words.join('');
  const owners = keys.byName.get(name);
  if (!owners || isGenericName(words)) return [];
  const own = owners.find((owner) => owner.table === table);
  const rootOf = (owner: KeyOwner): number => rootness(owner, name);
  const parents = owners
    .filter((owner) => owner.table !== table)
    // Two tables may share a key; the one whose name the key carries is the parent, else the one that comes first.
    .filter((owner) => !own || rootOf(owner) > rootOf(own) || (rootOf(owner) === rootOf(own) && owner.order < order));
  const top = Math.max(...parents.map(rootOf));
  return parents
    .filter((owner) => rootOf(owner) === top)
    .map((owner) => ({ rule: 'sameNameAsKey', owner, confidence: lower(owner, top > 0 ? plainName : 0.6) }));
}

/** How well the name of a key names its own table: `pub_id` names `publishers` (2), not `pub_info` (1). */
function rootness(owner: KeyOwner, name: string): number {
  const { row } = owner;
  const stem = singular(stemOf(owner.words).join('')) || name;
  const several = owner.tableWords.length > 1 ? 0.5 : 0;
  const declared = owner.kind === 'primary' ? 0.25 : 0;
  if (row === stem || row === name) return 3 + declared;
  if (stem.length >= 2 && row.startsWith(stem)) return 2 - several + declared;
  if (stem.length >= 3 && row.includes(stem)) return 1 - several / 2 + declared;
  return 0;
}

/** `team_id_2` refers to what `team_id` refers to. */
function withoutNumber(words: readonly string[]): readonly string[] {
  return words.length > 1 && /^\d+$/.test(words.at(-1) ?? '') ? words.slice(0, -1) : words;
}

/** The words before the key word: `customer` of `customer_id`; also of `customerid` when it ends so. */
function stemOf(words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? '';
  if (words.length > 1 && keyWords.has(last)) return words.slice(0, -1);
  if (last.length > 3 && last.endsWith('id')) return [...words.slice(0, -1), last.slice(0, -2)];
  return [];
}

function tableIdSuffix(words: readonly string[], keys: KeyIndex, ownKey: boolean): NameGuess[] {
  const stem = stemOf(words);
  const guesses: NameGuess[] = [];
  for (let from = 0; from < (ownKey ? Math.min(1, stem.length) : stem.length); from++) {
    // A leading role (`billing_address_id`) makes the guess weaker.
    const owners = keys.byRow.get(singularKey(stem.slice(from))) ?? [];
    for (const owner of owners) guesses.push({ rule: 'tableIdSuffix', owner, confidence: lower(owner, from === 0 ? plainName : 0.6) });
    if (owners.length > 0) break;
  }
  if (stem.length > 0) return guesses;
  const owners = keys.byRow.get(singularKey(words)) ?? [];
  return owners.map((owner) => ({ rule: 'tableIdSuffix', owner, confidence: lower(owner, ownKey ? 0.4 : 0.5) }));
}

/** A role before the whole name of a key: `salesRepEmployeeNumber` refers to `employeeNumber`. */
function fullKeyName(words: readonly string[], numbered: boolean, keys: KeyIndex): NameGuess[] {
  for (let from = numbered ? 0 : 1; from < words.length; from++) {
    const name = words.slice(from).join('');
    const owners = keys.byName.get(name);
    if (!owners || name.length < 4 || isGenericName(words.slice(from))) continue;
    const top = Math.max(...owners.map((owner) => rootness(owner, name)));
    const roots = owners.filter((owner) => rootness(owner, name) === top);
    if (roots.length > 0) return roots.map((owner) => ({ rule: 'fullKeyName', owner, confidence: lower(owner, 0.65) }));
  }
  return [];
}

function selfReference(table: Table, words: readonly string[], keys: KeyIndex): NameGuess[] {
  if (!selfNames.test(words.join(''))) return [];
  const own = keys.byRow.get(rowName(table.name))?.filter((owner) => owner.table === table) ?? [];
  return own.map((owner) => ({ rule: 'selfReference', owner, confidence: lower(owner, 0.5) }));
}

/** The name of a table before the name of one of its unique columns: `product_sku` refers to the `sku` of `products`. */
function tableAndKey(words: readonly string[], keys: KeyIndex): NameGuess[] {
  const guesses: NameGuess[] = [];
  for (let from = 1; from < words.length; from++) {
    const column = words.slice(from).join('');
    const owners = keys.uniqueByRow.get(singularKey(words.slice(0, from))) ?? [];
    for (const owner of owners) {
      if (owner.words.join('') === column) guesses.push({ rule: 'tableIdSuffix', owner, confidence: lower(owner, plainName) });
    }
  }
  return guesses;
}

/** A role before the name of a table, as a number: `winning_pilot` refers to the key of `pilot`. */
function roleOfTable(words: readonly string[], column: Column, keys: KeyIndex): NameGuess[] {
  const last = words.at(-1) ?? '';
  if (words.length < 2 || column.affinity !== 'INTEGER' || isMeasure(words)) return [];
  return (keys.byRow.get(last) ?? []).map((owner) => ({ rule: 'tableIdSuffix', owner, confidence: lower(owner, 0.45) }));
}

/** Unique columns that are not the primary key, and presumed keys, are weaker targets. */
function lower(owner: KeyOwner, confidence: number): number {
  return owner.kind === 'primary' ? confidence : round(confidence - 0.15);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
