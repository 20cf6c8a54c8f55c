/**
 * What the events of a run add up to: stages, curves, samples, the score, the end. Pure; events may be repeated after a resume, and a run
 * that failed may go on. Bounded, whatever the length of the run: curves are thinned, lists cut.
 */
import { type TrainingEvent } from '../../protocol/trainingEvents.js';
import { type Curve, type CurveKind, type StageProgress, type TrainingProgress } from '../../protocol/trainingPage.js';

/** Before the first training stage, and after the last: both ask the held-out questions. */
const before = 'before';
const after = 'after';
/** What a run does in any case; stages that it tells of besides stand before the comparison. */
const plannedStages = ['synthesise', before, 'sft', after];
/** The name under which the run speaks of itself. */
const wholeRun = 'pipeline';

/** Points of a curve at most; every second one goes when there are more. */
export const mostPoints = 240;
const mostSamples = 12;
const mostWarnings = 5;
const mostCurves = 16;

export const noProgress: TrainingProgress = {
  stages: plannedStages.map((name, at) => (at === 0 ? { ...newStage(name), status: 'running' } : newStage(name))),
  curves: [],
  samples: [],
  warnings: [],
  scores: [],
  lastAt: 0,
};

export function addTrainingEvents(progress: TrainingProgress, events: readonly TrainingEvent[]): TrainingProgress {
  return events.reduce(addEvent, progress);
}

function addEvent(progress: TrainingProgress, event: TrainingEvent): TrainingProgress {
  const { end: _before, ...open } = progress;
  const next: TrainingProgress = { ...open, stages: stagesAfter(progress.stages, event), lastAt: event.at };
  switch (event.kind) {
    case 'step':
      return event.loss === undefined ? next : withPoint(next, event.stage, 'loss', '', event.step, event.loss);
    case 'heldOutLoss':
      return withPoint(next, event.stage, 'heldOutLoss', '', event.step, event.loss);
    case 'reward':
      return Object.entries(event.components).reduce(
        (sum, [name, value]) => withPoint(sum, event.stage, 'component', name, event.step, value),
        withPoint(next, event.stage, 'reward', '', event.step, event.reward),
      );
    case 'gain': {
      const { set, before: asked, after: answered, low, high, n } = event;
      const score = { set, before: asked, after: answered, low, high, n };
      return { ...next, scores: [...next.scores.filter((other) => other.set !== set), score] };
    }
    case 'sample': {
      const { kind: _kind, at: _at, stage: _stage, text: _text, ...sample } = event;
      const others = next.samples.filter(({ question }) => question !== sample.question);
      return { ...next, samples: [...others, sample].slice(-mostSamples) };
    }
    case 'warning':
      return event.text === undefined ? next : { ...next, warnings: [...next.warnings, event.text].slice(-mostWarnings) };
    case 'failed':
      return { ...next, end: { kind: 'failed', code: event.code, text: event.text ?? '' } };
    case 'done':
      // Stages say `done` too; only the end of the whole run says whether the adapter is good.
      if (event.accepted === undefined) return next;
      return {
        ...next,
        end: { kind: 'done', accepted: event.accepted, ...(event.adapter === undefined ? {} : { adapter: event.adapter }) },
      };
    case 'plan':
    case 'saved':
      return next;
  }
}

function newStage(name: string): StageProgress {
  return { name, status: 'waiting', step: 0, steps: 0, text: '' };
}

function stagesAfter(stages: readonly StageProgress[], event: TrainingEvent): readonly StageProgress[] {
  if (event.stage === wholeRun) return runStages(stages, event);
  const known = stages.some(({ name }) => name === event.stage) ? stages : stages.toSpliced(-1, 0, newStage(event.stage));
  return known.map((stage) => {
    if (stage.name === event.stage) return stageAfter(stage, event);
    if (stage.name === after) return event.kind === 'done' ? begin(stage, event.at) : newStage(after);
    // Stages follow one another: whoever spoke before is through.
    return endRunning(stage, 'done', event.at);
  });
}

/** The run itself tells that the questions are made, what a comparison found, and the end. */
function runStages(stages: readonly StageProgress[], event: TrainingEvent): readonly StageProgress[] {
  const { at, text } = event;
  switch (event.kind) {
    case 'plan': {
      const { questions } = event;
      return stages.map((stage, index) => {
        if (stage.name === before) return begin(stage, at);
        const ended = index === 0 ? endRunning(stage, 'done', at) : stage;
        return index === 0 && questions !== undefined ? { ...ended, questions } : ended;
      });
    }
    case 'failed':
      return stages.map((stage) => endRunning(stage, 'failed', at));
    case 'done':
      // Whatever a stage forgot to say: the run is through.
      return stages.map((stage) => endRunning(begin(stage, at), 'done', at));
    case 'gain':
    case 'sample':
      return stages.map((stage) => (stage.name === after ? begin(stage, at) : endRunning(stage, 'done', at)));
    case 'step':
    case 'reward':
    case 'heldOutLoss':
    case 'saved':
    case 'warning':
      return stages.map((stage) => (stage.status === 'running' && text !== undefined ? { ...stage, text } : stage));
  }
}

function begin(stage: StageProgress, at: number): StageProgress {
  return stage.status === 'waiting' ? { ...stage, status: 'running', startedAt: at } : stage;
}

function endRunning(stage: StageProgress, status: 'done' | 'failed', at: number): StageProgress {
  return stage.status === 'running' ? { ...stage, status, endedAt: at } : stage;
}

function stageAfter(stage: StageProgress, event: TrainingEvent): StageProgress {
  const status = event.kind === 'done' ? 'done' : event.kind === 'failed' ? 'failed' : 'running';
  const { endedAt: _ended, ...rest } = stage;
  const next = { ...rest, status, startedAt: stage.startedAt ?? event.at, text: event.text ?? stage.text } as const;
  const ended = status === 'running' ? next : { ...next, endedAt: event.at };
  if (event.kind === 'plan') {
    const { steps = stage.steps, minutes, questions } = event;
    return { ...ended, steps, ...(minutes === undefined ? {} : { minutes }), ...(questions === undefined ? {} : { questions }) };
  }
  if (event.kind === 'step') return { ...ended, step: event.step, steps: event.steps ?? stage.steps };
  if (event.kind === 'reward' || event.kind === 'heldOutLoss') return { ...ended, step: Math.max(stage.step, event.step) };
  return ended;
}

function withPoint(
  progress: TrainingProgress,
  stage: string,
  kind: CurveKind,
  name: string,
  step: number,
  value: number,
): TrainingProgress {
  const { curves } = progress;
  const at = curves.findIndex((curve) => curve.stage === stage && curve.kind === kind && curve.name === name);
  const old = curves[at];
  if (!old)
    return curves.length >= mostCurves ? progress : { ...progress, curves: [...curves, { stage, kind, name, points: [[step, value]] }] };
  return { ...progress, curves: curves.map((curve, index) => (index === at ? addPoint(curve, step, value) : curve)) };
}

/** A resumed run repeats the steps since its last checkpoint: what it says now is what counts. */
function addPoint(curve: Curve, step: number, value: number): Curve {
  const kept = (curve.points.at(-1)?.[0] ?? -1) < step ? curve.points : curve.points.filter(([at]) => at < step);
  const points = [...kept, [step, value] as const];
  return { ...curve, points: points.length > mostPoints ? thinned(points) : points };
}

/** Keeps the first and the last point. */
function thinned<Point>(points: readonly Point[]): readonly Point[] {
  return points.filter((_, at) => at % 2 === 0 || at === points.length - 1);
}
