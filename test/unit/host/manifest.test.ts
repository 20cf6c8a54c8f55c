/** What the manifest promises: trust, a walkthrough that can be completed, pictures that exist, one status bar item. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: { readonly supported: boolean; readonly description: string };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly icon?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon?: string }[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
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
const { commands, configuration, views, viewsContainers, viewsWelcome, walkthroughs } = manifest.contributes;
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

it('runs where the workspace is, in remote windows too', () => expect(manifest.extensionKind).toEqual(['workspace']));

describe('an empty view', () => {
  const ids = new Set(Object.values(views).flatMap((list) => list.map(({ id }) => id)));
  const known = new Set(commands.map(({ command }) => command));
  const welcomes = viewsWelcome.map(({ view, contents, when = 'always' }) => ({ view, when, text: wordOf(contents) }));

  // The plan's view is there with a plan only.
  it.each([...ids].filter((id) => id !== 'joinery.queryPlan'))('%s has words of welcome', (id) => {
    expect(welcomes.filter(({ view }) => view === id)).not.toEqual([]);
  });
  it.each(welcomes)('$view, $when: says something, and its buttons do', ({ view, text }) => {
    expect(ids.has(view)).toBe(true);
    expect(text.length).toBeGreaterThan(20);
    for (const [, name = ''] of text.matchAll(/\(command:([\w.]+)/g))
      expect(known.has(name) || name.startsWith('workbench.'), name).toBe(true);
  });
  it('of databases has other words without a folder', () => {
    expect(welcomes.filter(({ view }) => view === 'joinery.schema').map(({ when }) => when)).toEqual(['workspaceFolderCount != 0', 'workspaceFolderCount == 0']); // prettier-ignore
  });
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
  it('of containers and views are pictures that ship, or belong to the theme', () => {
    const icons = [...Object.values(viewsContainers).flat(), ...Object.values(views).flat()].flatMap(({ icon }) => icon ?? []);
    expect(icons.length).toBeGreaterThan(2);
    for (const icon of icons) expect(/^\$\([\w-]+\)$/.test(icon) || existsSync(icon), icon).toBe(true);
  });
  const pages = sourcesBelow('src/host').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/createWebviewPanel\(/g)].map(() => file),
  );
  it('of pages: each page has one', () => {
    const named = sourcesBelow('src/host/features').flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/pageIcon\([\w.]+, '(\w+)'\)/g)].map(([, name = '']) => name)); // prettier-ignore
    expect(named.sort()).toEqual(['answers', 'graph', 'results', 'training']);
    expect(pages).toHaveLength(named.length);
    for (const name of named) for (const theme of ['light', 'dark']) expect(existsSync(`media/icons/${name}-${theme}.svg`)).toBe(true);
  });
});

it('there is one status bar item', () => {
  const makers = sourcesBelow('src/host').filter((file) => readFileSync(file, 'utf8').includes('createStatusBarItem'));
  expect(makers).toEqual(['src/host/features/statusBar/registerStatusBar.ts']);
});

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map((name) => `${folder}/${String(name)}`).filter((name) => name.endsWith('.ts')); // prettier-ignore
}
