/**
 * The list of answers to one question. It opens at once, shows the first verified answer as soon as there is one and replaces it
 * when the votes say better; closing it cancels the question.
 */
import * as vscode from 'vscode';
import { CancellationSource } from '../../../core/shared/cancellation.js';
import { DisposableStore } from '../../../core/shared/disposable.js';
import { type AskAnswer, type AskOutcome, type VerifiedSql } from '../../../engine/ask/types.js';
import { rowCount } from '../../platform/rowCount.js';
import { readSetting } from '../../platform/settings.js';
import { describeCode, explainInWords } from '../../platform/words.js';
import { type HostQuestion } from '../../services/asker.js';
import { type Services } from '../../services/services.js';
import { answerLine } from './answerItems.js';
import { type Delivery } from '../../services/deliver.js';

export type AnswerChoice =
  (Delivery & { readonly answered?: string }) | { readonly kind: 'refine'; readonly answer: AskAnswer } | { readonly kind: 'compare' };

interface AnswerItem extends vscode.QuickPickItem {
  readonly choice?: AnswerChoice;
}

export interface AskedQuestion {
  readonly question: string;
  readonly database: string;
  readonly previous?: HostQuestion['previous'];
}

/** Undefined when the user left, or when there was nothing to choose. Throws what asking throws. */
export async function showAnswers(services: Services, asked: AskedQuestion): Promise<AnswerChoice | undefined> {
  const store = new DisposableStore();
  const source = store.own(new CancellationSource());
  const list = store.own(vscode.window.createQuickPick<AnswerItem>());
  list.title = asked.question;
  list.placeholder = vscode.l10n.t('Asking {0} …', services.databases.labelOf(asked.database));
  list.busy = true;
  list.ignoreFocusOut = true;
  const chosen = new Promise<AnswerChoice | undefined>((resolve) => {
    store.own(list.onDidAccept(() => resolve(list.activeItems[0]?.choice)));
    store.own(list.onDidHide(() => resolve(undefined)));
    store.own(list.onDidTriggerItemButton(({ button, item }) => resolve(choiceOfButton(button, item))));
  });
  list.show();
  try {
    const left = chosen.then(() => source.cancel());
    const answering = services.asker.ask(questionOf(asked), source.token, { onAnswer: (answer) => showAnswer(list, answer) });
    const asking = answering.then((outcome) => showOutcome(list, outcome));
    // Whoever is quick takes the first answer while the vote still goes on; then the rest of the question is cancelled.
    await Promise.race([asking, left]);
    asking.catch(() => undefined); // Cancelled above, or thrown by the race already.
    return await chosen;
  } finally {
    source.cancel();
    store.dispose();
  }
}

function questionOf({ question, database, previous }: AskedQuestion): HostQuestion {
  const fixed = { candidates: readSetting('candidates'), priority: 'interactive' as const, deadlineMs: 0 };
  return { question, database, ...fixed, ...(previous === undefined ? {} : { previous }) };
}

function showOutcome(list: vscode.QuickPick<AnswerItem>, outcome: AskOutcome): void {
  list.busy = false;
  if (outcome.kind === 'answer') {
    showAnswer(list, outcome);
    list.placeholder = vscode.l10n.t('Enter inserts; the buttons copy or open in a new editor');
    return;
  }
  const { sentence, next } = describeCode(outcome.code, outcome.details);
  list.placeholder = vscode.l10n.t('No answer');
  list.items = [{ label: sentence, detail: next, alwaysShow: true, iconPath: new vscode.ThemeIcon('circle-slash') }];
}

const copyButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('copy'), tooltip: vscode.l10n.t('Copy') };
const openButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('go-to-file'),
  tooltip: vscode.l10n.t('Open in a New Editor'),
};

function choiceOfButton(button: vscode.QuickInputButton, { choice }: AnswerItem): AnswerChoice | undefined {
  if (!choice || choice.kind === 'refine' || choice.kind === 'compare') return choice;
  return { ...choice, kind: button.iconPath === copyButton.iconPath ? 'copy' : 'open' };
}

function showAnswer(list: vscode.QuickPick<AnswerItem>, answer: AskAnswer): void {
  const separator = (label: string): AnswerItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const others = answer.alternatives.map((other) => itemOf(other, 'question', answer.sql));
  const refine: AnswerItem = { label: vscode.l10n.t('Refine…'), description: explainInWords(answer.explanation), alwaysShow: true, iconPath: new vscode.ThemeIcon('filter'), choice: { kind: 'refine', answer } }; // prettier-ignore
  const rest = others.length === 0 ? [] : [separator(vscode.l10n.t('other results')), ...others];
  list.items = [itemOf(answer, 'verified'), ...rest, separator(''), refine, ...comparing(answer)];
}

/** Once the vote is over and there is something to tell. */
function comparing({ reasons }: AskAnswer): readonly AnswerItem[] {
  if (!reasons) return [];
  const label = vscode.l10n.t('Side by Side, and Why…');
  return [{ label, alwaysShow: true, iconPath: new vscode.ThemeIcon('split-horizontal'), choice: { kind: 'compare' } }];
}

/** `first` is the answer that this one would replace. */
function itemOf(verified: VerifiedSql, icon: string, first?: string): AnswerItem {
  const { label, detail } = answerLine(verified);
  const { rows, rowsTruncated, runMs, votes, candidates } = verified.evidence;
  const facts = `${rowCount(rows, rowsTruncated)}, ${vscode.l10n.t('{0} ms', Math.round(runMs))}`;
  const agreed = candidates > 1 ? `, ${vscode.l10n.t('{0} of {1} agree', votes, candidates)}` : '';
  return {
    label,
    description: facts + agreed,
    detail,
    alwaysShow: true,
    iconPath: new vscode.ThemeIcon(icon),
    buttons: [copyButton, openButton],
    choice: { kind: 'insert', sql: verified.sql, ...(first === undefined ? {} : { answered: first }) },
  };
}
