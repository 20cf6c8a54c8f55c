/** The page of answers: statements side by side with their rows, and why the first was chosen. Draws what it is given. */
import { type AnswersMessage, type AnswersPage, type AnswersRequest } from '../../protocol/answersPage.js';
import { connectHost } from '../shared/connectHost.js';
import { drawAnswers } from './drawAnswers.js';
import './answers.css';

const host = connectHost<AnswersRequest, AnswersPage>((message) => {
  const shown = message as AnswersMessage;
  if (shown.kind !== 'show') return;
  host.save(shown.page);
  show(shown.page);
});

function show(page: AnswersPage): void {
  drawAnswers(document.body, page, (request) => host.post(request));
}

const kept = host.state as AnswersPage | undefined;
if (kept) show(kept);
host.post({ kind: 'ready' });
