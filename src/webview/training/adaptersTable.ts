/** The adapters of the workspace: what each saw, how much better it was, which one answers, and a button for each other. */
import { type AdapterView, type FromTrainingPage } from '../../protocol/trainingPage.js';
import { type TrainingWords } from '../../protocol/trainingWords.js';
import { element, icon } from '../shared/element.js';
import { gainText } from './score.js';

export type Post = (message: FromTrainingPage) => void;

export function drawAdapters(adapters: readonly AdapterView[], words: TrainingWords, post: Post): HTMLElement {
  if (adapters.length === 0) return element('p', { class: 'quiet' }, words.adaptersNone);
  const heads = [words.adapter, words.scoreGain, words.learntFrom, words.made, words.use].map((name) =>
    element('th', { scope: 'col' }, name),
  );
  const rows = [...adapters].reverse().map((adapter) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, adapter.databases.join(', '), element('div', { class: 'quiet' }, adapter.base)),
      element('td', {}, gainText(adapter.score, words)),
      element('td', {}, adapter.learntFrom),
      element('td', {}, adapter.made),
      element(
        'td',
        {},
        choice(adapter.isCurrent, `${words.use}: ${adapter.made}`, words, () => post({ type: 'use', id: adapter.id }), adapter.id),
      ),
    ),
  );
  const isPlain = adapters.every(({ isCurrent }) => !isCurrent);
  const plain = element(
    'tr',
    {},
    element('th', { scope: 'row' }, words.plainModel),
    ...['', '', ''].map(() => element('td', {})),
    element(
      'td',
      {},
      choice(isPlain, `${words.use}: ${words.plainModel}`, words, () => post({ type: 'use' }), ''),
    ),
  );
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...rows, plain));
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': words.adapters, 'data-focus': 'adapters' }, table);
}

function choice(isCurrent: boolean, label: string, words: TrainingWords, press: () => void, id: string): HTMLElement {
  if (isCurrent) return element('span', { class: 'right' }, icon('pass-filled'), words.inUse);
  const button = element('button', { type: 'button', class: 'button', 'aria-label': label, 'data-focus': `use ${id}` }, words.use);
  button.addEventListener('click', press);
  return button;
}
