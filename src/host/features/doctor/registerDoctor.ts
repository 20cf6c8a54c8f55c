/** `Joinery: Doctor`, the facts that a bug report needs, as a document; `Joinery: Show Log`. Contacts nothing outside this machine. */
import { statSync } from 'node:fs';
import { cpus, freemem, release, totalmem } from 'node:os';
import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../core/shared/disposable.js';
import { type Engine } from '../../../engine/createEngine.js';
import { commandIds, settingDefaults } from '../../platform/generatedIds.js';
import { registerCommand } from '../../platform/registerCommand.js';
import { readSetting } from '../../platform/settings.js';
import { describeThrown } from '../../platform/words.js';
import { type Services } from '../../services/services.js';

export function registerDoctor(services: Services): Disposable {
  const store = new DisposableStore();
  store.own(
    registerCommand(commandIds.showLog, services.log, () => {
      services.log.show();
      return Promise.resolve();
    }),
  );
  store.own(
    registerCommand(commandIds.doctor, services.log, async () => {
      const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Joinery looks at this machine') };
      const content = await vscode.window.withProgress(options, () => examine(services));
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }), { preview: true });
    }),
  );
  return store;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Plain English on purpose: it is written for those who answer bug reports. */
async function examine({ context, databases, engines }: Services): Promise<string> {
  const engine = await engines.get();
  const { version } = context.extension.packageJSON as { readonly version: string };
  const lines: readonly (readonly [string, string])[] = [
    ['Joinery', version],
    [
      'VS Code',
      `${vscode.version}, ${vscode.env.appName}${vscode.env.remoteName === undefined ? '' : `, remote ${vscode.env.remoteName}`}`,
    ],
    ['Node', process.version],
    ['System', `${process.platform} ${process.arch} ${release()}`],
    ['Processor', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores`],
    ['Memory', `${gigabytes(freemem())} free of ${gigabytes(totalmem())}`],
    ['Workspace', vscode.workspace.isTrusted ? 'trusted' : 'not trusted'],
    ['Language', vscode.env.language],
    ['Log level', vscode.LogLevel[vscode.env.logLevel]],
    ['Settings changed', changedSettings().join(', ') || 'none'],
    ['Databases', databaseSizes(await databases.list())],
    ['Models in', engine.models.folder],
    ...(await modelLines(engine)),
    ...(vscode.workspace.isTrusted ? await runtimeLines(engine) : []),
  ];
  return `# Joinery doctor\n\n${lines.map(([name, text]) => `- **${name}**: ${text}`).join('\n')}\n`;
}

/** Names alone: values may name files, servers and databases, which a report should not carry without being asked. */
function changedSettings(): readonly string[] {
  const names = Object.keys(settingDefaults) as readonly (keyof typeof settingDefaults)[];
  return names.filter((name) => JSON.stringify(readSetting(name)) !== JSON.stringify(settingDefaults[name]));
}

/** How many, and how large; no names. */
function databaseSizes(files: readonly string[]): string {
  const sizes = files.flatMap((file) => {
    const bytes = statSync(file, { throwIfNoEntry: false })?.size;
    return bytes === undefined ? [] : [bytes];
  });
  const largest = sizes.length === 0 ? '' : `, the largest ${gigabytes(Math.max(...sizes))}`;
  return `${files.length}${largest}`;
}

async function modelLines(engine: Engine): Promise<readonly (readonly [string, string])[]> {
  const listings = await engine.models.list();
  return listings.map(({ id, state, isDefault }) => ['Model', `${id}: ${state}${isDefault ? ' (default)' : ''}`]);
}

async function runtimeLines(engine: Engine): Promise<readonly (readonly [string, string])[]> {
  try {
    const facts = await engine.model.facts();
    const graphics = facts.gpu === 'none' ? 'none; computing on the processor' : `${facts.gpu}: ${facts.gpuNames.join(', ')}, ${gigabytes(facts.vramBytes)}`; // prettier-ignore
    return [
      ['Runtime', `llama.cpp ${facts.llamaRelease}, Node ${facts.runtimeVersion}, ${facts.threads} threads`],
      ['GPU', graphics],
      ...(facts.gpuProblem === undefined ? [] : [['GPU problem', facts.gpuProblem] as const]),
    ];
  } catch (error) {
    return [['Runtime', `not running: ${describeThrown(error).sentence}`]];
  }
}
