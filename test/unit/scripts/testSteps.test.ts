import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Counts {
  passed: number;
  failed: string[];
  skipped: { name: string; reason: string }[];
}

const script = path.resolve(import.meta.dirname, '../../../scripts/testSteps.mjs');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'joinery-steps-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a small program against the real script and returns its lines and exit code. */
function run(body: string): { lines: string[]; code: number | null } {
  const program = path.join(folder, 'program.mjs');
  writeFileSync(program, `import * as steps from ${JSON.stringify(script)};\n${body}`);
  const done = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  return { lines: done.stdout.trim().split('\n'), code: done.status };
}

function conclude(counts: Counts, allowed: readonly { name: string; reason: string }[]): { lines: string[]; code: number | null } {
  return run(`process.exit(steps.conclude(${JSON.stringify(counts)}, ${JSON.stringify(allowed)}));`);
}

describe('the last line of npm test', () => {
  const skip = { name: 'a.test.ts > b', reason: 'no data' };
  const cases: readonly {
    name: string;
    counts: Counts;
    allowed?: readonly { name: string; reason: string }[];
    line: string;
    code: number;
  }[] = [
    { name: 'all good', counts: { passed: 3, failed: [], skipped: [] }, line: '3 passed, 0 failed, 0 skipped', code: 0 },
    { name: 'a failure', counts: { passed: 3, failed: ['x'], skipped: [] }, line: '3 passed, 1 failed, 0 skipped', code: 1 },
    {
      name: 'an allowed skip',
      counts: { passed: 3, failed: [], skipped: [skip] },
      allowed: [skip],
      line: '3 passed, 0 failed, 1 skipped',
      code: 0,
    },
    {
      name: 'an allowed skip by pattern',
      counts: { passed: 3, failed: [], skipped: [skip] },
      allowed: [{ name: 'a.test.ts > *', reason: 'no data' }],
      line: '3 passed, 0 failed, 1 skipped',
      code: 0,
    },
    { name: 'an unknown skip', counts: { passed: 3, failed: [], skipped: [skip] }, line: '3 passed, 1 failed, 0 skipped', code: 1 },
    {
      name: 'an allowed test with another reason',
      counts: { passed: 3, failed: [], skipped: [skip] },
      allowed: [{ ...skip, reason: 'no GPU' }],
      line: '3 passed, 1 failed, 0 skipped',
      code: 1,
    },
    { name: 'nothing ran', counts: { passed: 0, failed: [], skipped: [] }, line: '0 passed, 0 failed, 0 skipped', code: 1 },
  ];
  for (const { name, counts, allowed = [], line, code } of cases) {
    it(name, () => {
      const run = conclude(counts, allowed);
      expect(run.lines.at(-1)).toBe(line);
      expect(run.code).toBe(code);
    });
  }

  it('follows every skip with its reason', () => {
    expect(conclude({ passed: 1, failed: [], skipped: [skip] }, [skip]).lines).toContain('skipped: a.test.ts > b: no data');
  });
});

describe('a suite', () => {
  const suite = (body: string): Counts => {
    const file = path.join(folder, 'suite.mjs');
    writeFileSync(
      file,
      `import { writeFileSync } from 'node:fs';\nconst report = (value) => writeFileSync(process.env.JOINERY_TEST_REPORT, JSON.stringify(value));\n${body}`,
    );
    const { lines } = run(
      `const counts = steps.noCounts();\nsteps.runSuite(counts, 'try', [${JSON.stringify(file)}]);\nconsole.log(JSON.stringify(counts));`,
    );
    return JSON.parse(lines.at(-1) ?? '') as Counts;
  };

  it('that dies before its report has failed', () => {
    expect(suite('process.exit(3)').failed).toEqual(['try ended without a report']);
  });
  it('that reports no failure but ends badly has failed', () => {
    expect(suite('report({ passed: 1, failed: [], skipped: [] }); process.exit(1)')).toMatchObject({
      passed: 1,
      failed: ['try ended with an error'],
    });
  });
  it('of mocha is understood', () => {
    const stats = {
      stats: { passes: 2 },
      failures: [{ fullTitle: 'a b' }],
      pending: [{ fullTitle: 'c d skipped: no browser', title: 'd skipped: no browser' }],
    };
    expect(suite(`report(${JSON.stringify(stats)}); process.exit(1)`)).toEqual({
      passed: 2,
      failed: ['a b'],
      skipped: [{ name: 'c d skipped: no browser', reason: 'no browser' }],
    });
  });
});
