/**
 * Facts about whole rules that hold for every scope, and the refusal of grammars that no matcher could walk: unknown
 * names, missing root, left recursion.
 */
import { JoineryError } from '../shared/errors.js';
import { type GbnfExpression, type GbnfRules } from './parseGbnf.js';

/** Throws `internal` naming the rule when a grammar cannot be walked. */
export function checkRules(rules: GbnfRules, isMark: (name: string) => boolean): void {
  if (!rules.has('root')) throw new JoineryError('internal', { reason: 'the grammar has no rule root' });
  const firsts = new Map<string, readonly string[]>();
  const nullable = rulesThatMayBeEmpty(rules, () => true);
  for (const [name, expression] of rules) {
    for (const used of references(expression)) {
      if (!rules.has(used)) throw new JoineryError('internal', { reason: `rule ${name} names ${used}, which is missing` });
    }
    if (!isMark(name)) firsts.set(name, leadingReferences(expression, nullable));
  }
  refuseCycles(firsts);
}

/** Rules that can end without passing a mark, whatever text they eat. */
export function rulesWithoutMarks(rules: GbnfRules, isMark: (name: string) => boolean): ReadonlySet<string> {
  return fixpoint(rules, (expression, known) => passable(expression, (name) => !isMark(name) && known.has(name), true));
}

function rulesThatMayBeEmpty(rules: GbnfRules, allowed: (name: string) => boolean): ReadonlySet<string> {
  return fixpoint(rules, (expression, known) => passable(expression, (name) => allowed(name) && known.has(name), false));
}

function fixpoint(rules: GbnfRules, holds: (expression: GbnfExpression, known: ReadonlySet<string>) => boolean): ReadonlySet<string> {
  const known = new Set<string>();
  // Builders define rules before or after use; going backwards as well settles most chains in one round.
  const order = [...rules].reverse();
  for (let size = -1; size !== known.size; ) {
    size = known.size;
    for (const [name, expression] of order) if (!known.has(name) && holds(expression, known)) known.add(name);
  }
  return known;
}

function passable(expression: GbnfExpression, reference: (name: string) => boolean, eats: boolean): boolean {
  switch (expression.kind) {
    case 'literal':
      return eats || expression.codePoints.length === 0;
    case 'class':
      return eats;
    case 'reference':
      return reference(expression.name);
    case 'sequence':
      return expression.items.every((item) => passable(item, reference, eats));
    case 'choice':
      return expression.items.some((item) => passable(item, reference, eats));
    case 'repeat':
      return expression.min === 0 || passable(expression.item, reference, eats);
  }
}

function references(expression: GbnfExpression): readonly string[] {
  switch (expression.kind) {
    case 'literal':
    case 'class':
      return [];
    case 'reference':
      return [expression.name];
    case 'sequence':
    case 'choice':
      return expression.items.flatMap(references);
    case 'repeat':
      return references(expression.item);
  }
}

/** Rules that can be entered before any character is eaten. */
function leadingReferences(expression: GbnfExpression, nullable: ReadonlySet<string>): readonly string[] {
  switch (expression.kind) {
    case 'choice':
      return expression.items.flatMap((item) => leadingReferences(item, nullable));
    case 'repeat':
      return leadingReferences(expression.item, nullable);
    case 'sequence': {
      const result: string[] = [];
      for (const item of expression.items) {
        result.push(...leadingReferences(item, nullable));
        if (!passable(item, (name) => nullable.has(name), false)) break;
      }
      return result;
    }
    case 'literal':
    case 'class':
    case 'reference':
      return references(expression);
  }
}

function refuseCycles(edges: ReadonlyMap<string, readonly string[]>): void {
  const done = new Set<string>();
  const visit = (name: string, path: ReadonlySet<string>): void => {
    if (path.has(name)) throw new JoineryError('internal', { reason: `rule ${name} is left-recursive` });
    if (done.has(name)) return;
    const longer = new Set(path).add(name);
    for (const next of edges.get(name) ?? []) visit(next, longer);
    done.add(name);
  };
  for (const name of edges.keys()) visit(name, new Set());
}
