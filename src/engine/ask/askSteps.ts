/** Which steps of the pipeline run. Defaults follow measurements on Spider *train* databases: a step that did not pay is off. */
import { type AskSteps } from './types.js';

export const defaultSteps: AskSteps = {
  links: true,
  joins: true,
  values: true,
  demonstrations: true,
  grammar: true,
  lockJoins: true,
  completion: true,
  sketch: true,
  verify: true,
  repair: true,
  refusal: true,
  secondOpinion: true,
};

export const stepNames = Object.keys(defaultSteps) as readonly (keyof AskSteps)[];

/**
 * Reads a list such as `-joins,+sketch` against the defaults; `none` first switches everything off.
 * Returns undefined for an unknown name.
 */
export function parseSteps(text: string): AskSteps | undefined {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  const steps: Record<string, boolean> = { ...defaultSteps };
  for (const word of words) {
    if (word === 'none') {
      for (const name of stepNames) steps[name] = false;
      continue;
    }
    const name = word.replace(/^[+-]/, '');
    if (!(name in defaultSteps)) return undefined;
    steps[name] = !word.startsWith('-');
  }
  return steps as unknown as AskSteps;
}
