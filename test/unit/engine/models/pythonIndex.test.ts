import { describe, expect, it } from 'vitest';
import { findIndex } from '../../../../src/engine/models/pythonIndex.js';

const cases: readonly { name: string; environment?: NodeJS.ProcessEnv; pip?: string; url: string; authorization?: string }[] = [
  { name: 'nothing set', url: 'https://pypi.org/simple' },
  {
    name: 'the variable',
    environment: { PIP_INDEX_URL: 'https://mirror.example/pypi/simple/' },
    url: 'https://mirror.example/pypi/simple',
  },
  { name: 'pip’s configuration', pip: 'http://host.example:8080/simple', url: 'http://host.example:8080/simple' },
  {
    name: 'the variable before the configuration',
    environment: { PIP_INDEX_URL: 'https://a.example/simple' },
    pip: 'https://b.example/simple',
    url: 'https://a.example/simple',
  },
  { name: 'credentials', pip: 'https://me:p%40ss@a.example/simple', url: 'https://a.example/simple', authorization: 'Basic bWU6cEBzcw==' },
  { name: 'a folder instead of a server', pip: 'file:///opt/wheels', url: 'https://pypi.org/simple' },
  { name: 'no address at all', pip: 'nonsense', url: 'https://pypi.org/simple' },
];

describe('findIndex', () => {
  for (const { name, environment = {}, pip, url, authorization } of cases) {
    it(`follows ${name}`, async () => {
      const index = await findIndex(environment, () => Promise.resolve(pip));
      expect(index).toEqual({ url, headers: authorization === undefined ? {} : { authorization } });
    });
  }
});
