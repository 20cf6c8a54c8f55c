/** Reads question sets: Spider's folder layout and simple JSONL. Opens no database. */
import { readFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { type EvalItem } from '../../core/eval/types.js';
import { JoineryError } from '../../core/shared/errors.js';

export const spiderSplits = ['dev', 'train', 'train_others'] as const;
export type SpiderSplit = (typeof spiderSplits)[number];

const spiderFiles: Readonly<Record<SpiderSplit, { readonly questions: string; readonly hardness: string }>> = {
  dev: { questions: 'dev.json', hardness: 'dev_hardness.json' },
  train: { questions: 'train_spider.json', hardness: 'train_spider_hardness.json' },
  train_others: { questions: 'train_others.json', hardness: 'train_others_hardness.json' },
};

/** Databases lie under `database/<id>/<id>.sqlite`; hardness is '' where its file is absent. Throws `file.missing`, `config.invalid`. */
export async function readSpider(folder: string, split: SpiderSplit): Promise<readonly EvalItem[]> {
  const names = spiderFiles[split];
  const questions = asArray(await readJson(join(folder, names.questions)), names.questions);
  const hardness = asArray(await readJson(join(folder, names.hardness)).catch(ignoreMissing), names.hardness);
  return questions.map((entry, at) => {
    const db = textOf(entry, 'db_id', names.questions, at);
    const level = hardness[at];
    return {
      id: `${split}-${String(at).padStart(4, '0')}`,
      db,
      database: resolve(folder, 'database', db, `${db}.sqlite`),
      question: textOf(entry, 'question', names.questions, at),
      gold: textOf(entry, 'query', names.questions, at),
      ...(typeof level === 'string' ? { hardness: level } : {}),
    };
  });
}

/**
 * One object a line: `id`, `question`, `sql` (absent or null for a question without an answer), optional `level`, `reason` and `db`, a
 * path beside the file; optional `demonstrations`, a list of `question` and `sql`, are shown with the question as they are. `database` serves
 * every line that names none.
 */
export async function readJsonl(path: string, database: string | undefined): Promise<readonly EvalItem[]> {
  const text = await readRequired(path);
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const entry = parseJson(line, `${path}:${at + 1}`);
    const own = optionalText(entry, 'db');
    const file = own === undefined ? database : resolve(path, '..', own);
    if (file === undefined) throw new JoineryError('ask.noDatabase');
    const gold = optionalText(entry, 'sql');
    const level = optionalText(entry, 'level');
    const reason = optionalText(entry, 'reason');
    const demonstrations = demonstrationsOf(entry, path, at);
    return [
      {
        id: textOf(entry, 'id', path, at),
        db: basename(file, extname(file)),
        database: resolve(file),
        question: textOf(entry, 'question', path, at),
        ...(gold === undefined ? {} : { gold }),
        ...(level === undefined ? {} : { hardness: level }),
        ...(reason === undefined ? {} : { reason }),
        ...(demonstrations === undefined ? {} : { demonstrations }),
      },
    ];
  });
}

function demonstrationsOf(entry: unknown, where: string, at: number): EvalItem['demonstrations'] {
  const value = (entry as Record<string, unknown> | null)?.['demonstrations'];
  if (value === undefined) return undefined;
  return asArray(value, where).map((pair) => ({ question: textOf(pair, 'question', where, at), sql: textOf(pair, 'sql', where, at) }));
}

async function readRequired(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new JoineryError('file.missing', { path }, error);
    throw error;
  }
}

async function readJson(path: string): Promise<unknown> {
  return parseJson(await readRequired(path), path);
}

function ignoreMissing(error: unknown): readonly unknown[] {
  if (error instanceof JoineryError && error.code === 'file.missing') return [];
  throw error;
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new JoineryError('config.invalid', { path: where, detail: 'not JSON' }, error);
  }
}

function asArray(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw new JoineryError('config.invalid', { path: where, detail: 'not a list' });
}

function optionalText(entry: unknown, key: string): string | undefined {
  const value = typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function textOf(entry: unknown, key: string, where: string, at: number): string {
  const value = optionalText(entry, key);
  if (value === undefined) throw new JoineryError('config.invalid', { path: where, detail: `entry ${at + 1} has no ${key}` });
  return value;
}
