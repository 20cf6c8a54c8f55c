import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationSource, neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { createSample } from '../../../../src/engine/sample/createSample.js';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'joinery-sample-'))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function programOf(text: string): Promise<string> {
  const program = path.join(folder, 'program.mjs');
  await writeFile(program, `import { writeFileSync } from 'node:fs';\nconst file = process.argv[2];\n${text}`);
  return program;
}
const file = (): string => path.join(folder, 'new', 'shop.db');

describe('the sample database', () => {
  it('appears when its program has ended well, and is kept from then on', async () => {
    const program = await programOf("writeFileSync(file, process.env.CONTENT ?? '');");
    expect(await createSample({ program, file: file(), env: { CONTENT: 'first' }, token: neverCancelled })).toBe(true);
    expect(await createSample({ program, file: file(), env: { CONTENT: 'second' }, token: neverCancelled })).toBe(false);
    expect(await readFile(file(), 'utf8')).toBe('first');
    expect(await readdir(path.dirname(file()))).toEqual(['shop.db']);
  });

  it('leaves nothing behind when the program fails, and says what it said', async () => {
    const program = await programOf("writeFileSync(file, 'half'); throw new Error('no space');");
    const failing = createSample({ program, file: file(), token: neverCancelled });
    await expect(failing).rejects.toMatchObject({
      code: 'process.startFailed',
      details: { detail: expect.stringContaining('no space') as string },
    });
    expect(await readdir(path.dirname(file()))).toEqual([]);
  });

  it('is stopped by a cancellation', async () => {
    const program = await programOf("writeFileSync(file, 'half'); setInterval(() => undefined, 1000);");
    const source = new CancellationSource();
    const stopped = createSample({ program, file: file(), token: source.token });
    await expect.poll(() => existsSync(`${file()}.part`), { timeout: 20_000 }).toBe(true);
    source.cancel();
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(path.dirname(file()))).toEqual([]);
  });
});
