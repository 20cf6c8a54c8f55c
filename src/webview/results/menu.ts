/** A menu after the ARIA pattern: arrows move, Enter chooses, Escape closes and gives the focus back. One is open at a time. */
import { element } from '../shared/element.js';
import { button } from './elements.js';

export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
}

let close: (() => void) | undefined;

/** Opens at page coordinates, moved so that it stays in the window. */
export function openMenu(label: string, items: readonly MenuItem[], x: number, y: number): void {
  close?.();
  const before = document.activeElement;
  const menu = element('div', { class: 'menu', role: 'menu', 'aria-label': label });
  const finish = (): void => {
    menu.remove();
    document.removeEventListener('pointerdown', outside, true);
    close = undefined;
    if (before instanceof HTMLElement) before.focus();
  };
  const outside = (event: Event): void => {
    if (!(event.target instanceof Node) || !menu.contains(event.target)) finish();
  };
  const entries = items.map(
    ({ label: text, run }) =>
    button(text, () => { finish(); run(); }, { role: 'menuitem', tabindex: '-1', class: 'menu-item' }), // prettier-ignore
  );
  menu.append(...entries);
  menu.addEventListener('keydown', (event) => onKey(event, entries, finish));
  document.body.append(menu);
  menu.style.left = `${Math.max(0, Math.min(x, window.innerWidth - menu.offsetWidth - 4))}px`;
  menu.style.top = `${Math.max(0, Math.min(y, window.innerHeight - menu.offsetHeight - 4))}px`;
  document.addEventListener('pointerdown', outside, true);
  close = finish;
  entries[0]?.focus();
}

function onKey(event: KeyboardEvent, entries: readonly HTMLElement[], finish: () => void): void {
  const at = entries.findIndex((entry) => entry === document.activeElement);
  const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
  if (target !== undefined) entries[(target + entries.length) % entries.length]?.focus();
  else if (event.key === 'Escape' || event.key === 'Tab') finish();
  else return;
  event.preventDefault();
}

/** A button that opens a menu below itself. */
export function menuButton(label: string, items: () => readonly MenuItem[]): HTMLButtonElement {
  const made = button(`${label} ▾`, () => {
    const box = made.getBoundingClientRect();
    openMenu(label, items(), box.left, box.bottom);
  }, { 'aria-haspopup': 'menu' }); // prettier-ignore
  return made;
}
