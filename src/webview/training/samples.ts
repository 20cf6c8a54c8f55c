/** Answers of the model before and after, question by question. All text is set as text; nothing of a database becomes markup. */
import { type SampleAnswer } from '../../protocol/trainingEvents.js';
import { type TrainingWords } from '../../protocol/trainingWords.js';
import { element, icon } from '../shared/element.js';

export function drawSamples(samples: readonly SampleAnswer[], words: TrainingWords): HTMLElement {
  if (samples.length === 0) return element('p', { class: 'quiet' }, words.samplesNone);
  const heads = [words.question, words.before, words.after].map((name) => element('th', { scope: 'col' }, name));
  const rows = samples.map(({ question, before, after, rightBefore, rightAfter }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, question),
      element('td', {}, verdict(rightBefore, words), element('code', {}, before)),
      element('td', {}, verdict(rightAfter, words), element('code', {}, after)),
    ),
  );
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...rows));
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': words.samples, 'data-focus': 'samples' }, table);
}

/** By word and sign, not by colour alone. */
function verdict(isRight: boolean, words: TrainingWords): HTMLElement {
  return element('span', { class: isRight ? 'right' : 'wrong' }, icon(isRight ? 'check' : 'close'), isRight ? words.right : words.wrong);
}
