/** The held-out score against the current model: two figures, the gain, and its interval as a picture around zero. */
import { decidingSet, type HeldOutScore } from '../../protocol/trainingEvents.js';
import { type TrainingWords } from '../../protocol/trainingWords.js';
import { element, icon } from '../shared/element.js';
import { fillWords } from '../shared/words.js';
import { svgElement } from './svgElement.js';

const width = 360;
const height = 34;

/** The set that decides first, with the verdict; the others apart. */
export function drawScores(scores: readonly HeldOutScore[], words: TrainingWords): HTMLElement {
  if (scores.length === 0) return element('p', { class: 'quiet' }, words.scoreNone);
  const sorted = [...scores].sort((a, b) => Number(b.set === decidingSet) - Number(a.set === decidingSet));
  return element('div', {}, ...sorted.map((score) => drawScore(score, words)));
}

function drawScore(score: HeldOutScore, words: TrainingWords): HTMLElement {
  const { set, before, after, n } = score;
  const decides = set === decidingSet;
  const fact = (name: string, value: string): HTMLElement => element('div', {}, element('dt', {}, name), element('dd', {}, value));
  const points = (value: number): string => fillWords(words.points, { n: value.toFixed(1) });
  return element(
    'div',
    { class: 'score-set' },
    element('h3', {}, decides ? words.scoreMade : words.scoreWritten),
    element(
      'dl',
      { class: 'score-facts' },
      fact(words.scoreBefore, points(before)),
      fact(words.scoreAfter, points(after)),
      fact(words.scoreGain, gainText(score, words)),
      fact(words.scoreQuestions, String(n)),
    ),
    interval(score, words),
    decides ? verdict(score.low > 0, words) : undefined,
  );
}

function verdict(isBetter: boolean, words: TrainingWords): HTMLElement {
  const look = { class: `verdict ${isBetter ? 'better' : 'unproven'}` };
  return element('p', look, icon(isBetter ? 'pass' : 'info'), isBetter ? words.better : words.notBetter);
}

/** Such as "+12.3 points (95 % interval 4.1 to 20.2)". */
export function gainText({ before, after, low, high }: HeldOutScore, words: TrainingWords): string {
  return fillWords(words.gainText, { gain: signed(after - before), low: signed(low), high: signed(high) });
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(1)}`;
}

function interval({ before, after, low, high }: HeldOutScore, words: TrainingWords): SVGElement {
  const most = Math.max(1, Math.abs(low), Math.abs(high)) * 1.15;
  const x = (value: number): number => width / 2 + (value / most) * (width / 2 - 8);
  const middle = height / 2 - 4;
  const label = fillWords(words.scoreSpoken, { gain: signed(after - before), low: signed(low), high: signed(high) });
  const made = svgElement('svg', { class: 'interval', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label });
  const zero = svgElement('text', { class: 'tick', x: x(0), y: height - 1, 'text-anchor': 'middle' }, '0');
  made.append(
    svgElement('line', { class: 'grid', x1: 8, x2: width - 8, y1: middle, y2: middle }),
    svgElement('line', { class: 'zero', x1: x(0), x2: x(0), y1: 2, y2: height - 12 }),
    svgElement('line', { class: 'range', x1: x(low), x2: x(high), y1: middle, y2: middle }),
    svgElement('circle', { class: 'gain', cx: x(after - before), cy: middle, r: 5 }),
    zero,
  );
  return made;
}
