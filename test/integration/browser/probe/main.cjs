/** Calls what only an extension can call, as another extension would: tools and commands that `probe.json` of the workspace names. */
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

async function perform({ tool, input, command, args }) {
  if (command !== undefined) return vscode.commands.executeCommand(command, ...args);
  const { content } = await vscode.lm.invokeTool(tool, { input, toolInvocationToken: undefined });
  return content.map(({ value }) => value).join('');
}

async function run() {
  const folder = vscode.workspace.workspaceFolders[0].uri.fsPath;
  const { id, calls } = JSON.parse(readFileSync(path.join(folder, 'probe.json'), 'utf8'));
  const results = [];
  for (const call of calls)
    results.push(await perform(call).then((value) => ({ value: value ?? null }), (error) => ({ error: String(error) }))); // prettier-ignore
  const file = path.join(folder, 'probe-results.json');
  writeFileSync(`${file}.part`, JSON.stringify({ id, results }));
  renameSync(`${file}.part`, file);
}

exports.activate = ({ subscriptions }) => {
  subscriptions.push(vscode.commands.registerCommand('joinery-probe.run', run));
};
