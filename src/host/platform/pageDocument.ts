/**
 * The HTML of a page: a strict content security policy, one script, one style sheet, and the data that the page starts with. Pure, so
 * that a browser can show the same document in a test; `pageHtml.ts` fills in what VS Code knows.
 */
export interface PageParts {
  /** Random, new for every document. */
  readonly nonce: string;
  /** The origin that styles, fonts and images of the extension come from. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
  /** Language of the words, such as `de`. */
  readonly language: string;
  readonly title: string;
  /** Name of the page, a class of the body. */
  readonly name: string;
  /** JSON that the page reads with `pageData`; must not hold secrets or rows. */
  readonly data: unknown;
}

export function pageDocument(parts: PageParts): string {
  const { nonce, source, script, style, language, title, name, data } = parts;
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    `img-src ${source} data: blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(style)}">
</head>
<body class="page-${escapeHtml(name)}">
<script type="application/json" id="page-data">${jsonInHtml(data)}</script>
<script nonce="${nonce}" src="${escapeHtml(script)}"></script>
</body>
</html>
`;
}

/** JSON that cannot end its script element, whatever names it holds. */
function jsonInHtml(data: unknown): string {
  return JSON.stringify(data ?? null).replaceAll('<', '\\u003c');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
