/**
 * What the adapter that comes with a model costs, in ratios of one run: warm single answers with the adapter and without, in turns. First through the whole
 * product on the project's own questions; then of two model processes alone on a small made-up schema, where as shipped each has its own prompt (with an
 * adapter no worked examples), and with the same prompt the time is taken by the token, for answers differ in length. `JOINERY_BENCH_MODEL` and
 * `JOINERY_BENCH_ADAPTER` name other files.
 */
import path from 'node:path';
import { type PromptStyle, promptVersionOf } from '../../src/core/nl2sql/promptStyle.js';
import { modelCatalog } from '../../src/engine/models/modelCatalog.js';
import { type ModelService } from '../../src/engine/process/types.js';
import { ask, type BenchService, benchService, defaultModelPath } from './askModel.js';
import { mean, median } from './averages.js';
import { type BenchRow } from './grammarBench.js';
import { prepareQuestion, shopKnowledge, shopQuestions } from './inferenceQuestions.js';
import { alternateSettings } from './wholeProduct.js';

const rounds = 3;

interface Spent {
  ms: number;
  written: number;
  answers: number;
}

export async function runAdapterBench(modelPath = defaultModelPath()): Promise<BenchRow[]> {
  const adapterPath = process.env['JOINERY_BENCH_ADAPTER'] ?? shippedAdapter(modelPath);
  if (adapterPath === undefined) return [];
  const asked = ['--model', modelPath, '--adapter'];
  const [bare, whole] = alternateSettings([...asked, 'none'], [...asked, adapterPath], path.dirname(modelPath));
  const [plain, adapted] = [benchService(), benchService()];
  try {
    await load(plain, modelPath, 'worked');
    await load(adapted, modelPath, 'bare', adapterPath);
    const shipped = await alternate(plain.service, adapted.service, 'worked');
    const same = await alternate(plain.service, adapted.service, 'bare');
    return [
      { name: 'single verified answer with the adapter / without, own questions', value: mean(whole) / mean(bare), unit: '×', bar: 1.15 },
      // What a usual question costs: one answer that a model spins out weighs much in the mean.
      { name: 'the same, median of the ratios of one question', value: median(whole.map((ms, at) => ms / (bare[at] ?? NaN))), unit: '×' },
      { name: 'the same with the adapter', value: mean(whole), unit: 'ms' },
      { name: 'generation alone on eight questions, each with its prompt', value: each(shipped[1]) / each(shipped[0]), unit: '×' },
      { name: 'the same prompt for both, by the token written', value: byToken(same[1]) / byToken(same[0]), unit: '×' },
      { name: 'generation alone with the adapter', value: each(shipped[1]), unit: 'ms' },
    ];
  } finally {
    await Promise.all([plain.close(), adapted.close()]);
  }
}

function shippedAdapter(modelPath: string): string | undefined {
  const model = modelCatalog.models.find(({ file }) => file === path.basename(modelPath));
  const adapter = modelCatalog.adapters.find(({ base, isDefault }) => base === model?.id && isDefault);
  return adapter && path.resolve('models', 'adapters', adapter.file);
}

async function load({ service }: BenchService, modelPath: string, style: PromptStyle, adapterPath?: string): Promise<void> {
  const adapter = adapterPath === undefined ? {} : { adapterPath, adapterId: 'bench' };
  await service.load({ modelPath, modelId: 'bench', promptVersion: promptVersionOf(style), contextSize: 4096, sequences: 2, ...adapter });
}

/** Without the adapter and with it, the one with `style`, the other always bare; in turns, so that both meet the same machine. */
async function alternate(plain: ModelService, adapted: ModelService, style: PromptStyle): Promise<readonly [Spent, Spent]> {
  const spent: [Spent, Spent] = [
    { ms: 0, written: 0, answers: 0 },
    { ms: 0, written: 0, answers: 0 },
  ];
  const sides = [
    [plain, style, spent[0]],
    [adapted, 'bare', spent[1]],
  ] as const;
  for (let round = 0; round <= rounds; round++)
    for (const question of shopQuestions)
      for (const [service, own, sum] of sides) {
        const { ms, result } = await ask(service, prepareQuestion(shopKnowledge, question, own), {});
        // The first round reads the prefix.
        if (round === 0) continue;
        sum.ms += ms;
        sum.written += result.stats.sampledTokens + result.stats.forcedTokens;
        sum.answers++;
      }
  return spent;
}

function each({ ms, answers }: Spent): number {
  return ms / answers;
}

function byToken({ ms, written }: Spent): number {
  return ms / written;
}
