/** Elements in one expression. Attributes are set as text, so nothing that a database holds becomes markup. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined;

/** `false` and `undefined` leave an attribute out, `true` sets it empty. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? '' : String(value));
  }
}

/** An icon of VS Code's own set; says nothing to a screen reader. */
export function icon(name: string): HTMLElement {
  return element('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}

/** A button that shows an icon only; `label` is its name and its tooltip. */
export function iconButton(name: string, label: string, press: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'icon-button', title: label, 'aria-label': label }, icon(name));
  button.addEventListener('click', press);
  return button;
}
