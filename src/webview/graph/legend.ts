/** What lines and signs mean, drawn as they are drawn in the diagram. */
import { type GraphWord, type GraphWords } from '../../core/presentation/graphWords.js';
import { element } from '../shared/element.js';
import { svgElement } from './tableElements.js';

const samples: readonly (readonly [word: GraphWord, kind: string, path: string])[] = [
  ['origin.declared', 'declared', 'M0 7H34'],
  ['legend.many', 'declared', 'M0 7H34M11 7L0 2M11 7L0 12'],
  ['legend.one', 'declared', 'M0 7H34M8 2V12'],
];

export function makeLegend(words: GraphWords): HTMLElement {
  const line = (word: string, kind: string, path: string): HTMLElement => {
    const picture = svgElement('svg', { width: '34', height: '14', 'aria-hidden': 'true', class: `relation ${kind}` });
    picture.append(svgElement('path', { class: 'line', d: path }));
    return element('li', {}, picture, word);
  };
  return element(
    'ul',
    { class: 'legend overlay', 'aria-label': words.legend },
    ...samples.map(([word, kind, path]) => line(words[word], kind, path)),
    line(words.inferredShown, 'inferred', 'M0 7H34'),
  );
}
