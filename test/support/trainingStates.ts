/** States of the training page, as the extension would send them at points of a run. */
import { type AdapterView, type Curve, type RunView, type TrainingState } from '../../src/protocol/trainingPage.js';

const curve = (more: Pick<Curve, 'stage' | 'kind' | 'name'>, count: number, value: (at: number) => number): Curve => ({
  ...more,
  points: Array.from({ length: count }, (_, at) => [at * 5 + 1, value(at)] as const),
});

export const samples = [
  {
    question: 'customers <b>per</b> city',
    before: 'SELECT city FROM customers',
    after: 'SELECT c.city, COUNT(*)\nFROM customers AS c\nGROUP BY c.city',
    rightBefore: false,
    rightAfter: true,
  },
  { question: 'latest order', before: 'SELECT MAX(ordered_at) FROM orders', after: 'SELECT MAX(ordered_at) FROM orders', rightBefore: true, rightAfter: true }, // prettier-ignore
];

export const running: RunView = {
  status: 'running',
  databases: ['data/shop.db', 'data/<i>odd</i>.db'],
  base: 'qwen2.5-coder-0.5b',
  minutes: 20,
  message: '',
  progress: {
    stages: [
      { name: 'synthesise', status: 'done', step: 0, steps: 0, questions: 1840, text: '' },
      { name: 'before', status: 'done', step: 0, steps: 0, text: '' },
      {
        name: 'sft',
        status: 'running',
        step: 120,
        steps: 400,
        minutes: 18,
        questions: 1840,
        text: 'step 120 of 400, loss 0.412, 13 min left',
      },
      { name: 'grpo', status: 'waiting', step: 0, steps: 0, text: '' },
      { name: 'after', status: 'waiting', step: 0, steps: 0, text: '' },
    ],
    curves: [
      curve({ stage: 'sft', kind: 'loss', name: '' }, 60, (at) => 1.8 * Math.exp(-at / 18) + 0.35 + 0.05 * Math.sin(at * 1.7)),
      curve({ stage: 'sft', kind: 'heldOutLoss', name: '' }, 12, (at) => 1.6 * Math.exp(-at / 4) + 0.45),
      curve({ stage: 'grpo', kind: 'reward', name: '' }, 30, (at) => 0.3 + 0.4 * (1 - Math.exp(-at / 12)) + 0.04 * Math.sin(at * 2.1)),
      curve({ stage: 'grpo', kind: 'component', name: 'execution' }, 30, (at) => 0.2 + 0.35 * (1 - Math.exp(-at / 12))),
      curve({ stage: 'grpo', kind: 'component', name: 'format' }, 30, () => 0.1),
    ],
    samples,
    warnings: [],
    scores: [],
    lastAt: 100,
  },
};

export const better = { set: 'held_out', before: 31.5, after: 46, low: 8.5, high: 21, n: 200 };
export const written = { set: 'questions', before: 40, after: 46.7, low: -2, high: 15.2, n: 60 };

export const finished: RunView = {
  ...running,
  status: 'finished',
  progress: {
    ...running.progress,
    stages: running.progress.stages.map((stage) => ({ ...stage, status: 'done' as const })),
    scores: [written, better],
    end: { kind: 'done', accepted: true, adapter: '/r/adapter.gguf' },
  },
};

export const adapters: readonly AdapterView[] = [
  { id: 'a', base: 'qwen2.5-coder-0.5b', made: '20 Nov 2026, 10:00', databases: ['data/shop.db'], learntFrom: '40 kept answers', score: better, isCurrent: false }, // prettier-ignore
  { id: 'b', base: 'qwen2.5-coder-0.5b', made: '21 Nov 2026, 12:00', databases: ['data/shop.db', 'data/hr.db'], learntFrom: 'questions made from the schema', score: better, isCurrent: true }, // prettier-ignore
];

export const atWork: TrainingState = { run: running, adapters: [], actions: ['pause', 'cancel', 'showLog'] };
export const atTheEnd: TrainingState = { run: finished, adapters, actions: ['accept', 'rollBack', 'showLog'] };
