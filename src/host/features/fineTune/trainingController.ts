/**
 * The fine-tuning of this workspace: one run at a time, followed while the window is open and found again after a reload, and the adapters that
 * came of it. It shows no page; the page, the tree and the commands are its faces.
 */
import type * as vscode from 'vscode';
import { CancellationSource } from '../../../core/shared/cancellation.js';
import { type Disposable } from '../../../core/shared/disposable.js';
import { JoineryError } from '../../../core/shared/errors.js';
import { Emitter } from '../../../core/shared/event.js';
import { type TrainingRun } from '../../../engine/training/trainingRun.js';
import { type TrainingChoices } from '../../../engine/training/trainingRecipe.js';
import { isBetter } from '../../../engine/training/workspaceAdapters.js';
import { decidingSet, type HeldOutScore } from '../../../protocol/trainingEvents.js';
import { type RunStatus } from '../../../protocol/trainingPage.js';
import { type Services } from '../../services/services.js';
import { AdapterSwitch } from './adapterSwitch.js';
import { type KeptRun, keepRun, readKeptRun } from './keptRun.js';
import { prepareRun } from './prepareRun.js';
import { removeOtherRuns, runRecordFile } from './trainingPlaces.js';

/** Milliseconds between looks at the run. */
const lookMs = 1_000;
const goingOn: readonly (RunStatus | undefined)[] = ['preparing', 'running', 'paused', 'stopping'];

export interface Preparing {
  readonly choices: TrainingChoices;
  readonly message: string;
}

