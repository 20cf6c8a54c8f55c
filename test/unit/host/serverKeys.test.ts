/** The key of a team's server is in the secret storage and nowhere else: no setting, no memory of the workspace, no text of a request, no error. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { isJoineryError } from '../../../src/core/shared/errors.js';
import { neverCancelled } from '../../../src/core/shared/cancellation.js';
import { ServerClient } from '../../../src/engine/remote/serverClient.js';
import { ServerConsent } from '../../../src/host/services/serverConsent.js';
import { ServerKeys } from '../../../src/host/services/serverKeys.js';
import { type Memory } from '../../../src/host/services/memory.js';
import { fakeMemory } from '../../support/fakeMemory.js';
import { modelList, startFakeServer } from '../../support/fakeServer.js';

const key = 'sk-very-secret';
const url = 'http://host:8080/v1';

let kept: Map<string, string>;
let keys: ServerKeys;

beforeEach(() => {
  kept = new Map();
  keys = new ServerKeys({
    get: (name) => Promise.resolve(kept.get(name)),
    store: (name, secret) => Promise.resolve(void kept.set(name, secret)),
    delete: (name) => Promise.resolve(void kept.delete(name)),
  });
});

describe('a key', () => {
  it('is kept by the address of its server', async () => {
    await keys.set(url, key);
    expect([...kept]).toEqual([[`joinery.serverKey:${url}`, key]]);
    expect([await keys.get(url), await keys.get('http://other:8080/v1')]).toEqual([key, undefined]);
    expect([...kept.keys()].map((name) => keys.isKey(name))).toEqual([true]);
    expect(keys.isKey('another.secret')).toBe(false);
  });

  it('is forgotten when an empty one takes its place', async () => {
    await keys.set(url, key);
    await keys.set(url, '');
    expect([kept.size, await keys.get(url)]).toEqual([0, undefined]);
  });

  it('is no part of what the workspace remembers of the server', async () => {
    const written: string[] = [];
    const memory = fakeMemory();
    const watched: Memory = {
      get: (name, otherwise) => memory.get(name, otherwise),
      update: (name, value) => (written.push(`${name}=${JSON.stringify(value)}`), memory.update(name, value)),
    };
    await keys.set(url, key);
    await new ServerConsent(watched, () => Promise.resolve(true)).agree(url);
    expect(written.length).toBeGreaterThan(0);
    expect(written.join()).not.toContain(key);
  });

  it('travels in the header alone, and no fault repeats it', async () => {
    for (const status of [200, 401, 500]) {
      const server = await startFakeServer(() => (status === 200 ? modelList('llamacpp') : { status, body: { error: `no ${key}` } }));
      const client = new ServerClient({ url: server.url, key });
      const outcome = await client.facts(neverCancelled).catch((error: unknown) => error);
      await server.close();
      expect(server.seen.length).toBeGreaterThan(0);
      for (const seen of server.seen) {
        expect(seen.key).toContain(key);
        expect(`${seen.path}${JSON.stringify(seen.body)}`).not.toContain(key);
      }
      if (isJoineryError(outcome)) expect(JSON.stringify([outcome.code, outcome.details])).not.toContain(key);
      expect(outcome instanceof Error).toBe(status !== 200);
    }
  });
});

describe('the sources', () => {
  const source = (file: string): string => readFileSync(`src/host/${file}`, 'utf8');
  const files = readdirSync('src/host', { recursive: true }).map(String).filter((name) => name.endsWith('.ts')); // prettier-ignore
  it('ask for it behind dots, and hand it to the secret storage and the server only', () => {
    const uses = [...source('features/teamServer/registerTeamServer.ts').matchAll(/^.*\bkey\b(?!\.).*$/gm)]
      .map(([line]) => line.trim())
      .filter((line) => !/^(?:\*|\/\*)/.test(line));
    expect(uses.filter((line) => !/showInputBox\(\{ title, prompt, password: true|key === undefined \||new ServerClient\(|server\.storeKey\(/.test(line))).toEqual([]); // prettier-ignore
    expect(uses.length).toBe(4);
  });
  it('have one place that stores secrets, and no setting for them', () => {
    expect(files.filter((file) => /secrets\.(?:store|delete|get)\(/.test(source(file)))).toEqual(['services/serverKeys.ts']);
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: { configuration: { properties: object } } };
    expect(Object.keys(contributes.configuration.properties).filter((name) => /key|token|secret/i.test(name))).toEqual([]);
  });
});
