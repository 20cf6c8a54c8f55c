/** Rules for numbers and strings: strings come from the question and the data, free ones only when allowed (R2). */
import { type GrammarInput } from './types.js';
import { gbnfLiteral, type GrammarRules } from './grammarText.js';

const freeCharacters = 60;

/** Names of the string rules, '' where nothing could be written. */
export interface StringRules {
  readonly text: string;
  readonly pattern: string;
}

/** Defines `number` and `integer`. */
export function numberRules(rules: GrammarRules): void {
  rules.rule('number', '"-"? [0-9]{1,12} ("." [0-9]{1,6})?');
  rules.rule('count', '[1-9] [0-9]{0,5}');
}

/** Rules named `string` and `pattern`, with `suffix` for the strings of one column. */
export function stringRules(rules: GrammarRules, input: GrammarInput, own: readonly string[] = [], suffix = ''): StringRules {
  const literals = [...new Set([...own, ...input.literals])].map((text) => gbnfLiteral(text.replaceAll("'", "''")));
  if (literals.length === 0 && !input.freeLiterals) return { text: '', pattern: '' };
  const free = input.freeLiterals ? freeBody(rules) : '';
  const body = rules.rule(`literal${suffix}`, ...literals, free);
  return {
    text: rules.rule(`string${suffix}`, `"'" ${body} "'"`),
    pattern: rules.rule(`pattern${suffix}`, `"'" "%"? ${body} "%"? "'"`),
  };
}

function freeBody(rules: GrammarRules): string {
  return rules.rule('free', `([^'\\n\\r] | "''"){0,${String(freeCharacters)}}`);
}
