/** The media type of an image by its first bytes; undefined for anything else. SVG is left out: it is text, and may hold code. */

const signatures: readonly (readonly [type: string, bytes: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
  ['image/bmp', /^BM[\s\S]{4}\x00\x00\x00\x00/],
  ['image/avif', /^[\s\S]{4}ftypavif/],
  ['image/x-icon', /^\x00\x00\x01\x00/],
];

export function imageType(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return signatures.find(([, pattern]) => pattern.test(start))?.[0];
}
