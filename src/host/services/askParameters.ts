/** Asks for the values of a statement's parameters, one after the other, with what was typed the last time in this workspace. */
import * as vscode from 'vscode';
import { findParameters, parameterValue } from '../../core/sql/findParameters.js';
import { type SqlValue } from '../../core/schema/types.js';
import { type Memory } from './memory.js';
import { ParameterMemory } from './parameterMemory.js';

/** By name as written; empty without parameters, undefined when the user gave up. */
export async function askParameters(sql: string, memory: Memory): Promise<Readonly<Record<string, SqlValue>> | undefined> {
  const parameters = findParameters(sql);
  if (parameters.length === 0) return {};
  const remembered = new ParameterMemory(memory);
  const known = remembered.values;
  const typed: Record<string, string> = {};
  for (const [at, { name }] of parameters.entries()) {
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t('Value of {0} ({1} of {2})', name, at + 1, parameters.length),
      prompt: vscode.l10n.t("A number, NULL, x'0f' for bytes, or a text; quotes keep '12' a text."),
      value: known[name] ?? '',
      ignoreFocusOut: true,
    });
    if (text === undefined) return undefined;
    typed[name] = text;
  }
  await remembered.add(typed);
  return Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, parameterValue(text)]));
}
