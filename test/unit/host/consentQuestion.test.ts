/** The question whether accepted answers may be kept comes once per workspace, with the third of them. */
import { expect, it } from 'vitest';
import { ConsentQuestion } from '../../../src/host/services/consentQuestion.js';
import { fakeMemory } from '../../support/fakeMemory.js';

async function answers(question: ConsentQuestion, count: number): Promise<boolean[]> {
  const due: boolean[] = [];
  for (let at = 0; at < count; at++) due.push(await question.isDue());
  return due;
}

it('is due with the third answer, and never again', async () => {
  expect(await answers(new ConsentQuestion(fakeMemory()), 6)).toEqual([false, false, true, false, false, false]);
});

it('counts over windows, and was asked in all of them', async () => {
  const memory = fakeMemory();
  expect(await answers(new ConsentQuestion(memory), 2)).toEqual([false, false]);
  expect(await answers(new ConsentQuestion(memory), 2)).toEqual([true, false]);
  expect(await answers(new ConsentQuestion(memory), 4)).toEqual([false, false, false, false]);
});

it('another workspace is asked for itself', async () => {
  await answers(new ConsentQuestion(fakeMemory()), 3);
  expect(await answers(new ConsentQuestion(fakeMemory()), 3)).toEqual([false, false, true]);
});
