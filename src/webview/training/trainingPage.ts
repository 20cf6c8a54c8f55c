/**
 * The training page: what the extension sends, drawn in sections that stay where they are, so that focus and scroll survive every new picture
 * of the run. It decides nothing: which buttons can be pressed is said by the extension.
 */
import { type TrainingAction, trainingActions, type TrainingState } from '../../protocol/trainingPage.js';
import { type TrainingWords } from '../../protocol/trainingWords.js';
import { createAnnouncer } from '../shared/announce.js';
import { element, icon, setAttributes } from '../shared/element.js';
import { fillWords } from '../shared/words.js';
import { drawAdapters, type Post } from './adaptersTable.js';
import { drawCurves } from './curves.js';
import { drawSamples } from './samples.js';
import { drawScores } from './score.js';
import { drawStages } from './stages.js';

const icons: Readonly<Record<TrainingAction, string>> = {
  pause: 'debug-pause',
  resume: 'debug-continue',
  cancel: 'debug-stop',
  accept: 'check',
  rollBack: 'discard',
  showLog: 'output',
};

interface Section {
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  /** JSON of what is drawn: nothing is drawn twice. */
  drawn: string;
}

export class TrainingPage {
  readonly #head: HTMLElement;
  readonly #buttons = new Map<TrainingAction, HTMLButtonElement>();
  readonly #sections = new Map<string, Section>();
  readonly #say: (text: string) => void;
  readonly #main: HTMLElement;
  #said = '';

  constructor(
    parent: HTMLElement,
    private readonly words: TrainingWords,
    private readonly post: Post,
  ) {
    this.#head = element('header', { class: 'head' });
    const controls = element('div', { class: 'controls', role: 'group', 'aria-label': words.controls }, ...this.#makeButtons());
    this.#main = element('main', { class: 'training-page', tabindex: -1 }, this.#head, controls);
    parent.append(this.#main);
    this.#say = createAnnouncer(parent);
  }

  show(state: TrainingState): void {
    const { run, adapters } = state;
    const { words } = this;
    this.#drawHead(state);
    this.#offer(state.actions);
    this.#draw('stages', words.stages, run?.progress.stages, (stages) => drawStages(stages, words));
    this.#draw('score', words.score, run?.progress.scores, (scores) => drawScores(scores, words));
    this.#draw('curves', words.curves, run?.progress.curves, (curves) => drawCurves(curves, words));
    this.#draw('samples', words.samples, run?.progress.samples, (samples) => drawSamples(samples, words));
    this.#draw('warnings', words.warnings, run && run.progress.warnings.length > 0 ? run.progress.warnings : undefined, (warnings) =>
      element('ul', {}, ...warnings.map((warning) => element('li', {}, warning))),
    );
    this.#draw('adapters', words.adapters, adapters, (list) => drawAdapters(list, words, this.post));
  }

  #makeButtons(): readonly HTMLButtonElement[] {
    return trainingActions.map((action) => {
      const button = element(
        'button',
        { type: 'button', class: `button ${action}`, hidden: true },
        icon(icons[action]),
        this.words[action],
      );
      button.addEventListener('click', () => this.post({ type: action }));
      this.#buttons.set(action, button);
      return button;
    });
  }

  /** When the button with the focus goes, its counterpart takes it, and no other: the next key must not end a run or leave a model. */
  #offer(actions: readonly TrainingAction[]): void {
    const focused = [...this.#buttons.values()].find((button) => button === document.activeElement);
    for (const [action, button] of this.#buttons) setAttributes(button, { hidden: !actions.includes(action) });
    if (!focused?.hidden) return;
    const next = actions.find((action) => action === 'pause' || action === 'resume');
    const target = next === undefined ? this.#main : this.#buttons.get(next);
    target?.focus();
  }

  #drawHead({ run, adapters }: TrainingState): void {
    const { words } = this;
    const status = run ? words[run.status] : '';
    const drawn = JSON.stringify([run?.status, run?.message, run?.databases, run?.base, run?.minutes, adapters.length]);
    if (this.#head.dataset['drawn'] === drawn) return;
    this.#head.dataset['drawn'] = drawn;
    const start = element('button', { type: 'button', class: 'button start' }, icon('mortar-board'), words.start);
    start.addEventListener('click', () => this.post({ type: 'start' }));
    const isFree = !run || !['preparing', 'running', 'paused', 'stopping'].includes(run.status);
    this.#head.replaceChildren(
      element('h1', {}, words.title, run ? element('span', { class: `status ${run.status}` }, status) : ''),
      ...(run
        ? [
            element(
              'p',
              { class: 'quiet' },
              fillWords(words.about, { databases: run.databases.join(', '), base: run.base, minutes: run.minutes }),
            ),
          ]
        : [element('p', {}, words.nothing), element('p', { class: 'quiet' }, words.nothingHint)]),
      ...(run && run.message !== '' ? [element('p', { class: 'message' }, run.message)] : []),
      ...(isFree ? [start] : []),
    );
    this.#tell(run && run.status !== 'preparing' ? `${status} ${run.message}` : status);
  }

  #tell(text: string): void {
    if (text === this.#said) return;
    this.#said = text;
    this.#say(text);
  }

  /** Redraws a section when what it shows has changed; without anything to show it is not there. */
  #draw<Shown>(name: string, title: string, shown: Shown | undefined, draw: (shown: Shown) => HTMLElement): void {
    const section = this.#sections.get(name) ?? this.#add(name, title);
    const drawn = JSON.stringify(shown) ?? '';
    if (section.drawn === drawn) return;
    section.drawn = drawn;
    setAttributes(section.root, { hidden: shown === undefined });
    if (shown === undefined) return section.body.replaceChildren();
    const open = new Set([...section.body.querySelectorAll<HTMLElement>('details[open]')].map(({ dataset }) => dataset['name']));
    const focused = section.body.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['focus'] : undefined;
    section.body.replaceChildren(draw(shown));
    for (const details of section.body.querySelectorAll('details')) details.open = open.has(details.dataset['name']);
    if (focused === undefined) return;
    [...section.body.querySelectorAll<HTMLElement>('[data-focus]')].find(({ dataset }) => dataset['focus'] === focused)?.focus();
  }

  #add(name: string, title: string): Section {
    const id = `section-${name}`;
    const body = element('div', {});
    const root = element('section', { 'aria-labelledby': id, class: name, hidden: true }, element('h2', { id }, title), body);
    this.#main.append(root);
    const section = { root, body, drawn: '' };
    this.#sections.set(name, section);
    return section;
  }
}
