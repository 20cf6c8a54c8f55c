/** The adapters that come with the product are the files that the catalogue describes, for prompts that this code writes. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { promptKindOf } from '../../../../src/core/nl2sql/promptStyle.js';
import { modelCatalog } from '../../../../src/engine/models/modelCatalog.js';
import { readGgufHeader } from '../../../../src/engine/models/readGgufHeader.js';

const folder = path.resolve(import.meta.dirname, '..', '..', '..', '..', 'models', 'adapters');

describe('an adapter that comes with the product', () => {
  it.each(modelCatalog.adapters)('$id', async ({ file, sha256, base, promptVersion }) => {
    const place = path.join(folder, file);
    expect(statSync(place).size).toBeLessThanOrEqual(20e6);
    expect(createHash('sha256').update(readFileSync(place)).digest('hex')).toBe(sha256);
    const { metadata } = await readGgufHeader(place);
    const baseSum = modelCatalog.models.find(({ id }) => id === base)?.sha256;
    expect(metadata.get('joinery.base.sha256')).toBe(baseSum);
    expect(metadata.get('joinery.prompt.version')).toBe(promptVersion);
    expect(promptKindOf(promptVersion)).toBeDefined();
  });

  it('is the only default of its base', () => {
    const bases = modelCatalog.adapters.filter(({ isDefault }) => isDefault).map(({ base }) => base);
    expect(bases).toEqual([...new Set(bases)]);
  });
});
