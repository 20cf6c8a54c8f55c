/** What is still to be typed of a formatted statement when part of it stands in the editor in the user's own spacing. */

/**
 * The rest of `sql` behind `begun`, compared without regard to white space and case. Undefined when `sql` does not begin so.
 */
export function continueStatement(begun: string, sql: string): string | undefined {
  let at = 0;
  for (const character of begun.replace(/\s+/g, '')) {
    while (at < sql.length && isSpace(sql.charAt(at))) at++;
    if (sql.charAt(at).toLowerCase() !== character.toLowerCase()) return undefined;
    at++;
  }
  const rest = sql.slice(at);
  if (rest.trim() === '') return undefined;
  return /\s$/.test(begun) || begun === '' ? rest.trimStart() : rest;
}

function isSpace(character: string): boolean {
  return /\s/.test(character);
}
