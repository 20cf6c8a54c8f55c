/** The function whose arguments are being written, its forms, and which argument it is. */
import { type SqlFunction, functionForms } from './sqlFunctions.js';
import { type Statement } from './syntax.js';

export interface SignatureAt {
  readonly forms: readonly SqlFunction[];
  /** Form that takes as many arguments as there are, from 0. */
  readonly active: number;
  /** From 0; within a form that repeats its last parameter, that one. */
  readonly parameter: number;
}

export function signatureAt({ calls }: Statement, offset: number): SignatureAt | undefined {
  const call = calls.findLast(({ open, close }) => open < offset && offset < close);
  const forms = call ? functionForms(call.name.name) : [];
  if (!call || forms.length === 0) return undefined;
  const position = call.commas.filter((comma) => comma < offset).length;
  const fitting = forms.findIndex(({ parameters }) => parameters.length > call.commas.length || parameters.at(-1) === '…');
  const active = Math.max(0, fitting);
  const last = (forms[active]?.parameters.length ?? 1) - 1;
  return { forms, active, parameter: Math.min(position, Math.max(0, last)) };
}
