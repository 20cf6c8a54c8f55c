/** The statement in a server's answer: without reasoning, fence, words around it, and what follows its end. */

export function statementOf(answer: string, stops: readonly string[]): string {
  const spoken = answer.replace(/<think>[\s\S]*?(?:<\/think>|$)/g, '').trim();
  const fenced = /```(?:\w+)?[ \t]*\n?([\s\S]*?)(?:```|$)/.exec(spoken)?.[1];
  const text = fenced ?? spoken.slice(Math.max(0, spoken.search(/\b(?:SELECT|WITH|VALUES)\b/i)));
  const ends = stops.map((stop) => text.trimStart().indexOf(stop)).filter((at) => at >= 0);
  return text
    .trimStart()
    .slice(0, Math.min(...ends, text.length))
    .trimEnd();
}

/** What follows the beginning, blanks and case aside; undefined when the answer does not begin with it. */
export function continuationOf(statement: string, begun: string): string | undefined {
  let at = 0;
  for (const character of begun.replace(/\s+/g, '')) {
    while (/\s/.test(statement.charAt(at))) at++;
    if (statement.charAt(at).toLowerCase() !== character.toLowerCase()) return undefined;
    at++;
  }
  const rest = statement.slice(at);
  // A blank that the user has typed already is not typed twice.
  return /\s$/.test(begun) ? rest.trimStart() : rest;
}
