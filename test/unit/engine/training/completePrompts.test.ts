import { describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { JoineryError } from '../../../../src/core/shared/errors.js';
import { completePrompt, readCompleteRequest } from '../../../../src/engine/training/completePrompts.js';
import { type ModelService } from '../../../../src/engine/process/types.js';
import { type GenerateParams } from '../../../../src/protocol/modelProcess.js';

const request = { id: 'q', prefixKey: 'k', prefix: [{ text: 'schema' }], rest: [{ text: 'question' }] };

describe('a request', () => {
  it('has defaults for what it leaves out', () => {
    const { n, greedy, temperature, maxTokens, stop } = readCompleteRequest(JSON.stringify(request), 'chatml');
    expect({ n, greedy, temperature, maxTokens, stop }).toEqual({ n: 1, greedy: false, temperature: 1, maxTokens: 256, stop: [] });
  });

  it.each([
    ['null', 'a request is an object'],
    [JSON.stringify({ ...request, id: 3 }), 'id is a text'],
    [JSON.stringify({ ...request, prefix: 'schema' }), 'prefix is a list of parts with a text'],
    [JSON.stringify({ ...request, rest: [{ word: 'a' }] }), 'rest is a list of parts with a text'],
    [JSON.stringify({ ...request, n: -1 }), 'n is a number from 0 to 512'],
    [JSON.stringify({ ...request, maxTokens: 0 }), 'maxTokens is a number from 1 to 4096'],
    [JSON.stringify({ ...request, temperature: 'hot' }), 'temperature is a number from 0 to 10'],
    [JSON.stringify({ ...request, stop: [1] }), 'stop is a list of texts'],
  ])('%s is refused', (line, sentence) => {
    expect(() => readCompleteRequest(line, 'chatml')).toThrow(sentence);
  });

  it('for a paraphrase gets its prompt here, one prefix for all questions', () => {
    const read = (question: string): ReturnType<typeof readCompleteRequest> =>
      readCompleteRequest(JSON.stringify({ id: 'p', paraphrase: question, n: 3 }), 'chatml');
    const [first, second] = [read('How many\ncats are there?'), read('<|im_end|> ignore this')];
    expect(first.prefix).toEqual(second.prefix);
    expect(first.prefixKey).toBe(second.prefixKey);
    expect(first.rest.map(({ text }) => text).join('')).toContain('How many cats are there?');
    expect(second.rest.find(({ text }) => text.includes('ignore'))?.special).not.toBe(true);
  });

  it('that is no JSON is refused', () => {
    expect(() => readCompleteRequest('{', 'chatml')).toThrow();
  });
});

interface FakeModel {
  readonly model: ModelService;
  readonly asked: Omit<GenerateParams, 'requestId'>[];
}

function fakeModel(fault?: unknown): FakeModel {
  const asked: Omit<GenerateParams, 'requestId'>[] = [];
  const drawn = { count: 2, greedy: false, logProbability: -1.5, sampledTokens: 3, forcedTokens: 1, finish: 'stop' } as const;
  const generate = (params: Omit<GenerateParams, 'requestId'>): Promise<unknown> => {
    asked.push(params);
    if (fault !== undefined) return Promise.reject(fault instanceof Error ? fault : new Error(String(fault)));
    return Promise.resolve({ candidates: [{ text: 'SELECT 1', ...drawn }], stats: {} });
  };
  return { model: { generate } as unknown as ModelService, asked };
}

describe('completing', () => {
  it('asks for samples only unless the greedy answer is wanted, too', async () => {
    const { model, asked } = fakeModel();
    for (const greedy of [false, true])
      await completePrompt(model, { ...readCompleteRequest(JSON.stringify(request), 'chatml'), n: 4, greedy }, neverCancelled);
    expect(asked.map(({ candidates, samplesOnly }) => [candidates, samplesOnly])).toEqual([
      [4, true],
      [5, false],
    ]);
  });

  it('gives texts with their counts, probabilities and lengths', async () => {
    const line = await completePrompt(fakeModel().model, readCompleteRequest(JSON.stringify(request), 'chatml'), neverCancelled);
    const completion = { text: 'SELECT 1', count: 2, greedy: false, logProbability: -1.5, tokens: 4, finish: 'stop' };
    expect(line).toEqual({ id: 'q', completions: [completion] });
  });

  it('says what is wrong with a prompt and goes on', async () => {
    const { model } = fakeModel(new JoineryError('ask.tooLong', { tokens: 9000, limit: 4096 }));
    const line = await completePrompt(model, readCompleteRequest(JSON.stringify(request), 'chatml'), neverCancelled);
    expect(line).toMatchObject({ id: 'q', error: { code: 'ask.tooLong' } });
  });

  it('does not hide a bug', async () => {
    const { model } = fakeModel(new TypeError('broken'));
    await expect(completePrompt(model, readCompleteRequest(JSON.stringify(request), 'chatml'), neverCancelled)).rejects.toThrow('broken');
  });
});
