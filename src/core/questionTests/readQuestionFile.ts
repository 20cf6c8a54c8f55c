/**
 * Reads `*.joinery.yaml`: a database, and questions each with expected SQL, expected rows or assertions. Never throws: what is not understood
 * becomes a problem with its line.
 */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type ParseOptions,
  type DocumentOptions,
  type SchemaOptions,
  type YAMLMap,
} from 'yaml';
import { type SqlValue } from '../schema/types.js';
import { readAssertion } from './readAssertion.js';
import { type Assertion, type FileProblem, type QuestionFile, type QuestionTest, type Row } from './types.js';

const fileKeys = ['database', 'questions'];
const testKeys = ['name', 'question', 'database', 'sql', 'rows', 'assert', 'refused', 'ordered'];

/** Integers keep all their digits, blobs are YAML's own binary. */
export const yamlOptions = { intAsBigInt: true, customTags: ['binary'] } as const satisfies ParseOptions & DocumentOptions & SchemaOptions;

export function readQuestionFile(text: string): QuestionFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...yamlOptions, lineCounter: lines });
  const reader = new Reader(lines, document);
  for (const error of document.errors) reader.complain(error.pos[0], error.message.split('\n')[0] ?? 'not YAML');
  const root = document.contents;
  if (root === null || document.errors.length > 0) return { tests: [], problems: reader.problems };
  if (!isMap(root)) {
    reader.complain(0, 'a map with "questions" is needed');
    return { tests: [], problems: reader.problems };
  }
  reader.checkKeys(root, fileKeys);
  const database = reader.text(root, 'database') ?? '';
  const questions = root.get('questions', true) as Node | undefined;
  if (!isSeq(questions)) reader.complain(offsetOf(root), '"questions" must be a list');
  const entries = isSeq(questions) ? questions.items : [];
  const tests = entries.flatMap((entry) => reader.test(entry, database));
  return { tests: withUniqueNames(tests), problems: reader.problems };
}

class Reader {
  readonly problems: FileProblem[] = [];

  constructor(
    private readonly lines: LineCounter,
    private readonly document: Document,
  ) {}

  complain(offset: number, detail: string): void {
    this.problems.push({ line: this.#lineOf(offset), detail });
  }

  checkKeys(map: YAMLMap, known: readonly string[]): void {
    for (const { key } of map.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (!known.includes(name)) this.complain(offsetOf(key), `"${name}" is unknown; there are ${known.join(', ')}`);
    }
  }

  text(map: YAMLMap, key: string): string | undefined {
    const value: unknown = map.get(key);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value.trim();
    this.complain(offsetOf(map.get(key, true)), `"${key}" must be a text`);
    return undefined;
  }

  test(entry: unknown, database: string): QuestionTest[] {
    if (!isMap(entry)) {
      this.complain(offsetOf(entry), 'a question must be a map with "question"');
      return [];
    }
    this.checkKeys(entry, testKeys);
    const question = this.text(entry, 'question') ?? '';
    if (question === '') {
      this.complain(offsetOf(entry), '"question" is missing');
      return [];
    }
    const sql = this.text(entry, 'sql');
    const rows = this.#rows(entry);
    const refused = this.#refused(entry);
    const ordered: unknown = entry.get('ordered');
    const [start, , end] = entry.range ?? [0, 0, 0];
    const firstLine = this.#lineOf(start);
    return [
      {
        name: this.text(entry, 'name') ?? question,
        question,
        database: this.text(entry, 'database') ?? database,
        ...(sql === undefined ? {} : { sql }),
        ...(rows === undefined ? {} : { rows }),
        assertions: this.#assertions(entry),
        ...(refused === undefined ? {} : { refused }),
        ...(typeof ordered === 'boolean' ? { ordered } : {}),
        firstLine,
        lastLine: Math.max(firstLine, this.#lineOf(Math.max(start, end - 1))),
      },
    ];
  }

  #rows(entry: YAMLMap): readonly Row[] | undefined {
    const node: unknown = entry.get('rows', true);
    if (node === undefined) return undefined;
    const value: unknown = isSeq(node) ? node.toJS(this.document) : undefined;
    if (!Array.isArray(value)) {
      this.complain(offsetOf(node), '"rows" must be a list of rows');
      return undefined;
    }
    // A row of one column may be written without its brackets.
    return value.map((row: unknown) => (Array.isArray(row) ? row : [row]).map((cell) => this.#value(cell, offsetOf(node))));
  }

  #assertions(entry: YAMLMap): readonly Assertion[] {
    const node: unknown = entry.get('assert', true);
    if (node === undefined) return [];
    if (!isSeq(node)) {
      this.complain(offsetOf(node), '"assert" must be a list');
      return [];
    }
    return node.items.flatMap((item) => {
      const json: unknown = isMap(item) ? item.toJS(this.document) : undefined;
      const read = readAssertion(json, (cell) => this.#value(cell, offsetOf(item)));
      if (typeof read !== 'string') return [read];
      this.complain(offsetOf(item), read);
      return [];
    });
  }

  #refused(entry: YAMLMap): string | undefined {
    const value: unknown = entry.get('refused');
    if (value === undefined || value === null || value === false) return undefined;
    if (value === true) return '';
    if (typeof value === 'string') return value;
    this.complain(offsetOf(entry.get('refused', true)), '"refused" must be true or a code such as ask.unanswerable');
    return undefined;
  }

  #value(cell: unknown, offset: number): SqlValue {
    if (cell === null || typeof cell === 'string' || typeof cell === 'number' || cell instanceof Uint8Array) return cell;
    if (typeof cell === 'bigint') return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
    // SQLite has no truth values of its own.
    if (typeof cell === 'boolean') return cell ? 1 : 0;
    this.complain(offset, 'a value must be a text, a number, null or binary');
    return null;
  }

  #lineOf(offset: number): number {
    return Math.max(0, this.lines.linePos(offset).line - 1);
  }
}

function offsetOf(node: unknown): number {
  const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  const start: unknown = Array.isArray(range) ? range[0] : 0;
  return typeof start === 'number' ? start : 0;
}

/** A question asked twice is two tests. */
function withUniqueNames(tests: readonly QuestionTest[]): QuestionTest[] {
  const seen = new Map<string, number>();
  return tests.map((test) => {
    const count = (seen.get(test.name) ?? 0) + 1;
    seen.set(test.name, count);
    return count === 1 ? test : { ...test, name: `${test.name} (${count})` };
  });
}
