/** The parts of the model process that need no model. */
import { describe, expect, it } from 'vitest';
import { compileGrammar } from '../../../src/core/grammar/compileGrammar.js';
import { BatchPace } from '../../../src/inference/batchPace.js';
import { CandidateTally } from '../../../src/inference/candidateTally.js';
import { planContext } from '../../../src/inference/contextPlan.js';
import { chatTemplateOf } from '../../../src/inference/detectChatTemplate.js';
import { drawSamples, seededRandom } from '../../../src/inference/drawSamples.js';
import { freeGuide } from '../../../src/inference/freeGuide.js';
import { GrammarCache } from '../../../src/inference/grammarCache.js';
import { grammarGuide } from '../../../src/inference/grammarGuide.js';
import { type Guide, type GuideState } from '../../../src/inference/guide.js';
import { healedGuide } from '../../../src/inference/healedGuide.js';
import { RequestQueue } from '../../../src/inference/requestQueue.js';
import { stableLength } from '../../../src/inference/stableText.js';
import { StopSignal } from '../../../src/inference/stopSignal.js';
import { splitWholeText, type TokenTexts } from '../../../src/inference/tokenTexts.js';
import { VocabularyIndex } from '../../../src/inference/vocabularyIndex.js';
import { type Candidate } from '../../../src/protocol/modelProcess.js';

/** A vocabulary of texts, then single bytes of é and 漢, then an end and a control token. */
const words = [
  'SELECT',
  ' name',
  ' na',
  'me',
  ' FROM',
  ' singer',
  ' concert',
  'SEL',
  'ECT',
  ';',
  '\n',
  ' ',
  '```',
  "'",
  'x',
  "';\n",
  "x'\n",
  "'x",
];
const bytes = [[0xc3], [0xa9], [0xe6, 0xbc], [0xa2], [0xff]];
const end = words.length + bytes.length;
const control = end + 1;

const texts: TokenTexts = {
  vocabularySize: control + 1,
  bytes: (token) =>
    new TextEncoder().encode(words[token] ?? '').length > 0
      ? new TextEncoder().encode(words[token] ?? '')
      : Uint8Array.from(bytes[token - words.length] ?? []),
  text: (token) => (token < words.length ? words[token] : token < end ? undefined : ''),
  isEnd: (token) => token === end,
  isControl: (token) => token >= end,
};
const id = (word: string): number => words.indexOf(word);

function guideOf(grammar: string, stop: readonly string[] = [';', '```']): Guide {
  const matcher = compileGrammar(grammar);
  const tokenize = (text: string): number[] => {
    const tokens: number[] = [];
    for (let rest = text; rest !== '';) {
      const token = words.reduce(
        (best, word, index) => (word !== '' && rest.startsWith(word) && word.length > (words[best]?.length ?? 0) ? index : best),
        -1,
      );
      if (token < 0) break;
      tokens.push(token);
      rest = rest.slice(words[token]?.length);
    }
    return tokens;
  };
  return grammarGuide({ matcher, start: matcher.start, texts, vocabulary: new VocabularyIndex(texts), stop, tokenize });
}

function walk(guide: Guide, tokens: readonly number[]): GuideState | 'end' | undefined {
  return tokens.reduce<GuideState | 'end' | undefined>(
    (state, token) => (typeof state === 'object' ? guide.step(state, token) : undefined),
    guide.start,
  );
}

describe('stable text', () => {
  it.each([
    ['', 0],
    ['SELECT', 0],
    ['SELECT ', 6],
    [' FROM singer', 5],
    [' = T1.', 5],
    ['T1.name', 2],
    ['a (', 1],
    ['x1 y', 2],
    ['a  b', 2],
    ['count(*)', 5],
    ['name = 12', 6],
    ['\nAND', 1],
    ['caf\u00e9', 0],
  ])('of %j: %i', (text, length) => {
    expect(stableLength(text)).toBe(length);
  });
});

describe('bytes of text', () => {
  it.each<[number[], string | undefined, number]>([
    [[0x61], 'a', 0],
    [[0x61, 0xc3], 'a', 1],
    [[0xc3, 0xa9], 'é', 0],
    [[0xe6, 0xbc], '', 2],
    [[0xe6, 0xbc, 0xa2], '漢', 0],
    [[0xf0, 0x9f, 0x98], '', 3],
    [[0xff], undefined, 0],
    [[0xa9], undefined, 0],
    [[], '', 0],
  ])('%j', (input, text, rest) => {
    const split = splitWholeText(Uint8Array.from(input));
    expect(split && [split.text, split.rest.length]).toEqual(text === undefined ? undefined : [text, rest]);
  });
});

