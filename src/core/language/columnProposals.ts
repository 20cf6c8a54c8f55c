/** Columns that can be named at a place: of one source, or of every source in scope, qualified where two have the name. */
import { foldName } from '../graph/tableKeys.js';
import { quoteIdentifier } from '../sql/quote.js';
import { type Proposal } from './proposal.js';
import { type NameResolver, type VisibleColumn, type VisibleSource } from './resolveNames.js';
import { type Scope } from './syntax.js';

/** Columns of one source, behind its qualifier. Keys come first, then the order of the table. */
export function memberProposals(source: VisibleSource): Proposal[] {
  return (source.columns ?? []).map((column, at) => columnProposal(column, source, quoteIdentifier(column.name), columnRank(column, at)));
}

function columnRank({ stored }: VisibleColumn, at: number): number {
  return (stored?.column.primaryKey ? 0 : 1) + at / 10_000;
}

function columnProposal(column: VisibleColumn, source: VisibleSource, insert: string, rank: number): Proposal {
  const { stored } = column;
  const isKey = (stored?.column.primaryKey ?? 0) > 0;
  const type = stored?.column.type ?? '';
  const owner = source.table && foldName(source.table.name) === foldName(source.name) ? '' : ` ${source.name}`;
  return {
    kind: isKey ? 'key' : 'column',
    label: insert,
    ...(type === '' && owner === '' ? {} : { detail: ` ${type}`.trimEnd() }),
    description: source.table?.name ?? source.commonTable?.name.name ?? source.name,
    insert,
    filter: column.name,
    rank,
    ...(stored ? { table: stored.table.name, column: stored.column.name } : {}),
  };
}

/**
 * Columns of the scope and of those around it. A name that two sources of the scope have is offered once for each, qualified; with
 * several sources every column is qualified, as people then write.
 */
export function scopeColumnProposals(resolver: NameResolver, scope: Scope, used: ReadonlySet<string>): Proposal[] {
  const proposals: Proposal[] = [];
  let depth = 0;
  for (let at: Scope | undefined = scope; at; at = at.parent, depth++) {
    const sources = resolver.sources(at);
    const isQualified = sources.length > 1 || depth > 0;
    sources.forEach((source, order) => {
      const prefix = isQualified && source.name !== '' ? `${quoteIdentifier(source.name)}.` : '';
      (source.columns ?? []).forEach((column, place) => {
        const insert = prefix + quoteIdentifier(column.name);
        const rank = 100 + depth * 200 + order / 100 + place / 10_000 + (used.has(foldName(insert)) ? 20 : 0);
        proposals.push(columnProposal(column, source, insert, rank));
      });
    });
  }
  return proposals;
}

/** Sources of a scope as qualifiers: `o` for `orders o`. */
export function aliasProposals(resolver: NameResolver, scope: Scope): Proposal[] {
  return resolver.sources(scope).flatMap((source): Proposal[] => {
    if (source.name === '') return [];
    const table = source.table?.name ?? source.commonTable?.name.name;
    return [
      {
        kind: 'alias',
        label: quoteIdentifier(source.name),
        ...(table === undefined || foldName(table) === foldName(source.name) ? {} : { description: table }),
        insert: `${quoteIdentifier(source.name)}.`,
        filter: source.name,
        rank: 180,
        ...(source.table ? { table: source.table.name } : {}),
        goesOn: true,
      },
    ];
  });
}
