import { describe, expect, it } from 'vitest';
import { serverAddress } from '../../../../src/engine/remote/serverSettings.js';

describe('address of a server', () => {
  const good: readonly (readonly [string, string])[] = [
    ['http://host:8080', 'http://host:8080/v1'],
    ['http://host:8080/', 'http://host:8080/v1'],
    ['https://host/v1/', 'https://host/v1'],
    ['https://host/openai/v1', 'https://host/openai/v1'],
  ];
  it.each(good)('%s', (text, wanted) => expect(serverAddress(text)).toBe(wanted));
  it.each(['host:8080', 'file:///etc/passwd', 'nonsense', 'http://me:secret@host/v1'])('not %s', (text) => {
    expect(() => serverAddress(text)).toThrow(/config.invalid/);
    expect(() => serverAddress(text)).not.toThrow(/secret/);
  });
});
