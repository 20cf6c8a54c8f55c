import { describe, expect, it } from 'vitest';
import { defaultModelFolder, findCatalogModel, modelCatalog } from '../../../../src/engine/models/modelCatalog.js';

describe('models/catalog.json', () => {
  it('has a default that exists and ids that are unique', () => {
    const ids = modelCatalog.models.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(findCatalogModel(modelCatalog, modelCatalog.default).sha256).toBeDefined();
  });

  for (const model of modelCatalog.models) {
    it(`is complete for ${model.id}`, () => {
      expect(model.file).toMatch(/^[\w.-]+\.gguf$/);
      expect(model.licence).toBe('Apache-2.0');
      expect(model.promptVersion).not.toBe('');
      expect(model.sources[0]).toMatchObject({ kind: 'hub' });
      if (model.sha256 === undefined) expect(model.approximateBytes).toBeGreaterThan(1e9);
      else expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
      for (const source of model.sources) {
        if (source.kind === 'hub') expect(source.repository).toMatch(/^[\w.-]+\/[\w.-]+$/);
        else expect(source.parts).toBe(Math.ceil((model.bytes ?? 0) / source.partBytes));
      }
    });
  }
});

describe('defaultModelFolder', () => {
  const cases: readonly { environment: NodeJS.ProcessEnv; platform: NodeJS.Platform; folder: string }[] = [
    { environment: {}, platform: 'linux', folder: '/home/me/.cache/joinery/models' },
    { environment: { XDG_CACHE_HOME: '/cache' }, platform: 'linux', folder: '/cache/joinery/models' },
    { environment: { JOINERY_MODEL_DIR: '/m', XDG_CACHE_HOME: '/cache' }, platform: 'darwin', folder: '/m' },
  ];
  for (const { environment, platform, folder } of cases) {
    it(`is ${folder}`, () => expect(defaultModelFolder(environment, '/home/me', platform)).toBe(folder));
  }
});
