/** The tabs of all results: arrows move, Enter or a click chooses, Delete closes. */
import { type TabFacts } from '../../protocol/resultsPage.js';
import { type ResultsWords } from '../../protocol/resultsWords.js';
import { element, icon, setAttributes } from '../shared/element.js';
import { roveFocus } from './elements.js';

export interface TabEvents {
  select(tab: number): void;
  close(tab: number): void;
}

export const tabId = (tab: number): string => `tab-${tab}`;

export class TabStrip {
  constructor(
    readonly root: HTMLElement,
    private readonly words: ResultsWords,
    private readonly events: TabEvents,
  ) {
    setAttributes(root, { role: 'tablist', 'aria-label': words.tabs, class: 'tabs' });
    const items = (): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('[role=tab]')];
    roveFocus(root, items);
  }

  show(tabs: readonly TabFacts[], active: number | undefined): void {
    const focused = document.activeElement?.id;
    this.root.hidden = tabs.length === 0;
    this.root.replaceChildren(...tabs.map((tab) => this.#tab(tab, tab.id === active)));
    if (focused?.startsWith('tab-')) document.getElementById(focused)?.focus();
  }

  #tab(tab: TabFacts, isActive: boolean): HTMLElement {
    const { words, events } = this;
    const made = element(
      'div',
      {
        role: 'tab',
        id: tabId(tab.id),
        class: `tab ${tab.state}`,
        tabindex: isActive ? 0 : -1,
        'aria-selected': String(isActive),
        'aria-controls': 'result-panel',
        title: `${tab.sql}\n${tab.database}`,
      },
      tab.pinned ? element('span', { class: 'pin', role: 'img', 'aria-label': words.pin }, icon('pinned')) : undefined,
      element('span', { class: 'tab-title' }, tab.title),
    );
    // Not a button: a tab's children are not reached by a screen reader, who closes it with Delete.
    const close = element('span', { class: 'tab-close codicon codicon-close', 'aria-hidden': 'true', title: words.closeTab });
    close.addEventListener('click', (event) => {
      event.stopPropagation();
      events.close(tab.id);
    });
    made.append(close);
    made.addEventListener('click', () => events.select(tab.id));
    made.addEventListener('auxclick', (event) => {
      if (event.button === 1) events.close(tab.id);
    });
    made.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') events.select(tab.id);
      else if (event.key === 'Delete') events.close(tab.id);
      else return;
      event.preventDefault();
    });
    return made;
  }
}
