/** The locked versions of the trainer: they agree with what it declares, and lock everything but torch, whose build is the machine's choice. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const project = readFileSync('trainer/pyproject.toml', 'utf8');
const locked = new Map(
  readFileSync('trainer/constraints.txt', 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('==') as [string, string]),
);

/** Of `dependencies` and of `[train]`; tools for developers are not locked. */
const declared = [...project.replace(/^dev = .*$/m, '').matchAll(/"([\w-]+)==([\w.]+)(?:; [^"]*)?"/g)].map(([, name = '', version = '']) => [name, version] as const); // prettier-ignore

it('every version is exact', () => {
  expect(locked.size).toBeGreaterThan(40);
  for (const [name, version] of locked) expect(`${name} ${version}`).toMatch(/^[a-z\d.-]+ \d[\w.]*$/);
});

it.each(declared.filter(([name]) => name !== 'tomli'))('%s %s is what is locked', (name, version) =>
  expect(locked.get(name)).toBe(version),
);

it('torch is not among them', () => expect(locked.has('torch')).toBe(false));
