// @vitest-environment jsdom
/** The training page without a browser: a run from its start to going back, as its reader sees it and presses its buttons. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type FromTrainingPage, type RunStatus, type TrainingState } from '../../../../src/protocol/trainingPage.js';
import { trainingWords } from '../../../../src/protocol/trainingWords.js';
import { TrainingPage } from '../../../../src/webview/training/trainingPage.js';
import { adapters, atTheEnd, atWork, better, finished, running } from '../../../support/trainingStates.js';

let page: TrainingPage;
let messages: FromTrainingPage[] = [];

beforeEach(() => {
  document.body.replaceChildren();
  messages = [];
  page = new TrainingPage(document.body, trainingWords, (message) => messages.push(message));
});

const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)];
const isShown = (item: HTMLElement): boolean => item.closest('[hidden]') === null;
const text = (selector: string): string => all(selector).filter(isShown).map((item) => item.textContent ?? '').join(' | '); // prettier-ignore
const buttons = (): string[] => all('button').filter(isShown).map((button) => button.textContent ?? ''); // prettier-ignore
const press = (label: string): void => all('button').find((button) => isShown(button) && (button.textContent === label || button.getAttribute('aria-label') === label))?.click(); // prettier-ignore
const withRun = (change: Partial<typeof running>): TrainingState => ({ ...atWork, run: { ...running, ...change } });

it('a run from its start to going back', () => {
  page.show({ adapters: [], actions: [] });
  expect(text('h1')).toBe('Training');
  press('Fine-Tune on My Databases…');

  page.show({ adapters: [], actions: ['cancel'], run: { ...withRun({ status: 'preparing', message: 'fetching PyTorch' }).run!, progress: { ...running.progress, stages: [], curves: [], samples: [] } } }); // prettier-ignore
  expect(text('.message')).toBe('fetching PyTorch');
  expect(buttons()).toEqual(['Cancel']);

  page.show(atWork);
  expect(text('[aria-current=step] .stage-name')).toBe('Supervised fine-tuning');
  expect(all('progress').map((bar) => [bar.getAttribute('value'), bar.getAttribute('max'), bar.getAttribute('aria-label')])).toEqual([['120', '400', 'Supervised fine-tuning']]); // prettier-ignore
  press('Pause');

  page.show({ ...withRun({ status: 'paused' }), actions: ['resume', 'cancel'] });
  expect(buttons().slice(0, 2)).toEqual(['Resume', 'Cancel']);
  press('Resume');

  page.show(atTheEnd);
  expect(text('.verdict')).toBe(trainingWords.better);
  press('Accept');
  press('Roll Back');
  press('Use: 20 Nov 2026, 10:00');
  press('Use: Without an adapter of your own');
  expect(messages).toEqual([{ type: 'start' }, { type: 'pause' }, { type: 'resume' }, { type: 'accept' }, { type: 'rollBack' }, { type: 'use', id: 'a' }, { type: 'use' }]); // prettier-ignore
});

describe('the score', () => {
  it('has the set that decides first, with its interval spoken, and the verdict once', () => {
    page.show(atTheEnd);
    expect(all('.score h3').map(({ textContent }) => textContent)).toEqual(['Made questions', 'Questions that people wrote']);
    expect(all('.score svg')[0]?.getAttribute('aria-label')).toBe('Gain +14.5 points, 95 % interval from +8.5 to +21.0.');
    expect(all('.verdict')).toHaveLength(1);
  });
  it('says when nothing is proven', () => {
    page.show({ ...atTheEnd, run: { ...finished, progress: { ...finished.progress, scores: [{ ...better, low: -0.5 }] } } });
    expect(text('.verdict')).toBe(trainingWords.notBetter);
  });
});

describe('curves', () => {
  it('losses and rewards have a picture each, described in words and as numbers', () => {
    page.show(atWork);
    expect(text('figcaption')).toBe('Loss · Supervised fine-tuning | Reward · Learning from results');
    const [first] = all('figure .curve');
    expect(first?.getAttribute('aria-label')).toMatch(/^Loss, Supervised fine-tuning: from 2\.150 at step 1 to 0\.\d+ at step 296;/);
    expect(all('figure')[0]?.querySelectorAll('polyline')).toHaveLength(2);
    expect(all('figure')[0]?.querySelectorAll('tbody tr').length).toBeLessThanOrEqual(21);
  });
  it('a single point is a point, equal values are a line', () => {
    const flat = { stage: 'sft', kind: 'loss', name: '', points: [[1, 2], [2, 2]] } as const; // prettier-ignore
    const one = { stage: 'grpo', kind: 'reward', name: '', points: [[1, 0]] } as const; // prettier-ignore
    page.show(withRun({ progress: { ...running.progress, curves: [flat, one] } }));
    expect(all('.curve').map((picture) => picture.innerHTML).join('')).not.toMatch(/NaN|Infinity/); // prettier-ignore
    expect(all('circle.dot')).toHaveLength(1);
  });
});

it('names and statements are text, never markup', () => {
  page.show(atWork);
  expect([document.querySelector('b'), document.querySelector('i')]).toEqual([null, null]);
  expect(text('.samples tbody th')).toContain('customers <b>per</b> city');
});

describe('a new picture of the run', () => {
  it('leaves what has not changed as it is', () => {
    page.show(atWork);
    const before = [document.querySelector('.samples table'), document.querySelector('.stage-list')];
    page.show(withRun({ progress: { ...running.progress, stages: running.progress.stages.map((stage) => ({ ...stage, step: 121 })) } }));
    expect(document.querySelector('.samples table')).toBe(before[0]);
    expect(document.querySelector('.stage-list')).not.toBe(before[1]);
  });
  it('keeps open what was opened, and the focus', () => {
    page.show(atWork);
    const details = document.querySelector('details');
    if (details) details.open = true;
    document.querySelector<HTMLElement>('summary')?.focus();
    page.show(withRun({ progress: { ...running.progress, curves: running.progress.curves.slice(0, 1) } }));
    expect(document.querySelector('details')?.open).toBe(true);
    expect(document.activeElement?.tagName).toBe('SUMMARY');
  });
  it('hands the focus on when the button that had it goes', () => {
    page.show(atWork);
    all('button').find(({ textContent }) => textContent === 'Pause')?.focus(); // prettier-ignore
    page.show({ ...withRun({ status: 'paused' }), actions: ['resume', 'cancel'] });
    expect(document.activeElement?.textContent).toBe('Resume');
  });
  it('gives the focus to nothing that would do harm', () => {
    page.show(atTheEnd);
    all('button').find(({ textContent }) => textContent === 'Accept')?.focus(); // prettier-ignore
    page.show({ ...atTheEnd, actions: ['rollBack', 'showLog'] });
    expect(document.activeElement?.tagName).toBe('MAIN');
  });
});

it.each<readonly [RunStatus, string]>([
  ['paused', 'Paused'],
  ['stopping', 'Stopping'],
  ['failed', 'Failed'],
  ['interrupted', 'Interrupted'],
  ['stopped', 'Stopped'],
  ['cancelled', 'Cancelled'],
])('%s is said, and read out', (status, word) => {
  page.show(withRun({ status, message: 'Because.' }));
  expect(text('.status')).toBe(word);
  expect(text('[role=status]')).toBe(`${word} Because.`);
  expect(buttons().includes('Fine-Tune on My Databases…')).toBe(!['paused', 'stopping'].includes(status));
});

it('adapters are listed newest first, with what they saw, and the plain model last', () => {
  page.show({ adapters, actions: [] });
  expect(all('.adapters tbody tr').map((row) => row.querySelector('th')?.textContent)).toEqual([
    'data/shop.db, data/hr.dbqwen2.5-coder-0.5b',
    'data/shop.dbqwen2.5-coder-0.5b',
    'Without an adapter of your own',
  ]); // prettier-ignore
  expect(text('.adapters .right')).toBe('in use');
});
