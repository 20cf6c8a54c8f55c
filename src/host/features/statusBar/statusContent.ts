/** Text, tooltip and click of the status bar item for each state. */
import * as vscode from 'vscode';
import { commandIds } from '../../platform/generatedIds.js';
import { errorActions } from '../../platform/errorWords.js';
import { describeCode } from '../../platform/words.js';
import { type JoineryState } from '../../services/statusService.js';

export interface StatusContent {
  readonly text: string;
  readonly tooltip: string;
  /** What a screen reader says: without icons. */
  readonly spoken: string;
  readonly command: string;
}

interface Parts {
  readonly icon: string;
  /** Shown behind the database; empty says nothing. */
  readonly short: string;
  readonly long: string;
  readonly command: string;
}

/** `database` is its short label; undefined while it is not clear. */
export function statusContent(state: JoineryState, database: string | undefined): StatusContent {
  const { icon, short, long, command } = partsOf(state);
  const words = [database, short].filter((part) => part !== undefined && part !== '').join(': ');
  return { text: `$(${icon}) ${words === '' ? 'Joinery' : words}`, tooltip: database === undefined ? long : `${database}\n${long}`, spoken: `Joinery, ${words}. ${long}`, command }; // prettier-ignore
}

function partsOf(state: JoineryState): Parts {
  switch (state.kind) {
    case 'ready':
      return { icon: 'database', short: '', long: vscode.l10n.t('Type a question as a comment and press Enter. Click to choose another database.'), command: commandIds.chooseDatabase }; // prettier-ignore
    case 'untrusted':
      return { icon: 'lock', short: vscode.l10n.t('not trusted'), ...reason('ask.untrusted', {}), command: 'workbench.trust.manage' };
    case 'noDatabase':
      return { icon: 'database', short: vscode.l10n.t('no database'), ...reason('ask.noDatabase', {}), command: commandIds.chooseDatabase };
    case 'severalDatabases':
      return { icon: 'database', short: vscode.l10n.t('choose a database'), long: vscode.l10n.t('The workspace has {0} databases. Click to choose one for this folder.', state.count), command: commandIds.chooseDatabase }; // prettier-ignore
    case 'noModel':
      return { icon: 'cloud-download', short: vscode.l10n.t('get the model'), long: vscode.l10n.t('The model is not on this machine yet. Click to fetch it: about 1 GB, once.'), command: commandIds.fetchModel }; // prettier-ignore
    case 'fetchingModel':
      return { icon: 'sync~spin', short: fetchingText(state.fraction), long: vscode.l10n.t('The model is being fetched.'), command: commandIds.showLog }; // prettier-ignore
    case 'verified':
      return verifiedParts(state);
    case 'noAnswer':
      return { icon: 'circle-slash', short: vscode.l10n.t('no answer'), ...reason(state.code, state.details), command: errorActions[state.code]?.command ?? commandIds.showLog }; // prettier-ignore
    case 'modelDown':
      return { icon: 'error', short: vscode.l10n.t('model stopped'), ...reason(state.code, state.details), command: commandIds.showLog };
    case 'opening':
    case 'indexing':
    case 'loadingModel':
    case 'thinking':
    case 'verifying':
      return { icon: 'sync~spin', ...busyWords(state.kind), command: commandIds.showLog };
  }
}

function reason(...[code, details]: Parameters<typeof describeCode>): { long: string } {
  const { sentence, next } = describeCode(code, details);
  return { long: `${sentence} ${next}` };
}

function fetchingText(fraction: number | undefined): string {
  return fraction === undefined ? vscode.l10n.t('fetching the model') : vscode.l10n.t('model {0} %', Math.floor(fraction * 100));
}

function busyWords(kind: 'opening' | 'indexing' | 'loadingModel' | 'thinking' | 'verifying'): { short: string; long: string } {
  switch (kind) {
    case 'opening':
      return { short: vscode.l10n.t('opening'), long: vscode.l10n.t('The database is being opened.') };
    case 'indexing':
      return { short: vscode.l10n.t('indexing'), long: vscode.l10n.t('The values of the database are being indexed.') };
    case 'loadingModel':
      return { short: vscode.l10n.t('loading model'), long: vscode.l10n.t('The model is being loaded into memory.') };
    case 'thinking':
      return { short: vscode.l10n.t('thinking'), long: vscode.l10n.t('The model is writing statements.') };
    case 'verifying':
      return { short: vscode.l10n.t('verifying'), long: vscode.l10n.t('Statements are being run on the database, read-only.') };
  }
}

function verifiedParts(state: Extract<JoineryState, { kind: 'verified' }>): Parts {
  const rows = `${state.rows}${state.rowsTruncated ? '+' : ''}`;
  const facts = [
    state.rows === 1 ? vscode.l10n.t('ran, 1 row, {0} ms', state.ms) : vscode.l10n.t('ran, {0} rows, {1} ms', rows, state.ms),
    ...(state.joins === 0 ? [] : [state.joins === 1 ? vscode.l10n.t('1 join') : vscode.l10n.t('{0} joins', state.joins)]),
  ];
  const others = state.others === 0 ? '' : ` ${vscode.l10n.t('Other answers differ in their result: {0}.', state.others)}`;
  const careful = state.fanOut.map((table) => ` ${vscode.l10n.t('Careful: rows of {0} are counted several times by a one-to-many join.', table)}`).join(''); // prettier-ignore
  const long = `${vscode.l10n.t('The statement was run on the database before you saw it.')}${others}${careful}`;
  return { icon: careful === '' ? 'verified' : 'warning', short: facts.join(', '), long, command: commandIds.compareAnswers };
}
