/** The actions on the result in front, as an ARIA toolbar: one stop of the tab key, arrows inside. */
import { type CopyFormat, copyFormats, type ExportFormat, exportFormats, type TabFacts } from '../../protocol/resultsPage.js';
import { type ResultsWords } from '../../protocol/resultsWords.js';
import { setAttributes } from '../shared/element.js';
import { button, roveFocus } from './elements.js';
import { menuButton } from './menu.js';

export interface ToolEvents {
  rerun(): void;
  cancel(): void;
  pin(pinned: boolean): void;
  sql(): void;
  copy(format: CopyFormat): void;
  export(format: ExportFormat): void;
  chart(): void;
  compare(other: number): void;
  matchBy(keys: readonly string[]): void;
  count(): void;
}

export class ToolBar {
  constructor(
    readonly root: HTMLElement,
    private readonly words: ResultsWords,
    private readonly events: ToolEvents,
  ) {
    setAttributes(root, { role: 'toolbar', 'aria-label': words.toolbar, class: 'toolbar' });
    roveFocus(root, () => [...root.querySelectorAll('button')]);
  }

  show(tab: TabFacts | undefined, tabs: readonly TabFacts[]): void {
    const focused = [...this.root.children].findIndex((child) => child === document.activeElement);
    this.root.hidden = tab === undefined;
    this.root.replaceChildren(...(tab ? this.#buttons(tab, tabs) : []));
    const all = [...this.root.querySelectorAll('button')];
    all.forEach((one, at) => {
      one.tabIndex = at === Math.max(0, focused) ? 0 : -1;
    });
    if (focused >= 0) all[Math.min(focused, all.length - 1)]?.focus();
  }

  #buttons(tab: TabFacts, tabs: readonly TabFacts[]): HTMLElement[] {
    const { words, events } = this;
    const run = tab.state === 'running' ? button(words.cancel, events.cancel) : button(words.rerun, events.rerun);
    const pin = button(tab.pinned ? words.unpin : words.pin, () => events.pin(!tab.pinned));
    const common = [run, pin];
    if (tab.comparison) {
      const names = tab.columns.slice(1).map((name) => ({ label: name, run: () => events.matchBy([name]) }));
      return [...common, menuButton(words.matchedBy, () => [{ label: words.byPosition, run: () => events.matchBy([]) }, ...names])];
    }
    common.push(button(words.showSql, events.sql));
    if (tab.state !== 'shown') return common;
    const copy = menuButton(words.copyAs, () => copyFormats.map((format) => ({ label: words[format], run: () => events.copy(format) })));
    const save = menuButton(words.exportAs, () => exportFormats.map((format) => ({ label: words[format], run: () => events.export(format) }))); // prettier-ignore
    const others = tabs.filter((other) => other.id !== tab.id && other.state === 'shown' && !other.comparison);
    const compare = menuButton(words.compare, () => others.map((other) => ({ label: other.title, run: () => events.compare(other.id) }))); // prettier-ignore
    compare.disabled = others.length === 0;
    const count = tab.total === undefined ? [button(words.count, events.count)] : [];
    return [...common, copy, save, button(words.chart, events.chart), compare, ...count];
  }
}