describe('drawing samples', () => {
  const allowed = [
    { token: 1, logit: 2 },
    { token: 2, logit: 1 },
    { token: 3, logit: -30 },
  ];
  it.each([
    [8, 0, [8, 0, 0]],
    [0, 1, [0, 0, 0]],
  ])('%i at temperature %i', (samples, temperature, expected) => {
    expect(drawSamples(allowed, samples, temperature, seededRandom(1))).toEqual(expected);
  });

  it('follows the distribution', () => {
    const [first = 0, second = 0, third = 0] = drawSamples(allowed, 10_000, 1, seededRandom(3));
    expect([first + second + third, third]).toEqual([10_000, 0]);
    expect(Math.abs(first / 10_000 - Math.E / (1 + Math.E))).toBeLessThan(0.02);
  });

  it('is the same for the same seed only', () => {
    const draw = (seed: number): number[] => drawSamples(allowed, 50, 1, seededRandom(seed));
    expect(draw(4)).toEqual(draw(4));
    expect([1, 2, 3, 5].some((seed) => draw(seed)[0] !== draw(4)[0])).toBe(true);
  });
});

describe('the grammar guide', () => {
  const grammar = 'root ::= "SELECT name FROM " ("singer" | "concert") (" x")?\n';

  it('allows what the grammar allows, in any tokens', () => {
    expect(walk(guideOf(grammar), [id('SEL'), id('ECT'), id(' na'), id('me')])).toMatchObject({ text: 'SELECT name' });
    expect(walk(guideOf(grammar), [id(' FROM')])).toBeUndefined();
  });

  it('forces what must come, up to a certain token boundary', () => {
    const guide = guideOf(grammar);
    const forced = guide.forced(guide.start);
    expect([forced.tokens, forced.state.text]).toEqual([[id('SELECT'), id(' name'), id(' FROM')], 'SELECT name FROM']);
    expect(guide.forced(forced.state).tokens).toEqual([]);
  });

  it.each([';', '```', '\n', ' '])('%j after a whole sentence ends it', (word) => {
    const guide = guideOf('root ::= "SELECT" "x"?\n');
    expect(walk(guide, [id('SELECT'), id(word)])).toBe('end');
    expect(walk(guide, [id('SEL'), id(word)])).toBeUndefined();
  });

  it.each<[string[], string | undefined]>([
    [['SELECT', "'", 'x', "';\n"], "SELECT'x'"],
    [['SELECT', "'", "x'\n"], "SELECT'x'"],
    [['SELECT', "'", 'x', "'x"], undefined],
    [['SELECT', "';\n"], undefined],
    [['SELECT', "x'\n"], undefined],
  ])('a token may hold the last sign of an answer and more: %j', (pieces, text) => {
    const guide = guideOf('root ::= "SELECT" "\'" "x" "\'" " name"?\n');
    const state = walk(guide, pieces.map(id));
    expect(typeof state === 'object' ? [guide.answer(state), guide.isFinal(state), guide.forced(state).tokens] : undefined).toEqual(
      text === undefined ? undefined : [text, true, []],
    );
  });

  it('a stop text is no part of the answer even where the grammar reads it', () => {
    expect(walk(guideOf('root ::= "SELECT" ";"?\n'), [id('SELECT'), id(';')])).toBe('end');
  });

  it('the end of turn ends whole sentences only; control tokens never stand', () => {
    const guide = guideOf('root ::= "SELECT" "x"?\n');
    expect([walk(guide, [id('SELECT'), end]), walk(guide, [end]), walk(guide, [id('SELECT'), control])]).toEqual([
      'end',
      undefined,
      undefined,
    ]);
  });

  it.each<[string, number[][], boolean]>([
    ['é', [[0xc3], [0xa9]], true],
    ['漢', [[0xe6, 0xbc], [0xa2]], true],
    ['é', [[0xe6, 0xbc]], false],
    ['é', [[0xff]], false],
    ['[^a]', [[0xc3], [0xa9]], true],
  ])('characters in pieces: %s', (character, pieces, allowed) => {
    const tokens = pieces.map((piece) => words.length + bytes.findIndex((known) => String(known) === String(piece)));
    const terminal = character.startsWith('[') ? character : `"${character}"`;
    expect(walk(guideOf(`root ::= ${terminal} | "SELECT"\n`), tokens) !== undefined).toBe(allowed);
  });

  it('lists the few tokens that may stand', () => {
    const guide = guideOf(grammar);
    expect(new Set(guide.allowedTokens(guide.start))).toEqual(new Set([id('SELECT'), id('SEL')]));
  });

  it('healing writes the cut word again and leaves it out of the answer', () => {
    const inner = guideOf('root ::= " name" " FROM"? | " singer"\n');
    const guide = healedGuide(inner, ' na');
    expect(walk(guide, [id(' singer')])).toBeUndefined();
    const state = walk(guide, [id(' name')]);
    expect(typeof state === 'object' && guide.answer(state)).toBe('me');
    expect(walk(guide, [id(' na'), end])).toBeUndefined();
  });
});

