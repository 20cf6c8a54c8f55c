/** What the user chose, as the recipe that `joinery-trainer pipeline` reads. Paths in it are absolute. Writes no file. */

export interface TrainingChoices {
  /** Paths of databases. */
  readonly databases: readonly string[];
  /** Questions that the user accepted, corrected or edited. */
  readonly useAccepted: boolean;
  /** Questions of `*.joinery.yaml` with their statements: compared before and after, never learnt from. */
  readonly useTests: boolean;
  /** Questions made from the schema. */
  readonly useSynthesis: boolean;
  /** Minutes of training. */
  readonly minutes: number;
  /** Id of the base model. */
  readonly base: string;
}

export interface RecipePlaces {
  /** Run folder. */
  readonly out: string;
  /** GGUF file of the base model. */
  readonly basePath: string;
  /** JSONL of pairs to learn from; absent when there are none. */
  readonly accepted?: string;
  /** JSONL of questions to measure with; absent when there are none. */
  readonly questions?: string;
  /** False keeps stored values out of the prompts. */
  readonly showValues: boolean;
  /** Converted base weights, kept between runs. */
  readonly cache: string;
  /** How the trainer starts `joinery`. */
  readonly joinery: readonly string[];
  readonly threads: number;
}

/** Made questions of one database; the trainer wants one at least, and always makes those that measure. */
const madePairs = { some: 1_000, none: 1 } as const;

export function trainingRecipe(choices: TrainingChoices, places: RecipePlaces): string {
  const files = (file: string | undefined): string => list(file === undefined ? [] : [file]);
  const lines: readonly (readonly [string, string])[] = [
    ['base', text(places.basePath)],
    ['model', text(choices.base)],
    ['out', text(places.out)],
    ['cache', text(places.cache)],
    ['databases', list(choices.databases)],
    ['accepted', files(places.accepted)],
    ['questions', files(places.questions)],
    ['pairs', String(choices.useSynthesis ? madePairs.some : madePairs.none)],
    ['minutes', choices.minutes.toFixed(1)],
    ['values', String(places.showValues)],
    ['threads', String(places.threads)],
    ['joinery', list(places.joinery)],
  ];
  return `# Written by Joinery for one run.\n[pipeline]\n${lines.map(([key, value]) => `${key} = ${value}\n`).join('')}`;
}

/** TOML's basic strings are JSON's, but for DEL, which must be escaped too. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(', ')}]`;
}
