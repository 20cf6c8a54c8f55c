/** What the manifest promises: trust, a walkthrough that can be completed, pictures that exist, one status bar item. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: { readonly supported: boolean; readonly description: string };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly icon?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly markdown?: string; readonly image?: string };
  readonly completionEvents: readonly string[];
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const words = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const { commands, configuration, views, walkthroughs } = manifest.contributes;
const wordOf = (text: string): string => words[text.replace(/%/g, '')] ?? text;

/** These change what is shown, never what is read, run, sent or kept. */
const harmless = ['inlineSuggestions', 'inlineTimeBudget', 'candidates', 'threads', 'languageSupport', 'diagnostics', 'codeLens', 'regenerateEditedQuestions']; // prettier-ignore

describe('trust', () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  it('is limited', () => expect(supported).toBe('limited'));
  for (const name of Object.keys(configuration.properties))
    it(`${name} is restricted or harmless, and has a scope`, () => {
      expect(harmless.includes(name.replace('joinery.', '')) !== restrictedConfigurations.includes(name)).toBe(true);
      expect(configuration.properties[name]?.scope).toBeDefined();
    });
  it('nothing is restricted that does not exist', () =>
    expect(restrictedConfigurations.filter((name) => !(name in configuration.properties))).toEqual([]));
});

it('virtual workspaces are declared, with the reason', () => {
  const { supported, description } = manifest.capabilities.virtualWorkspaces;
  expect([supported, wordOf(description).length > 10]).toEqual([false, true]);
});

describe('the walkthrough', () => {
  const [steps = []] = walkthroughs.map((walkthrough) => walkthrough.steps);
  const known = new Set(commands.map(({ command }) => command));
  const viewIds = new Set(Object.values(views).flatMap((list) => list.map(({ id }) => id)));
  const contexts = new Set(
    sourcesBelow('src/host').flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'(joinery\.\w+)'/g)].map(([, name = '']) => name)),
  );
  it('has five steps', () => expect(steps).toHaveLength(5));
  for (const { id, description, media, completionEvents } of steps)
    describe(id, () => {
      it('can be completed', () => {
        expect(completionEvents.length).toBeGreaterThan(0);
        for (const event of completionEvents) {
          const [kind = '', name = ''] = event.split(':');
          expect({ onCommand: known, onView: viewIds, onContext: contexts }[kind]?.has(name), event).toBe(true);
        }
      });
      it('has a picture or a text that ships', () => expect(existsSync(wordOf(media.markdown ?? media.image ?? ''))).toBe(true));
      it('has a button for a command that exists', () => {
        const called = [...wordOf(description).matchAll(/\(command:([\w.]+)/g)].map(([, name = '']) => name);
        expect(called.length).toBeGreaterThan(0);
        for (const name of called) expect(known.has(name) || viewIds.has(name.replace(/\.focus$/, '')), name).toBe(true);
      });
    });
});

describe('icons', () => {
  it('of commands belong to the theme, so that they are right in light, dark and high contrast', () => {
    for (const { icon } of commands) if (icon !== undefined) expect(icon).toMatch(/^\$\([\w-]+\)$/);
  });
  for (const theme of ['light', 'dark'])
    it(`of the page of answers, ${theme}`, () => expect(existsSync(`media/icons/answers-${theme}.svg`)).toBe(true));
});

it('there is one status bar item', () => {
  const makers = sourcesBelow('src/host').filter((file) => readFileSync(file, 'utf8').includes('createStatusBarItem'));
  expect(makers).toEqual(['src/host/features/statusBar/registerStatusBar.ts']);
});

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map((name) => `${folder}/${String(name)}`).filter((name) => name.endsWith('.ts')); // prettier-ignore
}
