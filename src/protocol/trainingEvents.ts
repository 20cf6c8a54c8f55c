/**
 * What the trainer tells while it runs: one JSON object a line in `events.jsonl` of its run folder (`trainer/joinery_trainer/stages/events.py`
 * writes them). Lines are checked on arrival; it draws no conclusion from them.
 */

interface Told {
  /** Seconds since 1970. */
  readonly at: number;
  readonly stage: string;
  /** An English sentence of the trainer's for people; not every event has one. */
  readonly text?: string;
}

/** Accuracy on questions that training never saw, in percentage points of 0 to 100, of the model before and after, on the same `n` questions. */
export interface HeldOutScore {
  /** `held_out` are made questions, whose gain decides; `questions` are those that people wrote. */
  readonly set: string;
  readonly before: number;
  readonly after: number;
  /** 95 % interval of the paired gain, in percentage points. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

export interface SampleAnswer {
  readonly question: string;
  readonly before: string;
  readonly after: string;
  readonly rightBefore: boolean;
  readonly rightAfter: boolean;
}

export type TrainingEvent = Told &
  (
    | { readonly kind: 'plan'; readonly steps?: number; readonly minutes?: number; readonly questions?: number }
    | { readonly kind: 'step'; readonly step: number; readonly steps?: number; readonly loss?: number }
    | { readonly kind: 'reward'; readonly step: number; readonly reward: number; readonly components: Readonly<Record<string, number>> }
    | ({ readonly kind: 'gain' } & HeldOutScore)
    | { readonly kind: 'heldOutLoss'; readonly step: number; readonly loss: number }
    | ({ readonly kind: 'sample' } & SampleAnswer)
    | { readonly kind: 'saved' }
    | { readonly kind: 'warning' }
    /** A stage ended, or, with the stage `pipeline`, the whole run; `adapter` is a path. */
    | { readonly kind: 'done'; readonly adapter?: string; readonly accepted?: boolean }
    /** `code` is the exit status of `trainer/joinery_trainer/stages/errors.py`. */
    | { readonly kind: 'failed'; readonly code: number }
  );

type Fields = Readonly<Record<string, unknown>>;

/** Undefined for a line that is broken, unfinished, or of a kind that this version does not know. */
export function readTrainingEvent(line: string): TrainingEvent | undefined {
  const fields = fieldsOf(line);
  if (!fields) return undefined;
  const at = numberIn(fields, 'at');
  const { stage, kind, text } = fields;
  if (at === undefined || typeof stage !== 'string' || typeof kind !== 'string') return undefined;
  const values = readers[kind]?.(fields);
  return values && ({ at, stage, ...(typeof text === 'string' ? { text } : {}), ...values } as TrainingEvent);
}

function fieldsOf(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined; // Cut off by a process that died while writing; the caller counts such lines.
  }
}

const readers: Readonly<Record<string, ((fields: Fields) => Fields | undefined) | undefined>> = {
  plan: (fields) => ({ kind: 'plan', ...numbersIn(fields, ['steps', 'minutes', 'questions']) }),
  step: (fields) => withNumbers(fields, ['step'], { kind: 'step', ...numbersIn(fields, ['steps', 'loss']) }),
  reward: readReward,
  score: readScore,
  sample: readSample,
  saved: () => ({ kind: 'saved' }),
  warning: () => ({ kind: 'warning' }),
  done: ({ adapter, accepted }) => ({
    kind: 'done',
    ...(typeof adapter === 'string' && adapter !== '' ? { adapter } : {}),
    ...(typeof accepted === 'boolean' ? { accepted } : {}),
  }),
  failed: (fields) => ({ kind: 'failed', code: numberIn(fields, 'code') ?? 1 }),
};

/** The set whose gain decides. */
export const decidingSet = 'held_out';

/** The gain of the adapter, or, while a stage runs, a look at the held-out loss. */
function readScore(fields: Fields): Fields | undefined {
  const gain = withNumbers(fields, ['before', 'after', 'low', 'high', 'n'], {
    kind: 'gain',
    set: typeof fields['set'] === 'string' ? fields['set'] : decidingSet,
  });
  if (gain) return gain;
  const loss = numberIn(fields, 'loss') ?? numberIn(fields, 'eval_loss') ?? numberIn(fields, 'held_out_loss');
  const step = numberIn(fields, 'step');
  return loss === undefined || step === undefined ? undefined : { kind: 'heldOutLoss', step, loss };
}

/** Preferences tell by how much the better answer is ahead, instead of a reward. */
function readReward(fields: Fields): Fields | undefined {
  const reward = numberIn(fields, 'reward') ?? numberIn(fields, 'margins');
  return reward === undefined ? undefined : withNumbers(fields, ['step'], { kind: 'reward', reward, components: componentsOf(fields) });
}

function readSample(fields: Fields): Fields | undefined {
  const { question, before, after, right_before: rightBefore, right_after: rightAfter } = fields;
  if (typeof question !== 'string' || typeof before !== 'string' || typeof after !== 'string') return undefined;
  return { kind: 'sample', question, before, after, rightBefore: rightBefore === true, rightAfter: rightAfter === true };
}

/** Named components stand in an object of their own. */
function componentsOf({ components }: Fields): Readonly<Record<string, number>> {
  if (typeof components !== 'object' || components === null) return {};
  return Object.fromEntries(Object.entries(components).filter((entry): entry is [string, number] => isNumber(entry[1])));
}

/** `rest` with the named numbers; undefined when one of them is missing. */
function withNumbers(fields: Fields, names: readonly string[], rest: Fields): Fields | undefined {
  const found = numbersIn(fields, names);
  return Object.keys(found).length === names.length ? { ...rest, ...found } : undefined;
}

function numbersIn(fields: Fields, names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(names.flatMap((name) => (isNumber(fields[name]) ? [[name, fields[name]]] : [])));
}

function numberIn(fields: Fields, name: string): number | undefined {
  return numbersIn(fields, [name])[name];
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
