/** The recipe for packages of other platforms speaks of scripts that exist, and of targets as the package script names them. It cannot be run here. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Recipe {
  readonly jobs: {
    readonly package: {
      readonly strategy: { readonly matrix: { readonly include: readonly { readonly target: string; readonly os: string }[] } };
      readonly steps: readonly { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, unknown>> }[];
    };
  };
}

const text = readFileSync('docs/packaging.md', 'utf8');
const recipe = parse(/```yaml\n([^]*?)```/.exec(text)?.[1] ?? '') as Recipe;
const { strategy, steps } = recipe.jobs.package;
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
  engines: { node: string };
};
const locked = Object.keys((JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: object }).packages);
const runs = steps.flatMap(({ run }) => run ?? []);

describe('targets', () => {
  const systems: Readonly<Record<string, { readonly machine: RegExp; readonly runtime: string }>> = {
    linux: { machine: /^ubuntu-/, runtime: 'linux' },
    win32: { machine: /^windows-/, runtime: 'win' },
    darwin: { machine: /^macos-/, runtime: 'mac' },
  };
  it.each(strategy.matrix.include)('$target on $os', ({ target, os }) => {
    const [platform = '', processor = ''] = target.split('-');
    expect(os).toMatch(systems[platform]?.machine ?? /^$/);
    const prefix = `node_modules/@node-llama-cpp/${systems[platform]?.runtime ?? '?'}-${processor}`;
    expect(
      locked.some((name) => name === prefix || name.startsWith(`${prefix}-`)),
      prefix,
    ).toBe(true);
  });
  it('are those that the documents promise', () => {
    const targets = strategy.matrix.include.map(({ target }) => target);
    for (const target of ['linux-x64', 'win32-x64', 'darwin-arm64', 'darwin-x64']) expect(targets).toContain(target);
  });
});

describe('steps', () => {
  it.each(runs)('%s exists', (run) => {
    const script = /^npm run ([\w:]+)/.exec(run)?.[1];
    const program = /^node (\S+)/.exec(run)?.[1];
    expect(run === 'npm ci' || (script !== undefined && script in manifest.scripts) || (program !== undefined && existsSync(program))).toBe(
      true,
    );
  });
  it('come in an order that works', () => {
    expect(runs.map((run) => run.replace(/ -- .*/, ''))).toEqual(['npm ci', 'npm run test:unit', 'npm run package', 'node scripts/checkPackage.mjs']); // prettier-ignore
  });
  it('use a Node that the project supports', () => {
    const node = steps.find(({ uses }) => uses?.startsWith('actions/setup-node'))?.with?.['node-version'];
    expect(Number(node)).toBeGreaterThanOrEqual(Number(/\d+/.exec(manifest.engines.node)?.[0]));
  });
  it('keep the file that was written', () => {
    const written = /--out (\S+)/.exec(runs.join('\n').replaceAll('${{ matrix.target }}', 'TARGET'))?.[1];
    const kept = String(steps.at(-1)?.with?.['path']).replaceAll('${{ matrix.target }}', 'TARGET');
    expect(kept).toBe(written);
  });
});

it('what was never tried is said', () => expect(text).toMatch(/nobody has run it yet/));
