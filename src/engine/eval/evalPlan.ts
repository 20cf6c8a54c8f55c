/** Reads the questions that an evaluation names and picks its sample. Knows folders and files, no model. */
import { basename, resolve } from 'node:path';
import { pickSample, type SampleRequest } from '../../core/eval/pickSample.js';
import { type EvalItem, type SampleNote } from '../../core/eval/types.js';
import { JoineryError } from '../../core/shared/errors.js';
import { readJsonl, readSpider, type SpiderSplit } from './readSets.js';

export interface PlanRequest extends SampleRequest {
  /** Folder in Spider's layout. */
  readonly spider?: string;
  readonly split: SpiderSplit;
  /** JSONL files, asked one after the other. */
  readonly sets: readonly string[];
  /** Database of sets whose lines name none. */
  readonly database?: string;
  /** Only questions on these databases; empty takes all. */
  readonly only: readonly string[];
}

export interface EvalPlan {
  readonly set: string;
  readonly items: readonly EvalItem[];
  readonly note: SampleNote;
}

/** Throws `config.invalid` when no set or no question is named. */
export async function planEval(request: PlanRequest): Promise<EvalPlan> {
  const { name, items } = await readAll(request);
  const wanted = request.only.length === 0 ? items : items.filter((item) => request.only.includes(item.db));
  const { chosen, note } = pickSample(wanted, request);
  if (chosen.length === 0) throw new JoineryError('config.invalid', { detail: 'no question is left to ask' });
  const set = request.only.length === 0 ? name : `${name} (${request.only.join(', ')})`;
  return { set, items: chosen, note };
}

async function readAll(request: PlanRequest): Promise<{ readonly name: string; readonly items: readonly EvalItem[] }> {
  if (request.spider !== undefined)
    return { name: `spider-${request.split}`, items: await readSpider(resolve(request.spider), request.split) };
  if (request.sets.length === 0) throw new JoineryError('config.invalid', { detail: 'name a set with --spider or --set' });
  const parts: EvalItem[] = [];
  for (const path of request.sets) parts.push(...(await readJsonl(resolve(path), request.database)));
  const names = request.sets.map((path) => basename(path).replace(/\.jsonl$/, ''));
  return { name: names.join('+'), items: parts };
}
