/** What a language of the editor means here: the sign of its comments, and how it writes a string when it is not SQL. */
import { type CommentMarker } from '../../core/presentation/commentQuestion.js';
import { type CodeLanguage } from '../../core/presentation/sqlLiteral.js';

export type DocumentLanguage =
  | { readonly kind: 'sql'; readonly marker: CommentMarker }
  | { readonly kind: 'code'; readonly marker: CommentMarker; readonly code: CodeLanguage };

const code = (marker: CommentMarker, language: CodeLanguage): DocumentLanguage => ({ kind: 'code', marker, code: language });
const sql: DocumentLanguage = { kind: 'sql', marker: '--' };

const languages: ReadonlyMap<string, DocumentLanguage> = new Map([
  ['sql', sql],
  ['sqlite', sql],
  ['typescript', code('//', 'typescript')],
  ['typescriptreact', code('//', 'typescript')],
  ['javascript', code('//', 'javascript')],
  ['javascriptreact', code('//', 'javascript')],
  ['python', code('#', 'python')],
  ['go', code('//', 'go')],
  ['java', code('//', 'java')],
  ['csharp', code('//', 'csharp')],
  ['rust', code('//', 'rust')],
]);

export const languageIds: readonly string[] = [...languages.keys()];

/** Undefined for languages that Joinery leaves alone. */
export function documentLanguage(languageId: string): DocumentLanguage | undefined {
  return languages.get(languageId);
}
