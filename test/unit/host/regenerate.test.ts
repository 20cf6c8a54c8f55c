/** What a regenerated statement replaces. The comment is the first line that contains "ask". */
import { describe, expect, it } from 'vitest';
import { replacementFor } from '../../../src/host/services/replacement.js';
import { documentLanguage } from '../../../src/host/services/documentLanguage.js';

function regenerate(languageId: string, text: string, sql: string, bound = false, above = ''): string {
  const language = documentLanguage(languageId);
  if (!language) throw new Error(languageId);
  const comment = text.lastIndexOf('\n', text.indexOf('ask')) + 1;
  const { start, end, text: written } = replacementFor(text, comment, { language, sql, bound, above });
  return text.slice(0, start) + written + text.slice(end);
}

describe('regenerated SQL', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['-- ask\nSELECT 1;\n', '-- ask\nNEW;\n'],
    ['-- ask\nSELECT 1\n', '-- ask\nNEW;\n'],
    ['-- ask', '-- ask\nNEW;'],
    ['-- ask\n', '-- ask\nNEW;'],
    ['-- ask\n\nSELECT 2;\n', '-- ask\nNEW;\nSELECT 2;\n'],
    ['-- ask\nSELECT 1;\n\n-- other\nSELECT 2;\n', '-- ask\nNEW;\n\n-- other\nSELECT 2;\n'],
    ['-- ask\nSELECT 1\n\nSELECT 2;\n', '-- ask\nNEW;\n\nSELECT 2;\n'],
    ["-- ask\nSELECT ';'\n  -- inside\n  FROM t;\nrest", '-- ask\nNEW;\nrest'],
    ['-- ask\nSELECT (\n\nSELECT 1);\n', '-- ask\nNEW;\n'],
    ['-- ask\n-- other\nSELECT 2;\n', '-- ask\nNEW;\n-- other\nSELECT 2;\n'],
  ];
  for (const [text, wanted] of cases) it(JSON.stringify(text), () => expect(regenerate('sql', text, 'NEW')).toBe(wanted));
});

describe('regenerated literals', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['typescript', '// sql: ask\nconst q = `OLD`;\nrest', '// sql: ask\nconst q = `NEW`;\nrest'],
    ['typescript', '// sql: ask\ndb.all(`OLD \\` x`, [1]);', '// sql: ask\ndb.all(`NEW`, [1]);'],
    ['python', '# sql: ask\nq = """OLD\nOLD"""\n', '# sql: ask\nq = """NEW"""\n'],
    ['go', '// sql: ask\nq := `OLD` + "`" + `x`\n', '// sql: ask\nq := `NEW`\n'],
    ['csharp', '// sql: ask\nvar q = @"OLD ""x""";', '// sql: ask\nvar q = @"NEW";'],
    ['rust', '// sql: ask\nlet q = r#"OLD "x""#;', '// sql: ask\nlet q = r"NEW";'],
    ['java', '// sql: ask\nvar q = "OLD";', '// sql: ask\nvar q = """\n    NEW\n""";'],
    ['typescript', '  // sql: ask\n\nrest', '  // sql: ask\n  const sql = `NEW`;\nrest'],
    ['typescript', '// sql: ask\nlater();\n`OLD`', '// sql: ask\nconst sql = `NEW`;\nlater();\n`OLD`'],
  ];
  for (const [language, text, wanted] of cases)
    it(`${language} ${JSON.stringify(text)}`, () => expect(regenerate(language, text, 'NEW')).toBe(wanted));
});

describe('regenerated with parameters', () => {
  const sql = "SELECT a FROM t WHERE b = 'x'";
  const bound = 'SELECT a FROM t WHERE b = ?';
  const cases: readonly (readonly [string, string])[] = [
    ['// sql: ask\nconst q = `OLD`;\nrest', `// sql: ask\nconst q = \`${bound}\`;\nconst params = ['x'];\nrest`],
    ["// sql: ask\nconst q = `OLD`;\nconst params = ['old'];\nrest", `// sql: ask\nconst q = \`${bound}\`;\nconst params = ['x'];\nrest`],
    ['// sql: ask\ndb.all(`OLD`);', `// sql: ask\ndb.all(\`${bound}\`, ['x']);`],
  ];
  for (const [text, wanted] of cases) it(JSON.stringify(text), () => expect(regenerate('typescript', text, sql, true)).toBe(wanted));
});
