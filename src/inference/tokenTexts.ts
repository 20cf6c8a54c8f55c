/** What each token of a vocabulary says, as bytes and as text. Tokens may hold part of a character; control tokens say nothing. */
import { type LlamaModel, type Token } from 'node-llama-cpp';

export interface TokenTexts {
  readonly vocabularySize: number;
  /** Empty for control and unused tokens. */
  bytes(token: number): Uint8Array;
  /** Undefined when the token is not whole UTF-8 by itself. */
  text(token: number): string | undefined;
  /** Ends the turn or the text. */
  isEnd(token: number): boolean;
  /** Control or unused: never part of an answer. */
  isControl(token: number): boolean;
}

/** `token_type` of GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const tokenType = { unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;
const noBytes = new Uint8Array(0);

export function readTokenTexts(model: LlamaModel): TokenTexts {
  const { ggml } = model.fileInfo.metadata.tokenizer;
  const types: ArrayLike<number> = ggml.token_type ?? [];
  const bytesOf = ggml.model === 'gpt2' ? byteLevelReader(ggml.tokens) : sentencePieceReader(ggml.tokens);
  const encoder = new TextEncoder();
  const bytes = new Map<number, Uint8Array>();
  const texts = new Map<number, string | undefined>();
  const ends = new Map<number, boolean>();
  const isControl = (token: number): boolean => {
    const type = types[token];
    return type === tokenType.control || type === tokenType.unused || type === tokenType.unknown;
  };
  const read = (token: number): Uint8Array => {
    const stored = ggml.tokens[token];
    if (stored === undefined || isControl(token)) return noBytes;
    return types[token] === tokenType.userDefined ? encoder.encode(stored) : bytesOf(token);
  };
  const remember = <T>(memory: Map<number, T>, token: number, make: () => T): T => {
    if (memory.has(token)) return memory.get(token) as T;
    const made = make();
    memory.set(token, made);
    return made;
  };
  const bytesFor = (token: number): Uint8Array => remember(bytes, token, () => read(token));
  return {
    vocabularySize: ggml.tokens.length,
    bytes: bytesFor,
    text: (token) => remember(texts, token, () => decodeWhole(bytesFor(token))),
    isEnd: (token) => remember(ends, token, () => model.isEogToken(token as Token)),
    isControl,
  };
}

function decodeWhole(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // Part of a character: not an error, the caller puts the pieces together.
    return undefined;
  }
}

/** GPT-2 stores each byte as a printable character: https://github.com/openai/gpt-2/blob/master/src/encoder.py */
function byteLevelReader(tokens: readonly string[]): (token: number) => Uint8Array {
  const byteOf = new Map<number, number>();
  let shifted = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    byteOf.set(printable ? byte : shifted++, byte);
  }
  const encoder = new TextEncoder();
  return (token) => {
    const stored = tokens[token] ?? '';
    const bytes = Array.from(stored, (character) => byteOf.get(character.codePointAt(0) ?? 0));
    return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : encoder.encode(stored);
  };
}

/** SentencePiece stores blanks as ▁ and single bytes as <0xNN>. */
function sentencePieceReader(tokens: readonly string[]): (token: number) => Uint8Array {
  const encoder = new TextEncoder();
  return (token) => {
    const stored = tokens[token] ?? '';
    const byte = /^<0x([0-9A-Fa-f]{2})>$/.exec(stored)?.[1];
    return byte === undefined ? encoder.encode(stored.replaceAll('\u2581', ' ')) : Uint8Array.of(Number.parseInt(byte, 16));
  };
}

/** The whole characters that `bytes` begins with, and what is left of a character at the end. Undefined when it is not UTF-8. */
export function splitWholeText(bytes: Uint8Array): { readonly text: string; readonly rest: Uint8Array } | undefined {
  const cut = lastCharacterStart(bytes);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return { text: decoder.decode(bytes.subarray(0, cut)), rest: bytes.subarray(cut) };
  } catch {
    // Bytes that no text has: the token cannot stand here.
    return undefined;
  }
}

/** No character begins with a higher byte: https://www.rfc-editor.org/rfc/rfc3629 */
const lastLead = 0xf4;

/** Where the unfinished last character begins; the length when all are whole. */
function lastCharacterStart(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const at = bytes.length - back;
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) return byte <= lastLead && characterLength(byte) > back ? at : bytes.length;
  }
  return bytes.length;
}

/** Bytes of the character that `lead` begins. */
export function characterLength(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
}
