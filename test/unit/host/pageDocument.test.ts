import { describe, expect, test } from 'vitest';
import { pageDocument } from '../../../src/host/platform/pageDocument.js';

const parts = {
  nonce: 'n0nce',
  source: 'https://files.example',
  script: 'https://files.example/graph.js?a&b',
  style: 'https://files.example/graph.css',
  language: 'de',
  title: 'A "graph" of <shop>',
  name: 'graph',
  data: { words: { close: 'Schließen' }, hostile: '</script><img src=x onerror=alert(1)><!--' },
};

describe('the document of a page', () => {
  const html = pageDocument(parts);

  test('nothing may be loaded but the named files', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'");
    expect(policy).toBe(
      "default-src 'none'; script-src 'nonce-n0nce'; style-src https://files.example; font-src https://files.example; img-src https://files.example data: blob:",
    );
    expect(html).not.toContain('unsafe');
  });

  test('data stays data', () => {
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain('<img');
    const json = /id="page-data">(.*)<\/script>/.exec(html)?.[1];
    expect(JSON.parse(json ?? '')).toEqual(parts.data);
  });

  test.each([
    ['title', 'A &quot;graph&quot; of &lt;shop&gt;'],
    ['script', 'graph.js?a&amp;b'],
    ['language', '<html lang="de">'],
    ['name', '<body class="page-graph">'],
  ])('%s is escaped', (_part, expected) => {
    expect(html).toContain(expected);
  });

  test('no data is null', () => {
    expect(pageDocument({ ...parts, data: undefined })).toContain('id="page-data">null</script>');
  });
});
