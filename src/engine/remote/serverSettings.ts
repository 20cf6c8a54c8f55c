/** Which server stands in for the model of this machine, and how it is spoken to. An address that cannot be one throws `config.invalid`. */
import { JoineryError } from '../../core/shared/errors.js';

/** How the server is told what may be written: llama.cpp's grammars, vLLM's guided decoding, or not at all. */
export type ServerConstraints = 'gbnf' | 'guided' | 'none';

export interface ServerSettings {
  /** Address up to and with `/v1`. */
  readonly url: string;
  /** Absent takes the first model that the server lists. */
  readonly model?: string;
  readonly key?: string;
  /** Absent asks the server what it is. */
  readonly constraints?: ServerConstraints;
  /** Asked before anything leaves this machine; false sends nothing. Absent means that the user has agreed by naming the server. */
  readonly agree?: (url: string) => Promise<boolean>;
}

/** Without credentials in it, for they would end up in logs; `/v1` is added where a bare host was given. */
export function serverAddress(text: string): string {
  const bad = (detail: string): JoineryError =>
    new JoineryError('config.invalid', { name: 'server', value: text.replace(/\/\/[^/]*@/, '//…@'), detail });
  if (!URL.canParse(text)) throw bad('is not an address such as http://host:8080/v1');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw bad('must begin with http:// or https://');
  if (url.username !== '' || url.password !== '') throw bad('must not hold a name or a password; give the key apart from it');
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path === '' ? '/v1' : path}`;
}
