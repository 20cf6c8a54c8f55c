/**
 * Evaluated prompt prefixes on disk: tied to model, adapter, prompt version and the very tokens. A file that cannot be
 * read is deleted and the prefix evaluated anew; a full disk only means that nothing is saved.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Token } from 'node-llama-cpp';
import { type Logger } from '../core/shared/logger.js';
import { type LoadModelParams } from '../protocol/modelProcess.js';
import { type KvSlot } from './kvSlots.js';

/** Shorter prefixes are evaluated faster than a file is read. */
const leastTokens = 64;
const mostFiles = 24;
const mostBytes = 1_500_000_000;
const suffix = '.state';
/** Raised when files of earlier versions must not be used any more. */
const stateFormat = '3';

export class PrefixStates {
  readonly #identity: string;

  /** Without a folder nothing is saved and nothing found. `modelStamp` changes when the model's or the adapter's file does. */
  constructor(
    private readonly folder: string | undefined,
    params: LoadModelParams,
    modelStamp: string,
    private readonly log: Logger,
  ) {
    this.#identity = [stateFormat, params.modelId, params.adapterId ?? '', params.promptVersion, modelStamp].join('\0');
  }

  /** True when there is a file for the prefix; it may still prove unusable. */
  async has(prefix: readonly Token[]): Promise<boolean> {
    const file = this.#file(prefix);
    return file !== undefined && (await isThere(file));
  }

  /** Fills an empty or overwritable slot; false when there is no usable file. */
  async restore(slot: KvSlot, prefix: readonly Token[]): Promise<boolean> {
    const file = this.#file(prefix);
    if (file === undefined || slot.pendingCopy || !(await isThere(file))) return false;
    try {
      await slot.clear();
      await slot.load(file);
      if (!sameTokens(slot.tokens, prefix)) throw new Error('the file holds other tokens');
      await utimes(file, new Date(), new Date());
      return true;
    } catch (error) {
      this.log.log('warn', 'inference', 'a saved prompt state is broken and is evaluated anew', error);
      await rm(file, { force: true });
      await slot.clear();
      return false;
    }
  }

  /** Saves the slot when it holds exactly the prefix. */
  async save(slot: KvSlot, prefix: readonly Token[]): Promise<void> {
    const file = this.#file(prefix);
    if (file === undefined || this.folder === undefined || !sameTokens(slot.tokens, prefix)) return;
    const temporary = `${file}.${process.pid}.part`;
    try {
      await mkdir(this.folder, { recursive: true });
      await slot.save(temporary);
      await rename(temporary, file);
      await this.#prune(this.folder);
    } catch (error) {
      this.log.log('warn', 'inference', 'the prompt state was not saved', error);
      await rm(temporary, { force: true });
    }
  }

  #file(prefix: readonly Token[]): string | undefined {
    if (this.folder === undefined || prefix.length < leastTokens) return undefined;
    const key = createHash('sha256').update(this.#identity).update('\0').update(Uint32Array.from(prefix)).digest('hex');
    return join(this.folder, `${key}${suffix}`);
  }

  /** The least recently used files go first. */
  async #prune(folder: string): Promise<void> {
    const names = (await readdir(folder)).filter((name) => name.endsWith(suffix));
    const files = await Promise.all(names.map(async (name) => ({ path: join(folder, name), facts: await stat(join(folder, name)) })));
    files.sort((left, right) => right.facts.mtimeMs - left.facts.mtimeMs);
    let bytes = 0;
    for (const [index, { path, facts }] of files.entries()) {
      bytes += facts.size;
      if (index >= mostFiles || (index > 0 && bytes > mostBytes)) await rm(path, { force: true });
    }
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

function sameTokens(left: readonly Token[], right: readonly Token[]): boolean {
  return left.length === right.length && left.every((token, index) => token === right[index]);
}
