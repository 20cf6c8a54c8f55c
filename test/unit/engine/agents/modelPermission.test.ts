import { describe, expect, it } from 'vitest';
import { findPermission, parsePermissions, type PermissionEntries } from '../../../../src/engine/agents/modelPermission.js';

describe('permission of a database', () => {
  const cases: readonly (readonly [PermissionEntries, string | undefined])[] = [
    [{}, undefined],
    [{ '*': 'schema' }, 'schema'],
    [{ 'data/x.db': 'nothing' }, 'nothing'],
    [{ '/w/data/x.db': 'schema' }, 'schema'],
    [{ 'x.db': 'schema' }, 'schema'],
    [{ './data/../data/x.db': 'schema' }, 'schema'],
    [{ 'y.db': 'nothing' }, undefined],
    [{ '': 'nothing' }, undefined],
    // Its own entry goes before that of all others, also when it allows more.
    [{ '*': 'nothing', 'data/x.db': 'schemaAndSamples' }, 'schemaAndSamples'],
    // Named twice: the narrower holds.
    [{ 'data/x.db': 'schemaAndSamples', 'x.db': 'schema' }, 'schema'],
    [{ 'x.db': 'nothing', 'data/x.db': 'schemaAndSamples' }, 'nothing'],
  ];
  for (const [entries, wanted] of cases)
    it(JSON.stringify(entries), () => expect(findPermission('/w/data/x.db', entries, ['/w'])).toBe(wanted));
});

describe('what is no permission opens nothing', () => {
  const cases: readonly (readonly [unknown, string | undefined])[] = [
    [{ 'x.db': 'none' }, 'nothing'],
    [{ 'x.db': 'Schema' }, 'nothing'],
    [{ 'x.db': null }, 'nothing'],
    [{ '*': 'non', 'y.db': 'schema' }, 'nothing'],
    [{ '*': 'schemaAndSamples', 'data/x.db': 0 }, 'nothing'],
    [{ '*': 'non', 'data/x.db': 'schema' }, 'schema'],
    [{ 'y.db': 'none' }, undefined],
  ];
  for (const [entries, wanted] of cases)
    it(JSON.stringify(entries), () => expect(findPermission('/w/data/x.db', entries as PermissionEntries, ['/w'])).toBe(wanted));
});

describe('permissions as text', () => {
  const good: readonly (readonly [string, PermissionEntries])[] = [
    ['', {}],
    [' schema ', { '*': 'schema' }],
    ['nothing', { '*': 'nothing' }],
    ['{"a.db":"nothing","*":"schemaAndSamples"}', { 'a.db': 'nothing', '*': 'schemaAndSamples' }],
  ];
  for (const [text, wanted] of good) it(JSON.stringify(text), () => expect(parsePermissions(text, 'x')).toEqual(wanted));
  for (const text of ['everything', 'Schema', '{', '{"a.db":"all"}', '{"a.db":1}', '{"a.db":null}'])
    it(`does not take ${text}`, () => expect(() => parsePermissions(text, 'x')).toThrow(/config.invalid/));
});
