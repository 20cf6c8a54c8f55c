/** What the user chose, as the recipe that `joinery-trainer pipeline` reads. Paths in it are absolute. Writes no file. */

export interface TrainingChoices {
  /** Paths of databases. */
  readonly databases: readonly string[];
  /** Questions that the user accepted, corrected or edited. */
  readonly useAccepted: boolean;
  /** Questions of `*.joinery.yaml` with their statements. */
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
  /** JSONL of the pairs that were collected; absent when there are none. */
  readonly pairsFile?: string;
  /** Converted base weights, kept between runs. */
  readonly cache: string;
  /** How the trainer starts `joinery`. */
  readonly joinery: readonly string[];
  readonly threads: number;
}

/** Minutes between checkpoints: what a killed run loses at most. */
const checkpointMinutes = 2;

export function trainingRecipe(choices: TrainingChoices, places: RecipePlaces): string {
  const lines: readonly (readonly [string, string])[] = [
    ['base', text(places.basePath)],
    ['out', text(places.out)],
    ['cache', text(places.cache)],
    ['databases', list(choices.databases)],
    ['pairs', list(places.pairsFile === undefined ? [] : [places.pairsFile])],
    ['synthesise', String(choices.useSynthesis)],
    ['minutes', choices.minutes.toFixed(1)],
    ['threads', String(places.threads)],
    ['joinery', list(places.joinery)],
    ['checkpoint_minutes', checkpointMinutes.toFixed(1)],
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
