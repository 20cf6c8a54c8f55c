/**
 * Pieces of Markdown from text that somebody else wrote: names and values of a database must never become links or markup, because
 * hovers may hold command links. Knows nothing of what is said.
 */

/** As prose on one line: every mark is escaped, line breaks become spaces. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(/[\\`*_{}[\]()#+\-.!|<>~&$:"]/g, (mark) => `\\${mark}`);
}

/** As code inside a line. The fence is longer than any in the text; line breaks and controls become spaces. */
export function inlineCode(text: string): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  if (plain.trim() === '') return '` `';
  const fence = fenceFor(plain, 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/** As a block of code; the fence is longer than any in the text. */
export function codeBlock(language: string, text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A link that runs a command of the editor with one argument. The reader's editor decides which commands it lets through. */
export function commandLink(label: string, command: string, argument: unknown): string {
  // encodeURIComponent leaves parentheses, which would end the link.
  const encoded = encodeURIComponent(JSON.stringify([argument])).replace(/[()']/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `[${escapeMarkdown(label)}](command:${command}?${encoded})`;
}

function fenceFor(text: string, least: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(least, longest + 1));
}
