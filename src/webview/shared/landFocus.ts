/**
 * Where the keyboard lands in a page: one that gets it as a whole, from a command or from another part of the editor, has nothing focused in it, and
 * every key would be lost until somebody presses Tab often enough.
 */

/** Only when the page has the keyboard and nothing in it does; a hidden element does not take it. */
export function landFocus(main: HTMLElement): void {
  const isFree = document.activeElement === document.body || document.activeElement === null;
  if (isFree && document.hasFocus()) main.focus();
}

/** Now, and whenever the page gets the keyboard. */
export function landFocusOn(main: () => HTMLElement): void {
  window.addEventListener('focus', () => landFocus(main()));
  landFocus(main());
}
