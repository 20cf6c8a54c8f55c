/** Text of data and files on its way to a terminal: escape sequences and line breaks in it must not act there. */

const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** One line; what cannot be printed is a blank. */
export function printable(text: string): string {
  return text.replace(unprintable, ' ');
}
