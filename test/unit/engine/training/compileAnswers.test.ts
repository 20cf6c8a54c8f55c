import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../../src/core/shared/cancellation.js';
import { createCatalogue } from '../../../../src/engine/catalogue/createCatalogue.js';
import { type Catalogue } from '../../../../src/engine/catalogue/types.js';
import { compileAnswer, type CompileLine, readCompileRequest } from '../../../../src/engine/training/compileAnswers.js';
import { makeDatabase, makeFolder } from '../eval/makeDatabase.js';

const schema = `
CREATE TABLE airport (code TEXT PRIMARY KEY, city TEXT);
CREATE TABLE flight (no INT PRIMARY KEY, origin TEXT REFERENCES airport, target TEXT REFERENCES airport);
CREATE TABLE crew (id INT PRIMARY KEY, flight_no INT REFERENCES flight);
CREATE TABLE island (size INT);`;

let catalogue: Catalogue;
let folder: ReturnType<typeof makeFolder>;
let database: string;

beforeAll(async () => {
  folder = makeFolder();
  catalogue = createCatalogue({ stateFolder: join(folder.path, 'state') });
  database = await makeDatabase(join(folder.path, 'flights.db'), schema);
});

afterAll(async () => {
  await catalogue.close();
  folder.remove();
});

const compile = (ir: string, at = database): Promise<CompileLine> =>
  compileAnswer(catalogue, { id: 'a', database: at, ir }, neverCancelled);

describe('statements without FROM and JOIN', () => {
  it.each([
    ['SELECT airport.city', 'SELECT city FROM airport'],
    ['SELECT COUNT(crew.*) USING flight', 'SELECT COUNT(*) FROM crew JOIN flight ON crew.flight_no = flight.no'],
    ['SELECT airport.city USING flight.origin', 'SELECT airport.city FROM airport JOIN flight ON flight.origin = airport.code'],
    ['SELECT city FROM airport', 'SELECT city FROM airport'],
    ['SELECT', 'SELECT'],
  ])('%s is compiled', async (ir, sql) => {
    expect(await compile(ir)).toEqual({ id: 'a', sql });
  });

  it.each([
    ['SELECT airport.city USING flight', 'ambiguous join:'],
    ['SELECT airport.city, island.size', 'no join between: airport, island'],
    ['SELECT airport.name', 'no such column: airport.name'],
    ['SELECT airport.city USING flight.no', 'no such key: flight.no'],
  ])('%s is refused', async (ir, refusal) => {
    expect(await compile(ir)).toMatchObject({ id: 'a', refusal: expect.stringContaining(refusal) as string });
  });

  it('of a database that is not there are an error, and the next one is compiled', async () => {
    expect(await compile('SELECT airport.city', join(folder.path, 'absent.db'))).toMatchObject({ id: 'a', error: {} });
    expect(await compile('SELECT airport.city')).toHaveProperty('sql');
  });
});

describe('a request', () => {
  it('has an id, a database and a statement', () => {
    const request = { id: 'a', database: 'x.db', ir: 'SELECT a.b' };
    expect(readCompileRequest(JSON.stringify(request))).toEqual(request);
  });

  it.each([
    ['null', 'a request is an object'],
    ['{"id":"a","database":"x.db"}', 'ir is a text'],
    ['{"id":1,"database":"x.db","ir":"SELECT"}', 'id is a text'],
  ])('%s is refused', (line, sentence) => {
    expect(() => readCompileRequest(line)).toThrow(sentence);
  });
});
