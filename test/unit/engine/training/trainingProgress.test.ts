/** What a run tells, line by line, and what its lines add up to. */
import { describe, expect, it } from 'vitest';
import { addTrainingEvents, mostPoints, noProgress } from '../../../../src/engine/training/trainingProgress.js';
import { readTrainingEvent, type TrainingEvent } from '../../../../src/protocol/trainingEvents.js';
import { type TrainingProgress } from '../../../../src/protocol/trainingPage.js';

const line = (stage: string, kind: string, values: object = {}): string => JSON.stringify({ at: 7, stage, kind, ...values });
const score = { before: 30, after: 45, low: 8.5, high: 21.5, n: 200 };

describe('a line', () => {
  const cases: readonly (readonly [string, string, object | undefined])[] = [
    ['a step', line('sft', 'step', { step: 3, steps: 9, loss: 1.5, rate: 0.1 }), { kind: 'step', step: 3, steps: 9, loss: 1.5 }],
    ['a step without loss', line('sft', 'step', { step: 3 }), { kind: 'step', step: 3 }],
    ['a step without a number', line('sft', 'step', { step: '3' }), undefined],
    ['a plan', line('sft', 'plan', { steps: 9, minutes: 2.5, questions: 100, too_long: [] }), { kind: 'plan', steps: 9, minutes: 2.5, questions: 100 }], // prettier-ignore
    ['a held-out loss', line('sft', 'score', { step: 4, held_out_loss: 0.5 }), { kind: 'heldOutLoss', step: 4, loss: 0.5 }],
    ['a gain', line('pipeline', 'score', { set: 'questions', ...score }), { kind: 'gain', set: 'questions', ...score }],
    ['a gain of no named set decides', line('pipeline', 'score', score), { kind: 'gain', set: 'held_out', ...score }],
    ['a gain without its interval', line('pipeline', 'score', { before: 1, after: 2, n: 3 }), undefined],
    ['a reward', line('grpo', 'reward', { step: 2, reward: 0.5, components: { a: 1, b: 'x' } }), { kind: 'reward', step: 2, reward: 0.5, components: { a: 1 } }], // prettier-ignore
    ['margins of preferences', line('mdpo', 'reward', { step: 2, margins: 0.25, chosen: 1 }), { kind: 'reward', step: 2, reward: 0.25, components: {} }], // prettier-ignore
    ['a sample', line('grpo', 'sample', { question: 'q', before: 'a', after: 'b', right_before: false, right_after: true }), { kind: 'sample', question: 'q', before: 'a', after: 'b', rightBefore: false, rightAfter: true }], // prettier-ignore
    ['a stage that is through', line('sft', 'done', { adapter: '/a' }), { kind: 'done', adapter: '/a' }],
    ['the end', line('pipeline', 'done', { adapter: '/a.gguf', accepted: true }), { kind: 'done', adapter: '/a.gguf', accepted: true }],
    ['a failure', line('pipeline', 'failed', { code: 6, text: 'full' }), { kind: 'failed', code: 6, text: 'full' }],
    ['a kind of a later version', line('sft', 'dream'), undefined],
    ['no stage', JSON.stringify({ at: 1, kind: 'saved' }), undefined],
    ['no number', line('sft', 'step', { step: null }), undefined],
    ['cut off', '{"at": 5, "stage": "sf', undefined],
    ['a list', '[]', undefined],
    ['nothing', '', undefined],
  ];
  it.each(cases)('%s', (_, text, wanted) => {
    const event = readTrainingEvent(text);
    if (wanted === undefined) expect(event).toBeUndefined();
    else expect(event).toEqual({ at: 7, stage: (JSON.parse(text) as { stage: string }).stage, ...wanted });
  });
});

const event = (stage: string, values: object, at = 1): TrainingEvent => ({ at, stage, ...values }) as TrainingEvent;
const statuses = ({ stages }: TrainingProgress): string => stages.map(({ name, status }) => `${name} ${status}`).join(', ');

