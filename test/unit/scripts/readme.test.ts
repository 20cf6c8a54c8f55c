/** What the README shows is there: pictures of every part, files that it links to, commands of the palette under the names that they have. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const manifest = readFileSync('package.json', 'utf8');
const words = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const links = [...readme.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target).filter((target) => !target.includes(':'));

describe('links', () => {
  it.each([...new Set(links)])('%s', (target) => expect(existsSync(target)).toBe(true));
});

describe('pictures', () => {
  it.each([
    'ask.gif',
    'tree-hover.png',
    'schema-graph.png',
    'results.png',
    'million-rows.png',
    'write-preview.png',
    'query-plan.png',
    'walkthrough.png',
    'why.png',
  ])('of %s', (name) => expect(links).toContain(`media/screenshots/${name}`));
  it('are all shown somewhere', () => {
    const shown = readdirSync('media/screenshots').filter((name) => readme.includes(name) || manifest.includes(name));
    expect(shown).toEqual(readdirSync('media/screenshots'));
  });
  it('each have words for those who do not see them', () => {
    for (const [, text = ''] of readme.matchAll(/!\[([^\]]*)\]/g)) expect(text.length).toBeGreaterThan(15);
  });
});

describe('commands', () => {
  const titles = new Set(Object.entries(words).flatMap(([key, title]) => (key.startsWith('command.') ? [title] : [])));
  it.each([...new Set([...readme.matchAll(/`Joinery: ([^`]+)`/g)].map(([, title = '']) => title))])('Joinery: %s', (title) => {
    expect([...titles]).toContain(title);
  });
});
