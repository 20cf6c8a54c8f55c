/** The questions before a run: databases, sources, method, minutes, base model, and what it will cost. Undefined when the user gave up on the way. */
import { stat } from 'node:fs/promises';
import { totalmem } from 'node:os';
import * as vscode from 'vscode';
import { JoineryError } from '../../../core/shared/errors.js';
import { type ModelListing } from '../../../engine/models/types.js';
import { type TrainingChoices, type TrainingMethod } from '../../../engine/training/trainingRecipe.js';
import { type Services } from '../../services/services.js';
import { collectPairs } from './collectPairs.js';
import { pick, type PickStep } from './pickSteps.js';
import { trainerPlaces } from './trainingPlaces.js';

type Item = vscode.QuickPickItem & { readonly value: string };
type Draft = { -readonly [Key in keyof TrainingChoices]: TrainingChoices[Key] };

const steps = 6;
const budgets = [10, 20, 50, 120];
const defaultBudget = 20;
const ownBudget = 'own';

export async function chooseTraining(services: Services): Promise<TrainingChoices | undefined> {
  const databases = await services.databases.list();
  if (databases.length === 0) throw new JoineryError('ask.noDatabase', {});
  const draft: Draft = {
    databases: databases.length === 1 ? databases : [],
    useAccepted: true,
    useTests: true,
    useSynthesis: true,
    minutes: defaultBudget,
    method: 'tune',
    base: await services.engines.modelId(),
  };
  const pages = [chooseDatabases, chooseSources, chooseMethod, chooseBudget, chooseBase, confirm];
  for (let at = 0; at < pages.length;) {
    const answer = await pages[at]?.(services, draft);
    if (answer === undefined) return undefined;
    at += answer === 'back' ? -1 : 1;
  }
  return draft;
}

type Answer = 'next' | 'back' | undefined;

function page(step: number, more: Pick<PickStep<Item>, 'placeholder' | 'items' | 'picked' | 'many'>): PickStep<Item> {
  return { title: vscode.l10n.t('Fine-Tune on My Databases'), step, steps, ...more };
}

async function chooseDatabases({ databases }: Services, draft: Draft): Promise<Answer> {
  const found = await databases.list();
  const items = await Promise.all(
    found.map(async (value): Promise<Item> => {
      const bytes = (await stat(value).catch(() => undefined))?.size ?? 0;
      return { label: databases.labelOf(value), description: sizeText(bytes), iconPath: new vscode.ThemeIcon('database'), value };
    }),
  );
  const picked = items.filter(({ value }) => draft.databases.includes(value));
  const answer = await pick(
    page(1, { placeholder: vscode.l10n.t('Databases that the model shall know better'), items, picked, many: true }),
  );
  if (answer === undefined || answer === 'back') return answer;
  draft.databases = answer.map(({ value }) => value);
  return 'next';
}

async function chooseSources(services: Services, draft: Draft): Promise<Answer> {
  const { accepted, tests } = await collectPairs(services, { databases: draft.databases, useAccepted: true, useTests: true });
  const items: readonly Item[] = [
    { value: 'useSynthesis', label: vscode.l10n.t('Questions made from the schema'), detail: vscode.l10n.t('A thousand and more per database, run on it, held-out ones apart'), iconPath: new vscode.ThemeIcon('sparkle') }, // prettier-ignore
    { value: 'useAccepted', label: vscode.l10n.t('Kept answers'), description: String(accepted.length), detail: vscode.l10n.t('Questions whose SQL you accepted, edited or corrected'), iconPath: new vscode.ThemeIcon('check') }, // prettier-ignore
    { value: 'useTests', label: vscode.l10n.t('Question tests'), description: String(tests.length), detail: vscode.l10n.t('Compared before and after, never learnt from'), iconPath: new vscode.ThemeIcon('beaker') }, // prettier-ignore
  ];
  const offered = items.filter(({ value }) => ({ useAccepted: accepted.length > 0, useTests: tests.length > 0 })[value] ?? true);
  const picked = offered.filter(({ value }) => draft[value as 'useAccepted']);
  const answer = await pick(page(2, { placeholder: vscode.l10n.t('What it shall learn from'), items: offered, picked, many: true }));
  if (answer === undefined || answer === 'back') return answer;
  for (const source of ['useSynthesis', 'useAccepted', 'useTests'] as const) draft[source] = answer.some(({ value }) => value === source);
  return 'next';
}

async function chooseMethod(_: Services, draft: Draft): Promise<Answer> {
  const items: readonly (Item & { readonly value: TrainingMethod })[] = [
    { value: 'tune', label: vscode.l10n.t('Learn from right answers'), description: vscode.l10n.t('recommended'), detail: vscode.l10n.t('Fine-tuning; the most for the time'), iconPath: new vscode.ThemeIcon('book') }, // prettier-ignore
    { value: 'rewards', label: vscode.l10n.t('Then from rewards'), detail: vscode.l10n.t('The model answers by itself, and what its SQL brings on the database is rewarded; from 50 minutes on'), iconPath: new vscode.ThemeIcon('target') }, // prettier-ignore
    { value: 'all', label: vscode.l10n.t('With better and worse answers in between'), detail: vscode.l10n.t('Also from pairs of answers, one of them wrong; from 100 minutes on'), iconPath: new vscode.ThemeIcon('git-compare') }, // prettier-ignore
  ];
  const picked = items.filter(({ value }) => value === draft.method);
  const answer = await pick(page(3, { placeholder: vscode.l10n.t('How it shall learn; each step counts only if it helps'), items, picked, many: false })); // prettier-ignore
  if (answer === undefined || answer === 'back') return answer;
  draft.method = items.find(({ value }) => value === answer[0]?.value)?.value ?? 'tune';
  return 'next';
}

