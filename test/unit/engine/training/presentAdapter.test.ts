import { describe, expect, it } from 'vitest';
import { JoineryError } from '../../../../src/core/shared/errors.js';
import { type ResolvedModel } from '../../../../src/engine/models/types.js';
import { presentAdapter } from '../../../../src/engine/training/presentAdapter.js';

const model = { id: 'tiny', path: '/tiny.gguf', promptVersion: '1' };
const withAdapter = (promptVersion?: string): ResolvedModel => ({
  ...model,
  adapter: { id: 'own', path: '/own.gguf', ...(promptVersion === undefined ? {} : { promptVersion }) },
});

describe('what fine-tuning goes on from', () => {
  it.each([
    ['the adapter that answers', withAdapter('joinery-1-bare'), '/own.gguf'],
    ['a model without one', model, undefined],
    ['an adapter that does not say for which prompts', withAdapter(), undefined],
    ['an adapter of another release', withAdapter('joinery-0-bare'), undefined],
    ['an adapter for prompts with examples', withAdapter('joinery-1'), undefined],
    ['an adapter that writes plans', withAdapter('joinery-1-bare-think'), undefined],
  ])('%s', async (_name, resolved, start) => {
    expect(await presentAdapter({ resolve: () => Promise.resolve(resolved) }, 'tiny', undefined)).toBe(start);
  });

  it('asks for the base and the adapter that are named', async () => {
    const asked: unknown[] = [];
    const resolve = (...named: unknown[]): Promise<ResolvedModel> => {
      asked.push(named);
      return Promise.resolve(model);
    };
    await presentAdapter({ resolve }, 'tiny', 'none');
    expect(asked).toEqual([['tiny', 'none']]);
  });

  it('is nothing with the adapter of another base, and other faults are told', async () => {
    const failing = (code: 'model.adapterMismatch' | 'model.missing') => ({
      resolve: () => Promise.reject(new JoineryError(code, {})),
    });
    expect(await presentAdapter(failing('model.adapterMismatch'), 'tiny', '/other.gguf')).toBeUndefined();
    await expect(presentAdapter(failing('model.missing'), 'tiny', undefined)).rejects.toMatchObject({ code: 'model.missing' });
  });
});
