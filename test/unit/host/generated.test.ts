/** Files that follow from others are fresh, and every text of the manifest has its words. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
// @ts-expect-error a script without types
import { staleFiles } from '../../../scripts/generate.mjs';

it('generated files are fresh: npm run generate', async () => {
  expect((await staleFiles()).map(({ file }: { readonly file: string }) => file)).toEqual([]);
});

it('every %key% of package.json is in package.nls.json, and no key is left over', () => {
  const manifest = readFileSync('package.json', 'utf8');
  const words = Object.keys(JSON.parse(readFileSync('package.nls.json', 'utf8')) as object);
  const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
  expect([...new Set(used)].sort()).toEqual([...words].sort());
});

it('settings that name files or models do not count in an untrusted workspace', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } } }; // prettier-ignore
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  expect(supported).toBe('limited');
  for (const name of ['model', 'adapter', 'modelFolder', 'gpu', 'database']) expect(restrictedConfigurations).toContain(`joinery.${name}`);
});
