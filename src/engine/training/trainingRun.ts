/**
 * One run of the trainer as a window follows it: started, paused, resumed, cancelled, found again after a reload, gone on with after its death.
 * What must survive the window is a record of plain data that somebody else keeps. It knows no words and accepts no adapter.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Disposable } from '../../core/shared/disposable.js';
import { Emitter } from '../../core/shared/event.js';
import { type Logger } from '../../core/shared/logger.js';
import { type RunStatus, type TrainingProgress } from '../../protocol/trainingPage.js';
import { EventFile } from './eventFile.js';
import { type TrainerProgram } from './pythonEnvironment.js';
import { type ProcessMark, type TrainerProcess } from './trainerProcess.js';
import { addTrainingEvents, noProgress } from './trainingProgress.js';
import { type TrainingChoices } from './trainingRecipe.js';

export type StopReason = 'disk' | 'memory';

/** Plain data: kept in the workspace's storage. */
export interface RunRecord {
  readonly id: string;
  readonly folder: string;
  readonly choices: TrainingChoices;
  readonly program: TrainerProgram;
  /** Threads of the process. */
  readonly threads: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** What the user, or the lack of something, wants of the process. */
  readonly intent: 'run' | 'pause' | 'cancel' | 'stop';
  readonly reason?: StopReason;
  readonly process?: ProcessMark;
}

export interface RunPorts {
  readonly process: TrainerProcess;
  /** Keeps the record; called before the world is changed. */
  readonly save: (record: RunRecord) => Promise<void>;
  readonly freeDiskBytes: (folder: string) => Promise<number>;
  /** Infinity where the system does not tell what a program could have. */
  readonly freeMemoryBytes: () => number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly log: Logger;
}

/** Less free disk or memory than this stops a run while it can still write its checkpoint. */
export const leastDiskBytes = 400e6;
export const leastMemoryBytes = 200e6;
/** Looks in a row that must find too little memory: a model that loads is a moment's peak. */
const scarceLooks = 3;
/** Milliseconds that a process gets to end by itself. */
export const graceMs = 30_000;
/** Of `stages/errors.py`: ended by Ctrl-C. */
const stoppedCode = 9;

/** The last line of a trace. */
const pythonError = /^[\w.]*(?:Error|Exception)(?::|$)/;

const recipeName = 'recipe.toml';
const logName = 'trainer.log';

