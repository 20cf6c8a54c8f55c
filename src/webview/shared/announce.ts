/** Says things to a screen reader without moving the focus. */
import { element } from './element.js';

/** Adds the region once; the function it returns replaces what the region says. */
export function createAnnouncer(parent: HTMLElement): (text: string) => void {
  const region = element('div', { class: 'only-spoken', role: 'status', 'aria-live': 'polite' });
  parent.append(region);
  return (text) => {
    region.textContent = text;
  };
}
