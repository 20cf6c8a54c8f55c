/** Rules for numbers and strings: strings come from the question and the data, free ones only when allowed (R2). */
import { type GrammarInput } from './types.js';
import { gbnfLiteral, type GrammarRules } from './grammarText.js';

const freeCharacters = 60;

/** Names of the string rules, '' where nothing could be written. */
export interface StringRules {
  readonly text: string;
  readonly pattern: string;
}

/** Names of the number rules, '' where no number may be written. */
export interface NumberRules {
  readonly rows: string;
  readonly other: string;
}

/** Defines the number rules and `count`. */
export function numberRules(rules: GrammarRules, input: GrammarInput): NumberRules {
  rules.rule('count', '[1-9] [0-9]{0,5}');
  if (!input.numbers) {
    const any = rules.rule('number', '"-"? [0-9]{1,12} ("." [0-9]{1,6})?');
    return { rows: any, other: any };
  }
  const list = (name: string, texts: readonly string[]): string =>
    texts.length === 0 ? '' : rules.rule(name, `"-"? (${[...new Set(texts)].map(gbnfLiteral).join(' | ')})`);
  return { rows: list('number-rows', input.numbers.rows), other: list('number', input.numbers.other) };
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
