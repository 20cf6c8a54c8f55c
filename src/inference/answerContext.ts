/** What one request is answered with: the loaded model and its states, how to stop, whom to tell. */
import { type Candidate } from '../protocol/modelProcess.js';
import { type BatchPace } from './batchPace.js';
import { type LoadedModel } from './loadModel.js';
import { type PrefixStates } from './prefixStates.js';
import { type StopSignal } from './stopSignal.js';

export interface AnswerContext {
  readonly loaded: LoadedModel;
  readonly states: PrefixStates;
  readonly pace: BatchPace;
  readonly stop: StopSignal;
  readonly giveWay: () => Promise<void>;
  readonly onCandidate: (candidate: Candidate) => void;
  readonly now: () => number;
  readonly queueMs: number;
}