export class TrainingRun implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #events: EventFile;
  #record: RunRecord;
  #progress: TrainingProgress = noProgress;
  #isAlive: boolean | undefined;
  #looking: Promise<void> | undefined;
  #scarce = 0;
  #killAt: number | undefined;

  /** Status or progress are others than before. */
  readonly onChanged = this.#changed.event;

  constructor(
    record: RunRecord,
    private readonly ports: RunPorts,
  ) {
    this.#record = record;
    this.#events = new EventFile(path.join(record.folder, 'events.jsonl'));
  }

  get record(): RunRecord {
    return this.#record;
  }

  get progress(): TrainingProgress {
    return this.#progress;
  }

  get logFile(): string {
    return path.join(this.#record.folder, logName);
  }

  /** Undefined before the first look. */
  get status(): RunStatus | undefined {
    return this.#isAlive === undefined ? undefined : statusOf(this.#record, this.#isAlive, this.#progress, this.ports.process.canSuspend);
  }

  /** Writes the recipe and starts the process. Throws what the disk or the start throws. */
  async start(recipe: string): Promise<void> {
    const { folder } = this.#record;
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, recipeName), recipe);
    await this.#launch(false);
  }

  /** One look: is it alive, what did it say, is there room. Looks do not overlap. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async pause(): Promise<void> {
    await this.look();
    if (this.status !== 'running') return;
    await this.#intend({ intent: 'pause' });
    const { process: mark } = this.#record;
    if (mark && this.ports.process.canSuspend) this.ports.process.suspend(mark);
    else this.#end();
    await this.#told();
  }

  /** Wakes a paused process; one that is gone, for whatever reason but success, goes on from its last checkpoint. */
  async resume(): Promise<void> {
    await this.look();
    const { status } = this;
    if (status === undefined || ['running', 'stopping', 'finished', 'cancelled'].includes(status)) return;
    const { process: mark } = this.#record;
    if (this.#isAlive && mark) {
      await this.#intend({ intent: 'run' });
      this.ports.process.wake(mark);
      await this.#told();
    } else {
      await this.#launch(true);
    }
  }

  async cancel(): Promise<void> {
    await this.look();
    if (this.status === 'finished') return;
    await this.#intend({ intent: 'cancel' });
    this.#end();
    await this.#told();
  }

  /** The process goes on; this window stops following it. */
  dispose(): void {
    this.#changed.dispose();
  }

  async #launch(resume: boolean): Promise<void> {
    const { folder, program, threads } = this.#record;
    const recipe = path.join(folder, recipeName);
    const mark = await this.ports.process.start({
      command: program.command,
      args: [...program.args, 'pipeline', '--recipe', recipe, ...(resume ? ['--resume'] : [])],
      env: { ...threadLimits(threads), ...program.env },
      cwd: folder,
      logFile: this.logFile,
    });
    this.#scarce = 0;
    this.#killAt = undefined;
    const { reason: _past, ...rest } = this.#record;
    this.#record = { ...rest, intent: 'run', process: mark };
    await this.ports.save(this.#record);
    this.ports.log.log('info', 'training', `${resume ? 'gone on with' : 'started'} as process ${mark.pid}`);
    await this.#told();
  }

  async #told(): Promise<void> {
    await this.look();
    this.#changed.fire();
  }

  async #look(): Promise<void> {
    const before = this.status;
    const { process: mark } = this.#record;
    // First whether it lives: what it said before it died is then read for certain.
    this.#isAlive = mark !== undefined && (await this.ports.process.isAlive(mark));
    const events = await this.#events.read();
    if (events.length > 0) this.#progress = addTrainingEvents(this.#progress, events);
    if (this.#isAlive) await this.#watch();
    else if (this.#progress.end === undefined) await this.#readLastWords();
    if (events.length > 0 || this.status !== before) this.#changed.fire();
  }

  /** A mistake in the trainer ends it with a trace instead of an event; one that was killed says nothing. */
  async #readLastWords(): Promise<void> {
    const text = await readFile(this.logFile, 'utf8').catch(() => ''); // It never came to write one.
    const line = text.trimEnd().split('\n').at(-1) ?? '';
    if (pythonError.test(line)) this.#progress = { ...this.#progress, end: { kind: 'failed', code: 1, text: line.slice(0, 300) } };
  }

  async #watch(): Promise<void> {
    const { intent } = this.#record;
    if (intent === 'run') return this.#watchRoom();
    if (intent === 'pause' && this.ports.process.canSuspend) return;
    if (this.#killAt === undefined) this.#end();
    else if (this.ports.now() >= this.#killAt && this.#record.process) this.ports.process.kill(this.#record.process);
  }

  async #watchRoom(): Promise<void> {
    const disk = await this.ports.freeDiskBytes(this.#record.folder).catch(() => Infinity); // A file system that does not say.
    this.#scarce = this.ports.freeMemoryBytes() < leastMemoryBytes ? this.#scarce + 1 : 0;
    const reason = disk < leastDiskBytes ? 'disk' : this.#scarce >= scarceLooks ? 'memory' : undefined;
    if (reason === undefined) return;
    this.ports.log.log('warn', 'training', `stopped: too little ${reason}`);
    await this.#intend({ intent: 'stop', reason });
    this.#end();
  }

  /** Asks it to end; a later look ends what has not obeyed. */
  #end(): void {
    const { process: mark } = this.#record;
    if (!mark || !this.#isAlive) return;
    this.#killAt = this.ports.now() + graceMs;
    this.ports.process.interrupt(mark);
    // A suspended process hears nothing before it is woken.
    this.ports.process.wake(mark);
  }

  async #intend(change: Pick<RunRecord, 'intent' | 'reason'>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await this.ports.save(this.#record);
  }
}

/** Libraries that compute read these before the recipe is read. */
function threadLimits(threads: number): Readonly<Record<string, string>> {
  const count = String(threads);
  return { OMP_NUM_THREADS: count, MKL_NUM_THREADS: count, OPENBLAS_NUM_THREADS: count, HF_HUB_OFFLINE: '1', PYTHONUNBUFFERED: '1' };
}

function statusOf({ intent }: RunRecord, isAlive: boolean, { end }: TrainingProgress, canSuspend: boolean): RunStatus {
  if (!isAlive && end?.kind === 'done') return 'finished';
  switch (intent) {
    case 'cancel':
      return isAlive ? 'stopping' : 'cancelled';
    case 'stop':
      return isAlive ? 'stopping' : 'stopped';
    case 'pause':
      return isAlive && !canSuspend ? 'stopping' : 'paused';
    case 'run':
      if (isAlive) return 'running';
      return end?.kind === 'failed' && end.code !== stoppedCode ? 'failed' : 'interrupted';
  }
}
