/** Gathers from the place of the cursor what join proposals need: tables in scope, free names, the manner in which the user writes. */
import { foldName } from '../graph/tableKeys.js';
import { type JoinStep, type Relation } from '../graph/types.js';
import { type CompletionRequest } from './completionRequest.js';
import { conditionText, type JoinContext, type JoinedTable } from './joinProposals.js';
import { writeKeyword } from './keywordProposals.js';
import { type Proposal } from './proposal.js';
import { type VisibleSource } from './resolveNames.js';
import { type Source } from './syntax.js';

const joinWord = /^(?:NATURAL|LEFT|RIGHT|FULL|INNER|CROSS|OUTER|JOIN)$/;

export function joinContext(request: CompletionRequest): JoinContext {
  const { scope, resolver, schema, keywords, offset } = request;
  const sources = scope ? resolver.sources(scope) : [];
  const joined = sources.filter(({ source }) => source.start < offset).flatMap(joinedTable);
  const taken = new Set(sources.map(({ name }) => foldName(name)));
  for (const { name } of request.statement.commonTables) taken.add(foldName(name.name));
  const tables = sources.filter(({ source }) => source.table !== undefined);
  return {
    schema,
    joined,
    taken,
    wantsAlias: sources.length > 0 && tables.every(({ source }) => source.alias !== undefined),
    wanted: wantedNames(request),
    joinWords: writtenJoin(request),
    separator: separator(request),
    on: writeKeyword('ON', keywords),
    and: writeKeyword('AND', keywords),
  };
}

/** A table; or the tables whose columns a common table or a subquery passes on. */
function joinedTable({ table, name, columns }: VisibleSource): JoinedTable[] {
  if (table) return [{ table: table.name, name }];
  const passed = new Map<string, Map<string, string>>();
  for (const { name: shown, stored } of columns ?? []) {
    if (!stored) continue;
    const known = passed.get(stored.table.name) ?? new Map<string, string>();
    passed.set(stored.table.name, known.set(foldName(stored.column.name), shown));
  }
  return name === '' ? [] : [...passed].map(([stored, names]) => ({ table: stored, name, columns: names }));
}

function passesOn({ columns }: JoinedTable, wanted: readonly string[]): boolean {
  return !columns || wanted.every((column) => columns.has(foldName(column)));
}

/** The words of the join that is being written, for the joins that follow it: `LEFT JOIN`. */
function writtenJoin({ before, keywords }: CompletionRequest): string {
  const found: string[] = [];
  for (let at = before.length - 1; at >= 0; at--) {
    const word = before[at]?.text.toUpperCase() ?? '';
    if (!joinWord.test(word)) break;
    found.unshift(word);
  }
  return writeKeyword(found.join(' ') || 'JOIN', keywords);
}

/** Further joins begin their own line when the JOIN does, at the same depth. */
function separator({ before, text }: CompletionRequest): string {
  const first = before.findLast((token, at) => {
    const [isJoin, follows] = [joinWord.test(token.text.toUpperCase()), joinWord.test(before[at - 1]?.text.toUpperCase() ?? '')];
    return isJoin && !follows;
  });
  if (!first) return ' ';
  const line = text.lastIndexOf('\n', first.start - 1) + 1;
  const lead = text.slice(line, first.start);
  return line > 0 && lead.trim() === '' ? `\n${lead}` : ' ';
}

/** Qualifiers and bare columns that no source in scope has. */
function wantedNames({ scope, resolver }: CompletionRequest): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map<string, string[]>();
  if (!scope) return wanted;
  for (const reference of scope.references) {
    const found = resolver.resolve(reference, scope);
    if (found.kind !== 'missing' || found.source !== undefined || !reference.name) continue;
    const key = reference.qualifier?.name ?? '';
    wanted.set(key, [...(wanted.get(key) ?? []), reference.name.name]);
  }
  return wanted;
}

/** Conditions by which the table joined last hangs on the ones before it, cheapest relation first. */
export function conditionProposals(request: CompletionRequest, last: Source | undefined): Proposal[] {
  const { scope, resolver, schema, keywords } = request;
  if (!scope || !last) return [];
  const sources = resolver.sources(scope);
  const own = sources.filter(({ source }) => source.start === last.start).flatMap(joinedTable);
  const earlier = sources.filter(({ source }) => source.start < last.start).reverse();
  const and = writeKeyword('AND', keywords);
  return own.flatMap((fresh) =>
    earlier.flatMap(joinedTable).flatMap((other, age) =>
      stepsBetween(schema.relationsBetween(fresh.table, other.table), other, fresh).map((step, at): Proposal => {
        const text = conditionText(step, other, fresh, and);
        const { origin, confidence } = step.relation;
        const doubt = origin === 'inferred' ? 1 - confidence : 0;
        return { kind: 'condition', label: text, insert: text, rank: age + at / 10 + doubt, steps: [step], table: fresh.table };
      }),
    ),
  );
}

/** Both directions of a table's relation to itself; only what both sides have the columns for. */
function stepsBetween(relations: readonly Relation[], other: JoinedTable, fresh: JoinedTable): JoinStep[] {
  return relations.flatMap((relation) => {
    const isSelf = foldName(relation.child) === foldName(relation.parent);
    const steps = (isSelf ? [false, true] : [false]).map((fanOut): JoinStep => ({ relation, from: other.table, to: fresh.table, fanOut }));
    return steps.filter(({ fanOut }) => {
      const freshIsChild = isSelf ? fanOut : foldName(relation.child) === foldName(fresh.table);
      const [child, parent] = freshIsChild ? [fresh, other] : [other, fresh];
      return passesOn(child, relation.childColumns) && passesOn(parent, relation.parentColumns);
    });
  });
}