describe('the free guide', () => {
  it('ends before the first stop text', () => {
    const guide = freeGuide(texts, [';', 'ECT']);
    const state = walk(guide, [id('SELECT')]);
    expect(typeof state === 'object' && [guide.isFinal(state), guide.answer(state)]).toEqual([true, 'SEL']);
    expect(walk(guide, [end])).toBe('end');
  });

  it('puts characters together', () => {
    const state = walk(freeGuide(texts, []), [words.length, words.length + 1, words.length + 4]);
    expect(typeof state === 'object' && state.text).toBe('é\ufffd');
  });
});

describe('the request queue', () => {
  it('runs the most urgent first, equals in order, and lets urgent ones into a running job', async () => {
    const queue = new RequestQueue();
    const done: string[] = [];
    const job = (name: string) => (): Promise<void> => Promise.resolve(void done.push(name));
    await Promise.all([
      queue.run('batch', async () => {
        done.push('begun');
        await Promise.resolve();
        await queue.giveWay('batch');
        done.push('ended');
      }),
      queue.run('batch', job('batch')),
      queue.run('interactive', job('one')),
      queue.run('typing', job('typing')),
      queue.run('interactive', job('two')),
    ]);
    expect(done).toEqual(['begun', 'typing', 'one', 'two', 'ended', 'batch']);
  });

  it('goes on after a job that failed', async () => {
    const queue = new RequestQueue();
    const failed = queue.run('batch', () => Promise.reject(new Error('no')));
    const next = queue.run('batch', () => Promise.resolve(7));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe(7);
  });
});

it('a tally adds up equal texts and tells each text once', () => {
  const told: string[] = [];
  const tally = new CandidateTally(({ text }) => told.push(text));
  const answer = (text: string, count: number, greedy = false, logProbability = -3): Candidate => ({
    text,
    count,
    greedy,
    logProbability,
    sampledTokens: 1,
    forcedTokens: 0,
    finish: 'stop',
  });
  for (const candidate of [answer('b', 2), answer('a', 1), answer('a', 1, true, -5), answer('b', 1, false, -1)]) tally.add(candidate);
  expect(told).toEqual(['b', 'a']);
  expect(tally.candidates.map(({ text, count, greedy, logProbability }) => [text, count, greedy, logProbability])).toEqual([
    ['a', 2, true, -5],
    ['b', 3, false, -1],
  ]);
});

it('batches shrink when they are slow and grow when they are fast', async () => {
  let time = 0;
  const pace = new BatchPace({ largest: 128, threads: 2, onGpu: false, rowWidth: 896 }, () => time);
  const run =
    (msPerToken: number) =>
    (size: number): Promise<number> => ((time += size * msPerToken), Promise.resolve(size));
  await pace.measure(run(20));
  expect(pace.size).toBe(16);
  for (let turn = 0; turn < 6; turn++) await pace.measure(run(0.1));
  expect(pace.size).toBe(128);
  await pace.measure(() => ((time += 500), Promise.resolve(3)));
  expect(pace.size).toBe(128);
});

it.each<[number, unknown]>([
  [100_000, { sequences: 12, contextSize: 4096 }],
  [40_000, { sequences: 8, contextSize: 4096 }],
  [16_500, { sequences: 4, contextSize: 4096 }],
  [9_000, { sequences: 4, contextSize: 2048 }],
  [4_100, { sequences: 2, contextSize: 2048 }],
  [1_000, undefined],
])('with %i free the context is %j', async (freeBytes, plan) => {
  const bytesOf = ({ sequences, contextSize }: { sequences: number; contextSize: number }): Promise<number> =>
    Promise.resolve(sequences * contextSize);
  expect(await planContext({ wanted: { sequences: 12, contextSize: 4096 }, freeBytes, bytesOf })).toEqual(plan);
});

it.each<[string | undefined, string[], string]>([
  ['{{ <|im_start|> }}', ['<|im_start|>'], 'chatml'],
  ['{{ <|im_start|> }}', [], 'plain'],
  [undefined, ['<|im_start|>'], 'chatml'],
  [undefined, [], 'plain'],
  ['<|start_header_id|>', ['<|start_header_id|>'], 'llama3'],
  ['<start_of_turn>', ['<start_of_turn>'], 'gemma'],
  ['[INST]', ['<|im_start|>'], 'plain'],
])('template %j with tokens %j: %s', (template, tokens, expected) => {
  expect(chatTemplateOf(template, (mark) => tokens.includes(mark))).toBe(expected);
});

it('a stop keeps its first reason; a deadline counts when it passes', () => {
  let time = 0;
  const signal = new StopSignal(10, () => time);
  expect(signal.reason).toBeUndefined();
  time = 10;
  expect(signal.reason).toBe('deadline');
  signal.stop('cancelled');
  expect(signal.reason).toBe('deadline');
});

it('the grammar cache keeps the last ones', () => {
  const cache = new GrammarCache(2);
  const first = cache.get('root ::= "a"\n');
  expect(cache.get('root ::= "a"\n')).toBe(first);
  cache.get('root ::= "b"\n');
  cache.get('root ::= "c"\n');
  expect(cache.get('root ::= "a"\n')).not.toBe(first);
});
