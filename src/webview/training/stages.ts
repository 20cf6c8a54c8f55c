/** The stages of a run with what each has done so far. */
import { type StageProgress, type StageStatus } from '../../protocol/trainingPage.js';
import { type TrainingWords } from '../../protocol/trainingWords.js';
import { element, icon } from '../shared/element.js';
import { fillWords } from '../shared/words.js';

const statusIcons: Readonly<Record<StageStatus, string>> = {
  waiting: 'circle-large-outline',
  running: 'sync',
  done: 'pass',
  failed: 'error',
};
const statusWords = { waiting: 'stageWaiting', running: 'stageRunning', done: 'stageDone', failed: 'stageFailed' } as const;

const stageWords: Readonly<Record<string, keyof TrainingWords>> = {
  synthesise: 'stageSynthesise',
  before: 'stageBefore',
  sft: 'stageSft',
  mdpo: 'stageMdpo',
  grpo: 'stageGrpo',
  after: 'stageAfter',
};

/** A stage that this version does not know is called by its own name. */
export function stageName(name: string, words: TrainingWords): string {
  const word = stageWords[name];
  return word === undefined ? name : words[word];
}

export function drawStages(stages: readonly StageProgress[], words: TrainingWords): HTMLElement {
  return element('ol', { class: 'stage-list' }, ...stages.map((stage) => drawStage(stage, words)));
}

function drawStage(stage: StageProgress, words: TrainingWords): HTMLElement {
  const { name, status, step, steps, text } = stage;
  const title = stageName(name, words);
  const isRunning = status === 'running';
  return element(
    'li',
    { class: `stage ${status}`, 'aria-current': isRunning ? 'step' : undefined },
    icon(statusIcons[status]),
    element('span', { class: 'stage-name' }, title),
    element('span', { class: 'stage-status quiet' }, words[statusWords[status]]),
    isRunning && steps > 0 ? element('progress', { max: steps, value: Math.min(step, steps), 'aria-label': title }) : undefined,
    element('span', { class: 'stage-facts quiet' }, factsOf(stage, words)),
    isRunning && text !== '' ? element('p', { class: 'stage-text quiet' }, text) : undefined,
  );
}

function factsOf({ status, step, steps, minutes, questions }: StageProgress, words: TrainingWords): string {
  const facts = [
    ...(step > 0 ? [steps > 0 ? fillWords(words.stepOf, { step, steps }) : fillWords(words.stepAt, { step })] : []),
    ...(questions === undefined ? [] : [fillWords(words.questions, { n: questions })]),
    ...(minutes === undefined || status === 'done' ? [] : [fillWords(words.planned, { minutes: Math.max(1, Math.round(minutes)) })]),
  ];
  return facts.join(' · ');
}
