/**
 * Curves of a run as small pictures of lines, each with its numbers as a table for those who do not see it. Components of a reward share the
 * picture of their reward, told apart by their dashes as well as by their colours.
 */
import { type Curve } from '../../protocol/trainingPage.js';
import { type TrainingWords } from '../../protocol/trainingWords.js';
import { element } from '../shared/element.js';
import { fillWords } from '../shared/words.js';
import { stageName } from './stages.js';
import { svgElement } from './svgElement.js';

const width = 480;
const height = 160;
const margin = { left: 46, right: 8, top: 8, bottom: 20 };
const mostTableRows = 20;
/** Class names, which the style sheet gives a colour and a dash. */
const looks = ['line-0', 'line-1', 'line-2', 'line-3', 'line-4', 'line-5'];

interface Chart {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly curve: Curve }[];
}

export function drawCurves(curves: readonly Curve[], words: TrainingWords): HTMLElement {
  if (curves.length === 0) return element('p', { class: 'quiet' }, words.noCurves);
  return element('div', { class: 'charts' }, ...chartsOf(curves, words).map((chart) => drawChart(chart, words)));
}

/** Losses of a stage in one picture, rewards with their components in another. */
function chartsOf(curves: readonly Curve[], words: TrainingWords): readonly Chart[] {
  const stages = [...new Set(curves.map(({ stage }) => stage))];
  return stages.flatMap((stage) => {
    const ofStage = curves.filter((curve) => curve.stage === stage);
    const losses = ofStage.filter(({ kind }) => kind === 'loss' || kind === 'heldOutLoss');
    const rewards = ofStage.filter(({ kind }) => kind === 'reward' || kind === 'component');
    const nameOf = ({ kind, name }: Curve): string => (kind === 'component' ? name : words[kind]);
    const lines = (list: readonly Curve[]): Chart['lines'] => list.map((curve) => ({ name: nameOf(curve), curve }));
    return [
      { title: `${words.loss} · ${stageName(stage, words)}`, lines: lines(losses) },
      { title: `${words.reward} · ${stageName(stage, words)}`, lines: lines(rewards) },
    ].filter((chart) => chart.lines.length > 0);
  });
}

function drawChart({ title, lines }: Chart, words: TrainingWords): HTMLElement {
  const legend = lines.map(({ name, curve }, at) => {
    const swatch = svgElement(
      'svg',
      { class: 'swatch', viewBox: '0 0 18 6', 'aria-hidden': 'true' },
      svgElement('line', { class: lookOf(at), x1: 0, y1: 3, x2: 18, y2: 3 }),
    );
    return element('li', {}, swatch, `${name} ${numberText(curve.points.at(-1)?.[1] ?? 0)}`);
  });
  return element(
    'figure',
    { class: 'chart' },
    element('figcaption', {}, title),
    picture(lines, spoken(lines, words)),
    element('ul', { class: 'legend' }, ...legend),
    element('details', { 'data-name': title }, element('summary', { 'data-focus': title }, words.curveTable), numbersTable(lines, words)),
  );
}

function spoken(lines: Chart['lines'], words: TrainingWords): string {
  return lines
    .map(({ name, curve }) => {
      const values = curve.points.map(([, value]) => value);
      const [from = 0, first = 0] = curve.points[0] ?? [];
      const [to = 0, last = 0] = curve.points.at(-1) ?? [];
      const numbers = {
        first: numberText(first),
        last: numberText(last),
        low: numberText(Math.min(...values)),
        high: numberText(Math.max(...values)),
      };
      return fillWords(words.curveSpoken, { name, stage: stageName(curve.stage, words), from, to, ...numbers });
    })
    .join(' ');
}

function picture(lines: Chart['lines'], label: string): SVGElement {
  const points = lines.flatMap(({ curve }) => curve.points);
  const [left, right] = rangeOf(points.map(([step]) => step));
  const [low, high] = rangeOf(points.map(([, value]) => value));
  const x = (step: number): number => margin.left + ((step - left) / (right - left)) * (width - margin.left - margin.right);
  const y = (value: number): number => height - margin.bottom - ((value - low) / (high - low)) * (height - margin.top - margin.bottom);
  const grid = [low, (low + high) / 2, high].flatMap((value) => [
    svgElement('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value) }),
    svgElement('text', { class: 'tick', x: margin.left - 6, y: y(value) + 4, 'text-anchor': 'end' }, numberText(value)),
  ]);
  const steps = [left, right].map((step, at) =>
    svgElement('text', { class: 'tick', x: x(step), y: height - 5, 'text-anchor': at === 0 ? 'start' : 'end' }, String(Math.round(step))),
  );
  const paths = lines.map(({ curve }, at) => {
    const place = curve.points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`);
    // One point alone is no line.
    const [cx, cy] = (place[0] ?? '').split(',');
    return place.length === 1
      ? svgElement('circle', { class: `dot ${lookOf(at)}`, cx: cx ?? 0, cy: cy ?? 0, r: 2.5 })
      : svgElement('polyline', { class: lookOf(at), points: place.join(' ') });
  });
  return svgElement(
    'svg',
    { class: 'curve', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    ...grid,
    ...steps,
    ...paths,
  );
}

/** Never empty, so that nothing is divided by zero. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (high > low) return [low, high];
  const half = Math.abs(low) > 0 ? Math.abs(low) / 2 : 0.5;
  return [low - half, high + half];
}

function numbersTable(lines: Chart['lines'], words: TrainingWords): HTMLElement {
  const steps = [...new Set(lines.flatMap(({ curve }) => curve.points.map(([step]) => step)))].sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(steps.length / mostTableRows));
  const shown = steps.filter((_, at) => at % stride === 0 || at === steps.length - 1);
  const byStep = lines.map(({ curve }) => new Map(curve.points));
  const rows = shown.map((step) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, String(step)),
      ...byStep.map((values) => element('td', {}, cellText(values.get(step)))),
    ),
  );
  const heads = [words.step, ...lines.map(({ name }) => name)].map((name) => element('th', { scope: 'col' }, name));
  return element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...rows));
}

function cellText(value: number | undefined): string {
  return value === undefined ? '' : numberText(value);
}

function numberText(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && size < 0.01 ? value.toExponential(1) : value.toFixed(size < 10 ? 3 : 1);
}

function lookOf(at: number): string {
  return looks[at % looks.length] ?? '';
}
