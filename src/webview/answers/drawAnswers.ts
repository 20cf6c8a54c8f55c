/** Elements of the page of answers. All text is set as text; nothing of a database becomes markup. */
import { type AnswersPage, type AnswersRequest, type PageAnswer, type ReasonTable } from '../../protocol/answersPage.js';
import { element, icon } from '../shared/element.js';

export function drawAnswers(parent: HTMLElement, page: AnswersPage, post: (request: AnswersRequest) => void): void {
  const reasons = page.reasons.length === 0 ? undefined : drawReasons(page);
  const main = element(
    'main',
    { class: 'answers-page' },
    element('h1', {}, page.heading),
    element('p', { class: 'quiet' }, page.database),
    element('div', { class: 'answers' }, ...page.answers.map((answer, at) => drawAnswer(page, answer, at, post))),
    reasons,
  );
  parent.querySelector('main')?.remove();
  parent.append(main);
  if (page.focus === 'reasons') reasons?.querySelector<HTMLElement>('h2')?.focus();
}

function drawAnswer(page: AnswersPage, answer: PageAnswer, at: number, post: (request: AnswersRequest) => void): HTMLElement {
  const id = `answer-${at}`;
  const buttons = answer.actions.map((action) => {
    const button = element('button', { type: 'button', class: 'button' }, icon(action.icon), action.label);
    button.addEventListener('click', () => post({ kind: action.id, answer: at }));
    return button;
  });
  return element(
    'section',
    { class: 'answer', 'aria-labelledby': id },
    element('h2', { id }, answer.title),
    element('ul', { class: 'facts' }, ...answer.facts.map((fact) => element('li', {}, fact))),
    ...answer.warnings.map((warning) => element('p', { class: 'warning' }, icon('warning'), warning)),
    element('pre', { tabindex: 0, 'aria-label': answer.title }, element('code', {}, answer.sql)),
    element('div', { class: 'actions' }, ...buttons),
    answer.explanation === '' ? undefined : element('p', {}, answer.explanation),
    answer.result ? drawResult(page, answer.title, answer.result) : undefined,
  );
}

function drawResult(page: AnswersPage, title: string, result: NonNullable<PageAnswer['result']>): HTMLElement {
  const own = new Set(result.own);
  const rows = result.rows.map((row, at) =>
    element(
      'tr',
      own.has(at) ? { class: 'own', title: page.ownRow } : {},
      ...row.map((cell) => (cell === null ? element('td', { class: 'null' }, page.nullText) : element('td', {}, cell))),
    ),
  );
  return element(
    'div',
    { class: 'rows', tabindex: 0, role: 'region', 'aria-label': title },
    element('table', {}, headOf(result.columns), element('tbody', {}, ...rows)),
    result.note === '' ? undefined : element('p', { class: 'quiet' }, result.note),
  );
}

function drawReasons(page: AnswersPage): HTMLElement {
  return element(
    'section',
    { class: 'reasons', 'aria-labelledby': 'reasons' },
    element('h2', { id: 'reasons', tabindex: -1 }, page.reasonsTitle),
    ...page.reasons.map(drawReason),
  );
}

function drawReason({ title, columns, rows, empty }: ReasonTable): HTMLElement {
  const content =
    rows.length === 0
      ? element('p', { class: 'quiet' }, empty)
      : element(
          'div',
          { class: 'rows', tabindex: 0, role: 'region', 'aria-label': title },
          element('table', {}, headOf(columns), element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map(cellOf))))),
        );
  return element('section', {}, element('h3', {}, title), content);
}

function cellOf(text: string): HTMLElement {
  return element('td', {}, text);
}

function headOf(columns: readonly string[]): HTMLElement {
  return element('thead', {}, element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column))));
}
