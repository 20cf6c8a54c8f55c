/** The string literal in the line below a comment of a program, and how new SQL takes its place. */
import { type CodeLanguage, sqlInsertion, sqlLiteral } from './sqlLiteral.js';
import { type TextRange } from './statementBelow.js';

const quoted = /"(?:[^"\\\n]|\\.)*"/.source;
const script = /`(?:[^`\\]|\\[\s\S])*`/.source;
const triple = /"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""/.source;

const literals: Readonly<Record<CodeLanguage, string>> = {
  typescript: script,
  javascript: script,
  python: `${triple}|${quoted}`,
  go: `${/`[^`]*`(?: \+ "`" \+ `[^`]*`)*/.source}|${quoted}`,
  java: `${triple}|${quoted}`,
  csharp: `${/@"(?:[^"]|"")*"/.source}|${quoted}`,
  rust: `${/r(?<fence>#*)"[\s\S]*?"\k<fence>/.source}|${quoted}`,
};

/** A declaration of parameters as this extension writes it. */
const declaredList = /\r?\n[ \t]*(?:const params =|let params =|params :=|params =|Object\[\] params =|object\[\] parameters =)[^\n]*/y;

export interface LiteralChange {
  readonly text: string;
  readonly language: CodeLanguage;
  readonly sql: string;
  readonly bound: boolean;
}

export type LiteralReplacement = TextRange & { readonly text: string };

/** `start` is the offset of the line below the comment. Undefined when no literal begins in that line. */
export function replaceLiteralBelow(start: number, { text, language, sql, bound }: LiteralChange): LiteralReplacement | undefined {
  const lineEnd = text.indexOf('\n', start);
  const pattern = new RegExp(literals[language], 'g');
  pattern.lastIndex = start;
  const found = pattern.exec(text);
  if (!found || (lineEnd >= 0 && found.index > lineEnd)) return undefined;
  const lead = text.slice(start, found.index);
  const indent = /^\s*/.exec(lead)?.[0] ?? '';
  const end = found.index + found[0].length;
  const plain = { start: found.index, end, text: sqlLiteral(sql, language, indent) };
  if (!bound) return plain;
  const isArgument = /\(\s*$/.test(lead);
  if (isArgument)
    return /^\s*\)/.test(text.slice(end)) ? { ...plain, text: sqlInsertion({ sql, language, place: 'arguments', indent, bound }) } : plain;
  const rest = /^;?[ \t]*(?=\r?\n|$)/.exec(text.slice(end));
  if (!rest) return plain;
  const written = sqlInsertion({ sql, language, place: 'expression', indent, bound });
  const terminator = written.includes('\n' + indent) && written !== plain.text ? '' : rest[0];
  declaredList.lastIndex = end + rest[0].length;
  const old = declaredList.exec(text)?.[0].length ?? 0;
  return { start: found.index, end: end + rest[0].length + old, text: `${written}${terminator}` };
}
