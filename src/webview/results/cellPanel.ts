/** Shows one whole value beside the grid: as text, JSON, hexadecimal bytes or image, whichever it can be. Long values come cut. */
import { type CellContent } from '../../protocol/resultsPage.js';
import { fillWords, type ResultsWords } from '../../protocol/resultsWords.js';
import { element } from '../shared/element.js';
import { button, choice } from './elements.js';
import { hexDump } from './hexDump.js';
import { imageType } from './imageType.js';

type Shape = 'text' | 'json' | 'hex' | 'image';

export interface CellPanelEvents {
  close(): void;
  save(): void;
}

export class CellPanel {
  #content: CellContent | undefined;
  #shape: Shape = 'text';
  #title = '';

  constructor(
    readonly root: HTMLElement,
    private readonly words: ResultsWords,
    private readonly events: CellPanelEvents,
  ) {
    root.hidden = true;
    root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
  }

  show(column: string, row: number, content: CellContent): void {
    this.#title = fillWords(this.words.value, column, row + 1);
    this.#content = content;
    const shapes = shapesOf(content);
    const [best = 'text'] = shapes;
    this.#shape = shapes.includes(this.#shape) && this.#shape !== 'text' ? this.#shape : best;
    this.root.hidden = false;
    this.#draw();
    this.root.querySelector<HTMLElement>('.value')?.focus();
  }

  close(): void {
    if (this.root.hidden) return;
    this.root.hidden = true;
    this.events.close();
  }

  #draw(): void {
    const content = this.#content;
    if (!content) return;
    const { words } = this;
    const names: Readonly<Record<Shape, string>> = { text: words.asText, json: words.asJson, hex: words.asHex, image: words.asImage };
    const picker = choice(words.value, shapesOf(content).map((shape) => [shape, names[shape]] as const), this.#shape, (shape) => {
      this.#shape = shape as Shape;
      this.#draw();
      this.root.querySelector('select')?.focus();
    }); // prettier-ignore
    picker.setAttribute('aria-label', this.#title);
    this.root.setAttribute('aria-label', this.#title);
    const head = element('div', { class: 'panel-head' }, element('h2', {}, this.#title), picker);
    head.append(
      button(words.saveValue, () => this.events.save()),
      button(words.closeValue, () => this.close()),
    );
    this.root.replaceChildren(head, element('div', { class: 'panel-facts' }, factsOf(content, words)), this.#body(content));
  }

  #body(content: CellContent): HTMLElement {
    const text = (value: string): HTMLElement =>
      element('pre', { class: `value ${this.#shape}`, tabindex: '0', 'aria-label': this.#title }, value);
    if (content.kind === 'null') return text('NULL');
    if (content.kind === 'number') return text(content.text);
    const bytes = content.kind === 'blob' ? bytesOf(content.base64) : new TextEncoder().encode(content.text);
    switch (this.#shape) {
      case 'hex':
        return text(hexDump(bytes));
      case 'image': {
        const image = element('img', { alt: this.#title, src: `data:${imageType(bytes) ?? 'image/png'};base64,${content.kind === 'blob' ? content.base64 : ''}` }); // prettier-ignore
        return element('div', { class: 'value image', tabindex: '0', role: 'group', 'aria-label': this.#title }, image);
      }
      case 'json':
        return text(prettyJson(content.kind === 'text' ? content.text : '') ?? this.words.notJson);
      case 'text':
        return text(content.kind === 'text' ? content.text : new TextDecoder().decode(bytes));
    }
  }
}

/** The best shape first. */
function shapesOf(content: CellContent): Shape[] {
  if (content.kind === 'text') return prettyJson(content.text) === undefined ? ['text', 'hex'] : ['json', 'text', 'hex'];
  if (content.kind !== 'blob') return ['text'];
  return imageType(bytesOf(content.base64)) === undefined ? ['hex', 'text'] : ['image', 'hex', 'text'];
}

function factsOf(content: CellContent, words: ResultsWords): string {
  if (content.kind === 'null') return '';
  if (content.kind === 'number') return content.type;
  return `${content.kind}, ${fillWords(words.bytes, content.bytes)}${content.cut ? `, ${words.cutValue}` : ''}`;
}

/** Undefined for what is no object or array: a bare number is better read as text. Digits of big numbers are kept. */
function prettyJson(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    // Cut or simply not JSON: the text is shown as it is.
    return undefined;
  }
  return indentJson(text);
}

/** Line breaks and indents around the tokens as they are written; parsing again would round numbers. */
function indentJson(text: string): string {
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+|[{[]\s*[}\]]|[{}[\],:]/g, (token) => {
    if (token === '{' || token === '[') {
      depth++;
      return token + line();
    }
    if (token === '}' || token === ']') {
      depth--;
      return line() + token;
    }
    if (token === ',') return token + line();
    if (token === ':') return ': ';
    return token.trim() === '' ? '' : token.startsWith('"') ? token : token.replace(/\s/g, '');
  });
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