describe('the stages', () => {
  const plan = event('pipeline', { kind: 'plan', questions: 120 });
  const step = event('sft', { kind: 'step', step: 1, steps: 4, loss: 2 });
  const through = event('sft', { kind: 'done' });
  const reward = event('grpo', { kind: 'reward', step: 1, reward: 0.5, components: {} });
  const end = event('pipeline', { kind: 'done', adapter: '/a', accepted: true });
  const failed = event('pipeline', { kind: 'failed', code: 4, text: 'no rows' });
  const cases: readonly (readonly [string, readonly TrainingEvent[], string])[] = [
    ['nothing was told yet', [], 'synthesise running, before waiting, sft waiting, after waiting'],
    ['questions are made', [plan], 'synthesise done, before running, sft waiting, after waiting'],
    ['training', [plan, step], 'synthesise done, before done, sft running, after waiting'],
    ['trained', [plan, step, through], 'synthesise done, before done, sft done, after running'],
    ['another stage', [plan, step, through, reward], 'synthesise done, before done, sft done, grpo running, after waiting'],
    ['compared', [plan, step, reward, event('pipeline', { kind: 'gain', set: 'held_out', ...score })], 'synthesise done, before done, sft done, grpo done, after running'], // prettier-ignore
    [
      'the end, also of a stage that did not say so',
      [plan, step, reward, end],
      'synthesise done, before done, sft done, grpo done, after done',
    ],
    ['the end', [plan, step, through, end], 'synthesise done, before done, sft done, after done'],
    ['a failure', [plan, step, failed], 'synthesise done, before done, sft failed, after waiting'],
    ['gone on with after a failure', [plan, step, failed, step], 'synthesise done, before done, sft running, after waiting'],
  ];
  it.each(cases)('%s', (_, events, wanted) => expect(statuses(addTrainingEvents(noProgress, events))).toBe(wanted));

  it('the end is forgotten when the run goes on', () => {
    const ended = addTrainingEvents(noProgress, [plan, step, failed]);
    expect(ended.end).toEqual({ kind: 'failed', code: 4, text: 'no rows' });
    expect(addTrainingEvents(ended, [step]).end).toBeUndefined();
  });

  it('a stage that is through is not the end of the run', () => expect(addTrainingEvents(noProgress, [through]).end).toBeUndefined());
});

describe('curves', () => {
  const steps = (count: number): TrainingEvent[] =>
    Array.from({ length: count }, (_, at) => event('sft', { kind: 'step', step: at + 1, loss: 1 / (at + 1) }));
  const points = (events: readonly TrainingEvent[]): readonly (readonly number[])[] =>
    addTrainingEvents(noProgress, events).curves[0]?.points ?? [];

  it('are thinned, with the first and the last step kept', () => {
    const found = points(steps(10_000));
    expect(found.length).toBeLessThanOrEqual(mostPoints);
    expect([found[0]?.[0], found.at(-1)?.[0]]).toEqual([1, 10_000]);
  });

  it('steps that a resumed run repeats are told by the later run', () => {
    const again = event('sft', { kind: 'step', step: 3, loss: 9 });
    expect(points([...steps(5), again])).toEqual([[1, 1], [2, 0.5], [3, 9]]); // prettier-ignore
  });

  it('a reward has a curve per component', () => {
    const reward = event('grpo', { kind: 'reward', step: 1, reward: 0.5, components: { format: 0.1, execution: 0.4 } });
    const { curves } = addTrainingEvents(noProgress, [reward]);
    expect(curves.map(({ kind, name }) => `${kind} ${name}`.trim())).toEqual(['reward', 'component format', 'component execution']);
  });
});

it('scores are kept per set, the later one counts', () => {
  const gain = (set: string, low: number): TrainingEvent => event('pipeline', { kind: 'gain', set, ...score, low });
  const { scores } = addTrainingEvents(noProgress, [gain('held_out', 1), gain('questions', 2), gain('held_out', 3)]);
  expect(scores.map(({ set, low }) => [set, low])).toEqual([['questions', 2], ['held_out', 3]]); // prettier-ignore
});

it('samples are few, one per question', () => {
  const sample = (at: number): TrainingEvent =>
    event('grpo', { kind: 'sample', question: `q${at % 30}`, before: 'a', after: String(at), rightBefore: false, rightAfter: true });
  const { samples } = addTrainingEvents(noProgress, Array.from({ length: 100 }, (_, at) => sample(at))); // prettier-ignore
  expect(samples).toHaveLength(12);
  expect(samples.at(-1)).toEqual({ question: 'q9', before: 'a', after: '99', rightBefore: false, rightAfter: true });
});
