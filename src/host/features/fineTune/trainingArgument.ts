/** Choices that a caller gives with the command instead of answering questions: checked, for anybody may call it with anything. */
import path from 'node:path';
import { type TrainingChoices, trainingMethods } from '../../../engine/training/trainingRecipe.js';

/** Undefined for anything but whole choices: absolute paths of databases, a base, minutes above 0, a method that there is. */
export function trainingArgument(value: unknown): TrainingChoices | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { databases, base, minutes, method, useAccepted, useTests, useSynthesis } = value as Readonly<Record<string, unknown>>;
  if (!Array.isArray(databases) || databases.length === 0 || !databases.every(isAbsolutePath)) return undefined;
  if (typeof base !== 'string' || typeof minutes !== 'number' || !(minutes > 0)) return undefined;
  const known = trainingMethods.find((name) => name === method);
  if (method !== undefined && known === undefined) return undefined;
  const given = { databases, base, minutes, ...(known === undefined ? {} : { method: known }) };
  return { ...given, useAccepted: useAccepted === true, useTests: useTests === true, useSynthesis: useSynthesis === true };
}

function isAbsolutePath(value: unknown): value is string {
  return typeof value === 'string' && path.isAbsolute(value);
}