async function chooseBudget(_: Services, draft: Draft): Promise<Answer> {
  const minutes = (count: number): string => vscode.l10n.t('{0} minutes', count);
  const notes: Readonly<Record<number, string>> = { 10: vscode.l10n.t('a first try'), 20: vscode.l10n.t('recommended'), 120: vscode.l10n.t('over lunch') }; // prettier-ignore
  const items: readonly Item[] = [
    ...budgets.map((count) => ({ label: minutes(count), description: notes[count] ?? '', value: String(count) })),
    { label: vscode.l10n.t('Another number of minutes…'), value: ownBudget },
  ];
  const picked = items.filter(({ value }) => value === String(draft.minutes));
  const placeholder = vscode.l10n.t('How long it may train; the machine stays usable meanwhile');
  const answer = await pick(page(4, { placeholder, items, picked, many: false }));
  if (answer === undefined || answer === 'back') return answer;
  const value = answer[0]?.value ?? '';
  const count = value === ownBudget ? await askMinutes(draft.minutes) : Number(value);
  if (count === undefined) return chooseBudget(_, draft);
  draft.minutes = count;
  return 'next';
}

async function askMinutes(before: number): Promise<number | undefined> {
  const isCount = (text: string): boolean => /^\d{1,4}$/.test(text.trim()) && Number(text) >= 1;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Minutes of training'),
    value: String(before),
    ignoreFocusOut: true,
    validateInput: (value) => (isCount(value) ? undefined : vscode.l10n.t('A whole number from 1 on')),
  });
  return text === undefined ? undefined : Number(text);
}

async function chooseBase({ engines }: Services, draft: Draft): Promise<Answer> {
  const { models } = await engines.get();
  const bases = (await models.list()).filter(({ kind }) => kind === 'model');
  const inUse = await engines.modelId();
  const items = bases.map((listing): Item => ({ label: listing.title, description: baseNote(listing, inUse), value: listing.id, iconPath: new vscode.ThemeIcon('chip') })); // prettier-ignore
  const picked = items.filter(({ value }) => value === draft.base);
  const placeholder = vscode.l10n.t('Model to start from; its own file stays as it is');
  const answer = await pick(page(5, { placeholder, items, picked, many: false }));
  if (answer === undefined || answer === 'back') return answer;
  draft.base = answer[0]?.value ?? draft.base;
  return 'next';
}

function baseNote({ state, bytes, id }: ModelListing, inUse: string): string {
  const there = state === 'ready' ? sizeText(bytes) : vscode.l10n.t('{0}, fetched first', sizeText(bytes));
  return [id, there, ...(id === inUse ? [vscode.l10n.t('answers your questions now')] : [])].join(' · ');
}

/** What it will cost, before it starts. */
async function confirm(services: Services, draft: Draft): Promise<Answer> {
  const { trainerFacts } = await import('../../../engine/training/trainerSetup.js');
  const { trainingCost } = await import('../../../engine/training/trainingCost.js');
  const { plannedWork } = await import('../../../engine/training/trainingRecipe.js');
  const { models } = await services.engines.get();
  const modelBytes = (await models.list()).find(({ id }) => id === draft.base)?.bytes ?? 0;
  const { tests } = await collectPairs(services, { ...draft, useAccepted: false });
  const facts = await trainerFacts(trainerPlaces(services.context));
  const cost = trainingCost({ ...plannedWork(draft, tests.length), modelBytes, ...facts });
  const tight = cost.memoryBytes > totalmem() ? `$(warning) ${vscode.l10n.t('this machine has {0}', sizeText(totalmem()))}` : '';
  const rows = [
    {
      label: `$(clock) ${vscode.l10n.t('About {0} min', cost.minutes)}`,
      description: vscode.l10n.t('{0} of them training', draft.minutes),
    },
    { label: `$(chip) ${vscode.l10n.t('Up to {0} of memory', sizeText(cost.memoryBytes))}`, description: tight },
    {
      label: `$(database) ${vscode.l10n.t('About {0} of disk', sizeText(cost.diskBytes))}`,
      description: vscode.l10n.t('nothing leaves this machine'),
    },
    ...(cost.downloadBytes === 0 ? [] : [{ label: `$(cloud-download) ${vscode.l10n.t('About {0} fetched once', sizeText(cost.downloadBytes))}`, description: vscode.l10n.t('PyTorch and what belongs to it') }]), // prettier-ignore
  ];
  const go: Item = { label: `$(rocket) ${vscode.l10n.t('Start')}`, description: vscode.l10n.t('can be paused and cancelled at any time'), value: 'start' }; // prettier-ignore
  const items: readonly Item[] = [go, ...rows.map((row) => ({ ...row, value: 'fact' }))];
  for (;;) {
    const answer = await pick(page(6, { placeholder: vscode.l10n.t('What it will cost'), items, picked: [go], many: false }));
    if (answer === undefined || answer === 'back') return answer;
    // The other lines are there to be read.
    if (answer[0]?.value === 'start') return 'next';
  }
}

function sizeText(bytes: number): string {
  return bytes < 1e9 ? `${Math.max(1, Math.round(bytes / 1e6))} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
