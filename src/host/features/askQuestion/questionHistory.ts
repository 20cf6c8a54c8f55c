/** The last questions of this workspace, newest first, each once. They stay on this machine. */
import { type Memento } from 'vscode';

const key = 'joinery.questions';
const capacity = 30;

export class QuestionHistory {
  constructor(private readonly memory: Pick<Memento, 'get' | 'update'>) {}

  list(): readonly string[] {
    return this.memory.get<readonly string[]>(key, []);
  }

  async add(question: string): Promise<void> {
    const text = question.trim();
    if (text !== '') await this.memory.update(key, [text, ...this.list().filter((old) => old !== text)].slice(0, capacity));
  }
}
