/**
 * Messages between the training page and the extension. The extension sends the whole state whenever it changed (it is small, for curves are
 * thinned); the page draws it and says which button was pressed. Messages are checked on arrival, for a page may be older than the extension.
 */
import { type HeldOutScore, type SampleAnswer } from './trainingEvents.js';
import { type TrainingWords } from './trainingWords.js';

/** What the page's document holds from the start. */
export interface TrainingPageData {
  readonly words: TrainingWords;
}

export type StageStatus = 'waiting' | 'running' | 'done' | 'failed';

export interface StageProgress {
  readonly name: string;
  readonly status: StageStatus;
  readonly step: number;
  /** 0 while it is not known. */
  readonly steps: number;
  /** Planned minutes; absent when the stage planned none. */
  readonly minutes?: number;
  readonly questions?: number;
  /** Seconds since 1970. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** The trainer's last sentence. */
  readonly text: string;
}

export type CurveKind = 'loss' | 'heldOutLoss' | 'reward' | 'component';

export interface Curve {
  readonly stage: string;
  readonly kind: CurveKind;
  /** Of the component; empty for the others. */
  readonly name: string;
  readonly points: readonly (readonly [step: number, value: number])[];
}

/** What the events of a run add up to. */
export interface TrainingProgress {
  readonly stages: readonly StageProgress[];
  readonly curves: readonly Curve[];
  readonly samples: readonly SampleAnswer[];
  readonly warnings: readonly string[];
  /** One per set of questions. */
  readonly scores: readonly HeldOutScore[];
  /** Seconds since 1970 of the last event; 0 before the first. */
  readonly lastAt: number;
  readonly end?: TrainingEnd;
}

export type TrainingEnd =
  | { readonly kind: 'done'; readonly adapter?: string; readonly accepted: boolean }
  | { readonly kind: 'failed'; readonly code: number; readonly text: string };

/** `preparing` the Python environment or the model; `interrupted` the process is gone without a word; `stopped` for lack of disk or memory. */
export const runStatuses = [
  'preparing',
  'running',
  'paused',
  'stopping',
  'finished',
  'failed',
  'interrupted',
  'stopped',
  'cancelled',
] as const;
export type RunStatus = (typeof runStatuses)[number];

export const trainingActions = ['pause', 'resume', 'cancel', 'accept', 'rollBack', 'showLog'] as const;
export type TrainingAction = (typeof trainingActions)[number];

/** A run as the page shows it. Texts are in the reader's language. */
export interface RunView {
  readonly status: RunStatus;
  /** Labels of its databases. */
  readonly databases: readonly string[];
  readonly base: string;
  readonly minutes: number;
  /** What is going on, or why it ended, as a sentence; may be empty. */
  readonly message: string;
  readonly progress: TrainingProgress;
}

/** An adapter that was accepted in this workspace. */
export interface AdapterView {
  readonly id: string;
  readonly base: string;
  /** When it was made, in the reader's language. */
  readonly made: string;
  readonly databases: readonly string[];
  /** What it learnt from, such as "40 accepted answers, synthesis". */
  readonly learntFrom: string;
  readonly score: HeldOutScore;
  readonly isCurrent: boolean;
}

export interface TrainingState {
  readonly run?: RunView;
  readonly adapters: readonly AdapterView[];
  /** Which buttons can be pressed now. */
  readonly actions: readonly TrainingAction[];
}

export interface ToTrainingPage {
  readonly type: 'state';
  readonly state: TrainingState;
}

export type FromTrainingPage =
  | { readonly type: 'ready' }
  | { readonly type: 'start' }
  | { readonly type: TrainingAction }
  /** An adapter that shall answer from now on; without an id the model as shipped. */
  | { readonly type: 'use'; readonly id?: string };

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** Undefined for anything that a page of ours does not send. */
export function readTrainingPageMessage(value: unknown): FromTrainingPage | undefined {
  if (!isFields(value)) return undefined;
  const { type, id } = value;
  if (type === 'ready' || type === 'start') return { type };
  if (type === 'use') return id === undefined || isText(id) ? { type, ...(isText(id) ? { id } : {}) } : undefined;
  return trainingActions.some((action) => action === type) ? { type: type as TrainingAction } : undefined;
}

/** Only the shape is looked at: state comes from the extension, or from an earlier life of the page. */
export function readTrainingState(value: unknown): TrainingState | undefined {
  if (!isFields(value) || !Array.isArray(value['adapters']) || !Array.isArray(value['actions'])) return undefined;
  const { run } = value;
  if (run !== undefined && !isRun(run)) return undefined;
  return value as unknown as TrainingState;
}

function isRun(run: unknown): boolean {
  if (!isFields(run) || !runStatuses.some((status) => status === run['status']) || !Array.isArray(run['databases'])) return false;
  const { progress } = run;
  return isFields(progress) && ['stages', 'curves', 'samples', 'warnings', 'scores'].every((name) => Array.isArray(progress[name]));
}

export function readTrainingHostMessage(value: unknown): ToTrainingPage | undefined {
  if (!isFields(value) || value['type'] !== 'state') return undefined;
  const state = readTrainingState(value['state']);
  return state && { type: 'state', state };
}
