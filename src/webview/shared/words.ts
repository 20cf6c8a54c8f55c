/** Filling the templates that the extension sends translated. */

/** `{name}` becomes the value; a name without a value stays as it is. */
export function fillWords(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
