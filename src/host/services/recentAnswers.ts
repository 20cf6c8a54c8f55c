/** The last answers of this session with their reasons, for "why this SQL" and the answers side by side. Holds first rows: memory only. */
import { isSameStatement } from '../../core/presentation/answeredQuestions.js';
import { type AskAnswer } from '../../engine/ask/types.js';

export interface RecentAnswer {
  readonly question: string;
  readonly database: string;
  readonly answer: AskAnswer;
}

export interface AnswerClues {
  readonly question?: string;
  readonly database?: string;
  /** The answer or one of its alternatives. */
  readonly sql?: string;
}

const capacity = 20;

export class RecentAnswers {
  #answers: readonly RecentAnswer[] = [];

  add(recent: RecentAnswer): void {
    const others = this.#answers.filter(({ question, database }) => question !== recent.question || database !== recent.database);
    this.#answers = [recent, ...others].slice(0, capacity);
  }

  /** The newest that fits every clue. */
  find(clues: AnswerClues): RecentAnswer | undefined {
    return this.#answers.find(
      ({ question, database, answer }) =>
        (clues.question === undefined || clues.question === question) &&
        (clues.database === undefined || clues.database === database) &&
        (clues.sql === undefined || [answer, ...answer.alternatives].some(({ sql }) => isSameStatement(sql, clues.sql ?? ''))),
    );
  }
}
