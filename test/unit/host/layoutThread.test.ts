import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CancellationSource, neverCancelled } from '../../../src/core/shared/cancellation.js';
import { layOut } from '../../../src/host/features/graphPanel/layoutThread.js';
import { layoutSchema } from '../../../src/layout/layoutSchema.js';
import { makeTestFolder } from '../../support/buildFixture.js';

const folder = makeTestFolder();
const program = folder.file('layout.mjs');
const request = { sizes: [[100, 50], [80, 40], [60, 30]], groups: [0, 0, 0], edges: [[1, 0]] } as const; // prettier-ignore

function threadThat(name: string, code: string): string {
  const file = folder.file(`${name}.mjs`);
  writeFileSync(file, code);
  return file;
}

describe('the layout thread', () => {
  beforeAll(async () => {
    const entry = path.join(import.meta.dirname, '..', '..', '..', 'src', 'layout', 'main.ts');
    await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  });
  afterAll(() => folder.remove());

  test('gives what the layout itself gives', async () => {
    expect(await layOut(program, request, neverCancelled)).toEqual(layoutSchema(request));
  });

  test.each(['before', 'meanwhile'])('can be cancelled %s', async (when) => {
    const source = new CancellationSource();
    if (when === 'before') source.cancel();
    const silent = threadThat('silent', 'setInterval(() => undefined, 1000);');
    const laidOut = layOut(silent, request, source.token);
    if (when === 'meanwhile') source.cancel();
    await expect(laidOut).rejects.toMatchObject({ code: 'cancelled' });
  });

  test.each([
    ['throws', "throw new Error('broken');", /broken/],
    ['answers nonsense', "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => parentPort.postMessage({ id: 1, places: ['x'] }));", /unknown shape/], // prettier-ignore
    ['is not there', undefined, /./],
  ])('a thread that %s is an error of ours', async (name, code, reason) => {
    const file = code === undefined ? folder.file('nowhere.mjs') : threadThat(name.replaceAll(' ', '-'), code);
    await expect(layOut(file, request, neverCancelled)).rejects.toMatchObject({ code: 'internal', details: { reason: expect.stringMatching(reason) as string } }); // prettier-ignore
  });
});
