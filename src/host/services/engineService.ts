/**
 * The engine as the editor needs it: made on first use (so that activation loads nothing heavy), replaced when a setting that it
 * was made from changes, ended with the extension. Without an editor's help it would not know where models and caches live.
 */
import { homedir } from 'node:os';
import path from 'node:path';
import type * as vscode from 'vscode';
import { type Disposable } from '../../core/shared/disposable.js';
import { Emitter } from '../../core/shared/event.js';
import { type Logger } from '../../core/shared/logger.js';
import { type Engine, type EngineOptions } from '../../engine/createEngine.js';
import { onSettingsChanged, readSetting } from '../platform/settings.js';
import { onlyWorkspaceFolder } from '../platform/workspaceFolders.js';
import { type AdapterService } from './adapterService.js';
import { permissionOf } from './permission.js';
import { type TeamServer } from './teamServer.js';

export class EngineService implements Disposable {
  readonly #replaced = new Emitter<void>();
  readonly #watcher: vscode.Disposable;
  readonly #keyWatcher: Disposable;
  #engine: Promise<Engine> | undefined;
  #isDisposed = false;

  /** Fires when the engine was thrown away: what depended on its answers is out of date. */
  readonly onReplaced = this.#replaced.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: TeamServer,
    private readonly adapters: AdapterService,
    private readonly log: Logger,
  ) {
    this.#watcher = onSettingsChanged(['model', 'adapter', 'modelFolder', 'gpu', 'threads', 'modelMaySee', 'serverUrl', 'serverModel', 'serverConstraints'], () => void this.reset()); // prettier-ignore
    this.#keyWatcher = server.onKeyChanged(() => void this.reset());
  }

  get(): Promise<Engine> {
    if (this.#isDisposed) return Promise.reject(new Error('the extension has been deactivated'));
    this.#engine ??= this.#create();
    return this.#engine;
  }

  /** Id of the catalogue, or path, that questions will use. */
  async modelId(): Promise<string> {
    return readSetting('model') || (await this.get()).models.catalog.default;
  }

  /** Ends the engine, if there is one; the next question makes another. */
  async reset(): Promise<void> {
    const old = this.#engine;
    this.#engine = undefined;
    this.#replaced.fire();
    await old?.then(
      (engine) => engine.dispose(),
      () => undefined, // It never came to be: whoever asked for it was told why.
    );
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#watcher.dispose();
    this.#keyWatcher.dispose();
    this.reset().catch((error: unknown) => this.log.log('warn', 'host', 'the engine did not end cleanly', error));
    this.#replaced.dispose();
  }

  async #create(): Promise<Engine> {
    const started = performance.now();
    const { createEngine } = await import('../../engine/createEngine.js');
    const { defaultStateFolder } = await import('../../engine/models/modelCatalog.js');
    const { env, platform } = process;
    const server = await this.server.settings();
    const tuned = await this.tunedAdapter();
    const engine = createEngine({
      ...(tuned === undefined ? {} : { adapter: tuned }),
      ...this.#choices(),
      ...(server ? { server } : {}),
      modelFolder: await modelFolder(),
      adapterFolder: path.join(this.context.extensionPath, 'models', 'adapters'),
      stateFolder: defaultStateFolder(env, homedir(), platform),
      inferencePath: path.join(this.context.extensionPath, 'dist', 'inference.mjs'),
      log: this.log,
      // The editor's own program runs the model process: as Node, not as a second editor.
      env: { ELECTRON_RUN_AS_NODE: '1' },
    });
    this.log.log('info', 'host', `engine made in ${Math.round(performance.now() - started)} ms`);
    return engine;
  }

  #choices(): Pick<EngineOptions, 'model' | 'adapter' | 'gpu' | 'maxThreads' | 'workspaceFolder' | 'permissionOf'> {
    const model = readSetting('model');
    const adapter = readSetting('adapter');
    const only = onlyWorkspaceFolder();
    return {
      gpu: readSetting('gpu'),
      maxThreads: readSetting('threads'),
      permissionOf,
      ...(model === '' ? {} : { model }),
      ...(adapter === '' ? {} : { adapter }),
      ...(only === undefined ? {} : { workspaceFolder: only }),
    };
  }

  /** File of what was fine-tuned here, unless the user names another adapter in a setting, which goes before it. */
  async tunedAdapter(): Promise<string | undefined> {
    const { modelCatalog } = await import('../../engine/models/modelCatalog.js');
    const model = readSetting('model') || modelCatalog.default;
    const tuned = readSetting('adapter') === '' ? this.adapters.pathFor(model) : undefined;
    if (tuned === undefined) return undefined;
    const { adapterFault } = await import('../../engine/training/adapterFault.js');
    const fault = await adapterFault(await modelFolder(), model, tuned);
    if (!fault) return tuned;
    this.log.log('warn', 'host', 'the fine-tuned adapter is left out', fault);
    this.adapters.refuse(fault);
    return undefined;
  }
}

async function modelFolder(): Promise<string> {
  const { defaultModelFolder } = await import('../../engine/models/modelCatalog.js');
  return readSetting('modelFolder') || defaultModelFolder(process.env, homedir(), process.platform);
}
