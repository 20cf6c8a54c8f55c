/**
 * Facts about whole rules that hold for every scope, and the refusal of grammars that no matcher could walk: unknown
 * names, missing root, left recursion.
 */
import { JoineryError } from '../shared/errors.js';
import { type GbnfExpression, type GbnfRules } from './parseGbnf.js';

/** Throws `internal` naming the rule when a grammar cannot be walked; else the rules that can end without passing a mark, whatever text they eat. */
export function checkRules(rules: GbnfRules, isMark: (name: string) => boolean): ReadonlySet<string> {
  if (!rules.has('root')) throw new JoineryError('internal', { reason: 'the grammar has no rule root' });
  const order = calledFirst(rules);
  refuseLeftRecursion(
    rules,
    fixpoint(order, () => true, false),
  );
  return fixpoint(order, (name) => !isMark(name), true);
}

type OrderedRules = readonly (readonly [string, GbnfExpression])[];

/** Rules that can be passed by eating nothing, or with `eats` anything, through rules that `allowed` accepts. */
function fixpoint(order: OrderedRules, allowed: (name: string) => boolean, eats: boolean): ReadonlySet<string> {
  const known = new Set<string>();
  const isKnown = (name: string): boolean => known.has(name) && allowed(name);
  for (let size = -1; size !== known.size;) {
    size = known.size;
    for (const [name, expression] of order) if (!known.has(name) && passable(expression, isKnown, eats)) known.add(name);
  }
  return known;
}

/** Rules after those that they call where no recursion stands against it, so that facts settle in one round. Throws when one is missing. */
function calledFirst(rules: GbnfRules): OrderedRules {
  const result: [string, GbnfExpression][] = [];
  const seen = new Set<string>();
  const visit = (name: string, expression: GbnfExpression): void => {
    seen.add(name);
    eachReference(expression, (used) => {
      if (seen.has(used)) return;
      const called = rules.get(used);
      if (called === undefined) throw new JoineryError('internal', { reason: `rule ${name} names ${used}, which is missing` });
      visit(used, called);
    });
    result.push([name, expression]);
  };
  for (const [name, expression] of rules) if (!seen.has(name)) visit(name, expression);
  return result;
}

function passable(expression: GbnfExpression, reference: (name: string) => boolean, eats: boolean): boolean {
  switch (expression.kind) {
    case 'literal':
      return eats || expression.text === '';
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

function eachReference(expression: GbnfExpression, found: (name: string) => void): void {
  switch (expression.kind) {
    case 'literal':
    case 'class':
      return;
    case 'reference':
      found(expression.name);
      return;
    case 'sequence':
    case 'choice':
      for (const item of expression.items) eachReference(item, found);
      return;
    case 'repeat':
      eachReference(expression.item, found);
  }
}

/** Visits rules that can be entered before any character is eaten. */
function eachLeadingReference(expression: GbnfExpression, nullable: (name: string) => boolean, found: (name: string) => void): void {
  switch (expression.kind) {
    case 'choice':
      for (const item of expression.items) eachLeadingReference(item, nullable, found);
      return;
    case 'repeat':
      eachLeadingReference(expression.item, nullable, found);
      return;
    case 'sequence':
      for (const item of expression.items) {
        eachLeadingReference(item, nullable, found);
        if (!passable(item, nullable, false)) return;
      }
      return;
    case 'literal':
    case 'class':
    case 'reference':
      eachReference(expression, found);
  }
}

function refuseLeftRecursion(rules: GbnfRules, empty: ReadonlySet<string>): void {
  const done = new Set<string>();
  const open = new Set<string>();
  const nullable = (name: string): boolean => empty.has(name);
  const visit = (name: string): void => {
    if (open.has(name)) throw new JoineryError('internal', { reason: `rule ${name} is left-recursive` });
    const expression = rules.get(name);
    if (done.has(name) || expression === undefined) return;
    open.add(name);
    eachLeadingReference(expression, nullable, visit);
    open.delete(name);
    done.add(name);
  };
  for (const name of rules.keys()) visit(name);
}
