/** The results page in a browser with the engine behind it: real tabs, real databases, no editor. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite3 from '@vscode/sqlite3';
import { isJoineryError } from '../../src/core/shared/errors.js';
import { ResultTabs, type SavedTab } from '../../src/engine/results/resultTabs.js';
import { readPageMessage } from '../../src/protocol/resultsPage.js';
import { resultsWords } from '../../src/protocol/resultsWords.js';
import { errorSentences, fillSentence } from '../../src/engine/words/errorSentences.js';
import { type OpenedPage, openPage } from './openPage.js';
import { type ThemeName } from './pageThemes.js';

export interface ResultsHarness extends OpenedPage {
  readonly tabs: ResultTabs;
  /** What the page put into the clipboard last. */
  readonly clipboard: () => string;
  readonly exports: () => readonly string[];
  readonly saved: () => readonly SavedTab[];
}

export async function openResults(theme: ThemeName = 'dark', width = 1200): Promise<ResultsHarness> {
  let clipboard = '';
  let saved: readonly SavedTab[] = [];
  const exports: string[] = [];
  let send = (message: unknown): void => void queue.push(message);
  const queue: unknown[] = [];
  const tabs = new ResultTabs({
    send: (message) => send(message),
    describe: (error) => {
      const code = isJoineryError(error) ? error.code : 'internal';
      const words = errorSentences[code];
      return { sentence: fillSentence(words.sentence, isJoineryError(error) ? error.details : {}), next: words.next };
    },
    labelOf: (database) => path.basename(database),
    writeClipboard: async (text) => {
      clipboard = text;
    },
    copied: (rows, isCut) => `${isCut ? 'first ' : ''}${rows} rows copied`,
    exportRows: async (tab, format) => void exports.push(`${format} ${tab.request.sql}`),
    saveValue: async (_tab, bytes, isText) => void exports.push(`value ${bytes.length} ${isText}`),
    openSql: async (tab) => void exports.push(`sql ${tab.request.sql}`),
    remember: (entries) => {
      saved = entries;
    },
  });
  const opened = await openPage({
    bundles: ['results', 'charts'],
    data: (scriptOf) => ({ words: resultsWords, charts: scriptOf('charts') }),
    theme,
    width,
    onMessage: (message) => {
      const read = readPageMessage(message);
      if (!read) throw new Error(`not a message: ${JSON.stringify(message)}`);
      void tabs.receive(read);
    },
  });
  send = (message) => void opened.send(message).catch(() => undefined); // prettier-ignore
  for (const message of queue) send(message);
  const close = async (): Promise<void> => {
    await tabs.dispose();
    await opened.close();
  };
  return { ...opened, tabs, close, clipboard: () => clipboard, exports: () => exports, saved: () => saved };
}

export interface TemporaryDatabase {
  readonly path: string;
  readonly folder: string;
  run(sql: string): Promise<void>;
  /** Keeps everybody else from reading until it is released. */
  lock(): Promise<{ release(): Promise<void> }>;
  remove(): Promise<void>;
}

export async function makeDatabase(sql: string): Promise<TemporaryDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'joinery-results-'));
  const file = path.join(folder, 'shop.db');
  const connect = (): Promise<sqlite3.Database> =>
    new Promise((resolve, reject) => {
      const opened: sqlite3.Database = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
    });
  const exec = (database: sqlite3.Database, script: string): Promise<void> =>
    new Promise((resolve, reject) => database.exec(script, (error) => (error ? reject(error) : resolve())));
  const close = (database: sqlite3.Database): Promise<void> =>
    new Promise((resolve, reject) => database.close((error) => (error ? reject(error) : resolve())));
  const run = async (script: string): Promise<void> => {
    const database = await connect();
    await exec(database, script);
    await close(database);
  };
  const lock = async (): Promise<{ release(): Promise<void> }> => {
    const database = await connect();
    await exec(database, 'BEGIN EXCLUSIVE');
    return { release: () => close(database) };
  };
  await run(sql);
  return { path: file, folder, run, lock, remove: () => rm(folder, { recursive: true, force: true }) };
}
