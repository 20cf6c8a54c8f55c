/**
 * Messages of the model process, checked on arrival: the other side may be another version or broken. Only what would
 * break the receiver is looked at; a message of another shape throws `process.wrongVersion`.
 */
import { JoineryError } from '../core/shared/errors.js';
import {
  type Candidate,
  type CandidateNotice,
  type GenerateParams,
  type GenerateResult,
  type InitializeParams,
  type LoadModelParams,
  type ModelFacts,
  type RuntimeFacts,
} from './modelProcess.js';

type FieldKind = 'string' | 'number' | 'boolean' | 'object' | 'array';
type Shape = Readonly<Record<string, FieldKind>>;

const runtimeShape: Shape = {
  protocolVersion: 'number',
  gpu: 'string',
  threads: 'number',
  gpuNames: 'array',
  cudaReady: 'boolean',
  cudaLibraries: 'string',
};
const modelShape: Shape = { chatTemplate: 'string', contextSize: 'number', sequences: 'number', vocabularySize: 'number' };
const candidateShape: Shape = { text: 'string', count: 'number', greedy: 'boolean', logProbability: 'number', finish: 'string' };
const resultShape: Shape = { candidates: 'array', stats: 'object' };
const noticeShape: Shape = { requestId: 'string', candidate: 'object' };
const generateShape: Shape = {
  requestId: 'string',
  prefix: 'array',
  prefixKey: 'string',
  rest: 'array',
  stop: 'array',
  maxTokens: 'number',
  candidates: 'number',
  temperature: 'number',
  seed: 'number',
  priority: 'string',
  deadlineMs: 'number',
};
const loadShape: Shape = { modelPath: 'string', modelId: 'string', promptVersion: 'string', contextSize: 'number', sequences: 'number' };
const initializeShape: Shape = { protocolVersion: 'number', gpu: 'string', maxThreads: 'number' };

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}

function checked<T>(value: unknown, shape: Shape, message: string): T {
  const fields = Object.entries(shape);
  const record = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const wrong = fields.find(([name, kind]) => kindOf(record[name]) !== kind);
  if (wrong) throw new JoineryError('process.wrongVersion', { message, field: wrong[0] });
  return value as T;
}

export function runtimeFactsOf(value: unknown): RuntimeFacts {
  return checked(value, runtimeShape, 'initialize');
}

export function modelFactsOf(value: unknown): ModelFacts {
  return checked(value, modelShape, 'loadModel');
}

export function candidateNoticeOf(value: unknown): CandidateNotice {
  const notice = checked<CandidateNotice>(value, noticeShape, 'candidate');
  checked<Candidate>(notice.candidate, candidateShape, 'candidate');
  return notice;
}

export function generateResultOf(value: unknown): GenerateResult {
  const result = checked<GenerateResult>(value, resultShape, 'generate');
  for (const candidate of result.candidates) checked<Candidate>(candidate, candidateShape, 'generate');
  return result;
}

export function tokenCountOf(value: unknown): number {
  if (typeof value !== 'number') throw new JoineryError('process.wrongVersion', { message: 'tokenCount' });
  return value;
}

export function generateParamsOf(value: unknown): GenerateParams {
  return checked(value, generateShape, 'generate');
}

export function loadModelParamsOf(value: unknown): LoadModelParams {
  return checked(value, loadShape, 'loadModel');
}

export function initializeParamsOf(value: unknown): InitializeParams {
  return checked(value, initializeShape, 'initialize');
}
