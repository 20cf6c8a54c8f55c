/** Nothing leaves the machine before the user was told: once per workspace and server, and a refusal holds. */
import { beforeEach, expect, it } from 'vitest';
import { type Memory } from '../../../src/host/services/memory.js';
import { ServerConsent } from '../../../src/host/services/serverConsent.js';
import { fakeMemory } from '../../support/fakeMemory.js';

const server = 'http://host:8080/v1';
const other = 'http://other:8080/v1';

let memory: Memory;
let told: string[];
/** What the user presses. */
let agrees: boolean;

beforeEach(() => {
  memory = fakeMemory();
  told = [];
  agrees = true;
});

const window = (): ServerConsent =>
  new ServerConsent(memory, (url) => {
    told.push(url);
    return Promise.resolve(agrees);
  });

it('is asked for once, in this window and in the next', async () => {
  const consent = window();
  expect(consent.has(server)).toBe(false);
  expect([await consent.agree(server), await consent.agree(server)]).toEqual([true, true]);
  const next = window();
  expect([next.has(server), await next.agree(server), told]).toEqual([true, true, [server]]);
});

it('many questions wait for one message', async () => {
  const consent = window();
  expect(await Promise.all([consent.agree(server), consent.agree(server), consent.agree(server)])).toEqual([true, true, true]);
  expect(told).toEqual([server]);
});

it('another server is another question, and the first stays agreed', async () => {
  const consent = window();
  await consent.agree(server);
  await consent.agree(other);
  expect([told, consent.has(server), consent.has(other)]).toEqual([[server, other], true, true]);
});

it('a refusal holds until the server is chosen again, and is not kept for the next window', async () => {
  agrees = false;
  const consent = window();
  expect([await consent.agree(server), await consent.agree(server), consent.has(server)]).toEqual([false, false, false]);
  expect(told).toEqual([server]);
  agrees = true;
  expect([await consent.choose(server), await consent.agree(server), told.length]).toEqual([true, true, 2]);
});

it('choosing a server that was agreed to asks nothing', async () => {
  const consent = window();
  await consent.agree(server);
  expect([await consent.choose(server), told.length]).toEqual([true, 1]);
});
