/** Controls that several parts of the page are made of. */
import { element } from '../shared/element.js';

export function button(label: string, press: () => void, attributes: Readonly<Record<string, string>> = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'button', ...attributes }, label);
  made.addEventListener('click', press);
  return made;
}

/** `choose` gets the value of the chosen option. */
export function choice(
  label: string,
  options: readonly (readonly [value: string, text: string])[],
  value: string,
  choose: (value: string) => void,
): HTMLSelectElement {
  const list = options.map(([key, text]) => element('option', { value: key }, text));
  const made = element('select', { class: 'select', 'aria-label': label }, ...list);
  made.value = value;
  made.addEventListener('change', () => choose(made.value));
  return made;
}

/** Arrow keys move the focus among the items, as in a toolbar or a list of tabs; one of them is reached by the tab key. */
export function roveFocus(container: HTMLElement, items: () => readonly HTMLElement[]): void {
  container.addEventListener('keydown', (event) => {
    const all = items().filter((item) => !(item instanceof HTMLButtonElement && item.disabled));
    const at = all.findIndex((item) => item === document.activeElement);
    const target = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || target === undefined) return;
    event.preventDefault();
    const next = all[(target + all.length) % all.length];
    for (const item of all) item.tabIndex = item === next ? 0 : -1;
    next?.focus();
  });
}
