/** Names coloured by what they mean: only those that are known, so that a name without colour is one that nothing has. */
import { type LanguageSchema } from './languageSchema.js';
import { type NamedThing, nameUses } from './nameAt.js';
import { NameResolver } from './resolveNames.js';
import { type Script } from './script.js';
import { type semanticModifiers, type semanticTypes } from './semanticLegend.js';
import { functionForms } from './sqlFunctions.js';

export interface SemanticToken {
  readonly start: number;
  readonly length: number;
  readonly type: (typeof semanticTypes)[number];
  readonly modifiers: readonly (typeof semanticModifiers)[number][];
}

/** In the order of the text. `from` and `to` are offsets; statements outside of them are left out. */
export function semanticSql(script: Script, schema: LanguageSchema, from = 0, to = Infinity): readonly SemanticToken[] {
  const resolver = new NameResolver(schema);
  const tokens = script.statements.flatMap((stored): SemanticToken[] => {
    if (stored.end < from || stored.start > to) return [];
    const statement = script.read(stored);
    const names = nameUses(statement, resolver).flatMap(({ name, thing, isDeclaration }): SemanticToken[] => {
      const look = lookOf(thing);
      if (!look) return [];
      const modifiers = [...(isDeclaration ? (['declaration'] as const) : []), ...look.modifiers];
      return [{ start: name.start, length: name.end - name.start, type: look.type, modifiers }];
    });
    const parameters = stored.tokens.flatMap(({ kind, start, text }): SemanticToken[] =>
      kind === 'parameter' ? [{ start, length: text.length, type: 'parameter', modifiers: [] }] : [],
    );
    return [...names, ...parameters];
  });
  const seen = new Set<number>();
  return tokens.sort((a, b) => a.start - b.start).filter(({ start }) => !seen.has(start) && seen.add(start));
}

function lookOf(thing: NamedThing): Pick<SemanticToken, 'type' | 'modifiers'> | undefined {
  switch (thing.kind) {
    case 'table':
      return { type: 'class', modifiers: thing.table.kind === 'view' ? ['readonly'] : [] };
    case 'commonTable':
      return { type: 'type', modifiers: [] };
    case 'alias':
    case 'result':
      return { type: 'variable', modifiers: [] };
    case 'column':
    case 'declared':
      return { type: 'property', modifiers: [] };
    case 'function':
      return functionForms(thing.call.name.name).length > 0 ? { type: 'function', modifiers: ['defaultLibrary'] } : undefined;
  }
}
