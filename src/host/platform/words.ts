/** Codes with arguments become sentences in the reader's language. Shows nothing itself. */
import * as vscode from 'vscode';
import { type Explanation } from '../../core/nl2sql/explainSql.js';
import { type Say } from '../../core/presentation/hoverWords.js';
import { type ErrorArguments, type ErrorCode, isJoineryError } from '../../core/shared/errors.js';
import { type TestFailure } from '../../core/questionTests/types.js';
import { errorSentences, fillSentence } from '../../engine/words/errorSentences.js';
import { explanationSentences } from '../../engine/words/explanationSentences.js';
import { hoverSentences } from '../../engine/words/hoverSentences.js';
import { testSentences } from '../../engine/words/testSentences.js';
import { editorNextSteps } from './errorWords.js';

export interface ErrorText {
  readonly sentence: string;
  readonly next: string;
}

/** Translated first, filled afterwards: values are never looked up in the table of translations. */
function fill(template: string, details: ErrorArguments): string {
  return fillSentence(vscode.l10n.t(template), details);
}

export function describeCode(code: ErrorCode, details: ErrorArguments): ErrorText {
  const words = errorSentences[code];
  return { sentence: fill(words.sentence, details), next: fill(editorNextSteps[code] ?? words.next, details) };
}

/** Anything that was thrown. What is not of the error family is a bug of ours: the log has it, the reader gets `internal`. */
export function describeThrown(error: unknown): ErrorText & { readonly code: ErrorCode } {
  if (isJoineryError(error)) return { code: error.code, ...describeCode(error.code, error.details) };
  return { code: 'internal', ...describeCode('internal', {}) };
}

export function explainInWords(parts: readonly Explanation[]): string {
  return parts.map((part) => fill(explanationSentences[part.code], part.args)).join(' ');
}

/** The words of hovers; arguments are Markdown already. */
export const sayHover: Say = (code, args = {}) => fill(hoverSentences[code], args);

export function describeTestFailure({ code, args }: TestFailure): string {
  return fill(testSentences[code], args);
}