export class TrainingController implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #ended = new Emitter<RunStatus>();
  readonly adapters: AdapterSwitch;
  readonly #recordFile: string | undefined;
  #kept: KeptRun | undefined;
  #attaching: Promise<void> | undefined;
  #run: TrainingRun | undefined;
  #preparing: (Preparing & { readonly source: CancellationSource }) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  readonly onChanged = this.#changed.event;
  /** Fires once for each run that ended, also when it ended while no window was open. */
  readonly onEnded = this.#ended.event;

  constructor(private readonly services: Services) {
    this.#recordFile = runRecordFile(services.context);
    this.adapters = new AdapterSwitch(services);
  }

  get kept(): KeptRun | undefined {
    return this.#kept;
  }

  get run(): TrainingRun | undefined {
    return this.#run;
  }

  get preparing(): Preparing | undefined {
    return this.#preparing;
  }

  /** Undefined when there is no run, or before it was looked at. */
  get status(): RunStatus | undefined {
    return this.#preparing ? 'preparing' : this.#run?.status;
  }

  /** Of the questions that decide; undefined before they were asked. */
  get score(): HeldOutScore | undefined {
    return this.#run?.progress.scores.find(({ set }) => set === decidingSet);
  }

  /** True when the run's adapter is proven better and not in use yet. */
  get canAccept(): boolean {
    const end = this.#run?.progress.end;
    if (this.status !== 'finished' || this.#kept?.isAccepted !== false || end?.kind !== 'done') return false;
    return end.accepted && end.adapter !== undefined && isBetter(this.score);
  }

  /** True when a new run would drop something: a run that could go on, or an adapter that nobody accepted yet. */
  get hasUnfinished(): boolean {
    return this.canAccept || ['interrupted', 'stopped', 'failed'].includes(this.status ?? '');
  }

  /** Follows the run that an earlier life of the window left, if there is one. */
  attach(): Promise<void> {
    this.#attaching ??= this.#attach().catch((error: unknown) => {
      this.#attaching = undefined;
      throw error;
    });
    return this.#attaching;
  }

  /** The same, but only when the run goes on, or ended without anybody being told: loading the engine for others can wait. */
  async attachUntold(): Promise<void> {
    const kept = this.#recordFile === undefined ? undefined : await readKeptRun(this.#recordFile);
    if (kept && !kept.isTold) await this.attach();
  }

  /** Prepares and starts a run. Throws what prevents it; `training.busy` while another one goes on. */
  async start(choices: TrainingChoices, onMessage: (message: string) => void, token: vscode.CancellationToken): Promise<void> {
    await this.attach();
    if (goingOn.includes(this.status)) throw new JoineryError('training.busy', {});
    const source = new CancellationSource(token);
    const say = (message: string): void => {
      this.#preparing = { choices, message, source };
      onMessage(message);
      this.#changed.fire();
    };
    say('');
    try {
      const { record, recipe, accepted, tests } = await prepareRun(this.services, choices, source.token, say);
      this.#preparing = undefined;
      const run = await this.#follow({ record, accepted, tests, isTold: false, isAccepted: false });
      await run.start(recipe);
      this.#watch();
      await removeOtherRuns(this.services.context, record.id);
    } finally {
      this.#preparing = undefined;
      source.dispose();
      this.#changed.fire();
    }
  }

  async pause(): Promise<void> {
    await this.attach();
    await this.#run?.pause();
  }

  async resume(): Promise<void> {
    await this.attach();
    if (!this.#run || !this.#kept) return;
    await this.#keep({ ...this.#kept, isTold: false });
    await this.#run.resume();
    this.#watch();
  }

  async cancel(): Promise<void> {
    this.#preparing?.source.cancel();
    await this.attach();
    await this.#run?.cancel();
  }

  /** Puts the run's adapter to use. Throws `training.notBetter` and `training.noAdapter`. */
  async accept(): Promise<void> {
    await this.attach();
    const end = this.#run?.progress.end;
    if (!this.#run || !this.#kept || end?.kind !== 'done' || end.adapter === undefined) throw new JoineryError('training.noAdapter', {});
    if (!end.accepted) throw new JoineryError('training.notBetter', {});
    await this.adapters.accept(this.#kept, end.adapter, this.score);
    await this.#keep({ ...this.#kept, isAccepted: true });
    this.#changed.fire();
  }

  /** The trainer goes on without this window. */
  dispose(): void {
    this.#isDisposed = true;
    clearInterval(this.#timer);
    this.#preparing?.source.cancel();
    this.#run?.dispose();
    this.#changed.dispose();
    this.#ended.dispose();
  }

  async #attach(): Promise<void> {
    const kept = this.#recordFile === undefined ? undefined : await readKeptRun(this.#recordFile);
    if (kept && !this.#run && !this.#isDisposed) await this.#follow(kept);
  }

  async #follow(kept: KeptRun): Promise<TrainingRun> {
    const { openRun } = await import('../../../engine/training/trainerSetup.js');
    this.#run?.dispose();
    this.#kept = kept;
    const save = async (record: KeptRun['record']): Promise<void> => {
      if (this.#kept?.record.id === record.id) await this.#keep({ ...this.#kept, record });
    };
    const run = openRun(kept.record, save, this.services.log);
    this.#run = run;
    run.onChanged(() => this.#changed.fire());
    if (kept.record.process) {
      await run.look();
      await this.#settle();
      this.#watch();
    }
    return run;
  }

  #watch(): void {
    if (this.#timer || this.#isDisposed || !goingOn.includes(this.status)) return;
    this.#timer = setInterval(() => {
      this.#look().catch((error: unknown) => this.services.log.log('warn', 'training', 'the run could not be looked at', error));
    }, lookMs);
  }

  async #look(): Promise<void> {
    await this.#run?.look();
    await this.#settle();
  }

  /** Tells once that a run has ended, and stops looking. */
  async #settle(): Promise<void> {
    const { status } = this;
    if (status === undefined || goingOn.includes(status)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (!this.#kept || this.#kept.isTold) return;
    await this.#keep({ ...this.#kept, isTold: true });
    this.#changed.fire();
    this.#ended.fire(status);
  }

  async #keep(kept: KeptRun): Promise<void> {
    this.#kept = kept;
    if (this.#recordFile !== undefined) await keepRun(this.#recordFile, kept);
  }
}
