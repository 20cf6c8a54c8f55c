/** What the user chose, as the recipe that `joinery-trainer pipeline` reads. Paths in it are absolute. Writes no file. */

/** Fine-tuning alone; then answers that earn rewards by running; or learning from better and worse answers between the two. */
export type TrainingMethod = 'tune' | 'rewards' | 'all';

export const trainingMethods: readonly TrainingMethod[] = ['tune', 'rewards', 'all'];

export interface TrainingChoices {
  /** Paths of databases. */
  readonly databases: readonly string[];
  /** Questions that the user accepted, corrected or edited. */
  readonly useAccepted: boolean;
  /** Questions of `*.joinery.yaml` with their statements: compared before and after, never learnt from. */
  readonly useTests: boolean;
  /** Questions made from the schema. */
  readonly useSynthesis: boolean;
  /** Minutes of training, shared among the steps of the method. */
  readonly minutes: number;
  /** Fine-tuning alone when absent. */
  readonly method?: TrainingMethod;
  /** Id of the base model. */
  readonly base: string;
}

export interface RecipePlaces {
  /** Run folder. */
  readonly out: string;
  /** GGUF file of the base model. */
  readonly basePath: string;
  /** The adapter that answers until now, to go on from; absent when the model answers as it was fetched. */
  readonly start?: string;
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

/** Questions that measure, over all databases; and the fewest of one, for each counts. */
const measuredInAll = 200;
const measuredOfOne = 40;

/** Made questions of each database that measure: what they tell follows from their number in all, and so does the time to ask them. */
export function heldOutPerDatabase(databases: number): number {
  return Math.max(measuredOfOne, Math.ceil(measuredInAll / Math.max(1, databases)));
}

/** Shares of the minutes. Rewards need an adapter that is often right already: fine-tuning never gets less than the others. */
const shares: Readonly<Record<TrainingMethod, { readonly sft: number; readonly mdpo: number; readonly grpo: number }>> = {
  tune: { sft: 1, mdpo: 0, grpo: 0 },
  rewards: { sft: 0.5, mdpo: 0, grpo: 0.5 },
  all: { sft: 0.4, mdpo: 0.2, grpo: 0.4 },
};

export interface PlannedWork {
  readonly budgetMinutes: number;
  /** Adapters, one at the end of each step, that are compared with the model as it is. */
  readonly adapters: number;
  /** Whether the model also answers by itself and earns rewards. */
  readonly hasRewards: boolean;
  /** Questions that each adapter, and the model as it is, will be asked. */
  readonly questions: number;
}

/** What the choices ask of the machine; `tests` counts the user's own questions among those that measure. */
export function plannedWork({ databases, minutes, method = 'tune' }: TrainingChoices, tests: number): PlannedWork {
  const share = shares[method];
  const adapters = Object.values(share).filter((part) => part > 0).length;
  const questions = databases.length * heldOutPerDatabase(databases.length) + tests;
  return { budgetMinutes: minutes, adapters, hasRewards: share.grpo > 0, questions };
}

export function trainingRecipe(choices: TrainingChoices, places: RecipePlaces): string {
  const files = (file: string | undefined): string => list(file === undefined ? [] : [file]);
  const share = shares[choices.method ?? 'tune'];
  const minutes = (part: number): string => (choices.minutes * part).toFixed(1);
  const lines: readonly (readonly [string, string])[] = [
    ['base', text(places.basePath)],
    ['model', text(choices.base)],
    ...(places.start === undefined ? [] : [['start', text(places.start)] as const]),
    ['out', text(places.out)],
    ['cache', text(places.cache)],
    ['databases', list(choices.databases)],
    ['accepted', files(places.accepted)],
    ['questions', files(places.questions)],
    ['pairs', String(choices.useSynthesis ? madePairs.some : madePairs.none)],
    ['held_out', String(heldOutPerDatabase(choices.databases.length))],
    ['minutes', minutes(share.sft)],
    ['mdpo_minutes', minutes(share.mdpo)],
    ['grpo_minutes', minutes(share.grpo)],
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
