/** Results of question tests as JUnit XML, the form that CI systems read. Times are given by the caller. */

export interface JunitCase {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped';
  /** Of the failure or error, for people. */
  readonly message: string;
  readonly details: string;
}

export interface JunitSuite {
  /** Path of the question file. */
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

export function junitXml(suites: readonly JunitSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  const body = suites.map(suiteXml).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="joinery" ${counts(all)}>\n${body}${body === '' ? '' : '\n'}</testsuites>\n`;
}

function suiteXml({ name, cases }: JunitSuite): string {
  return [`  <testsuite name="${escapeXml(name)}" ${counts(cases)}>`, ...cases.map((entry) => caseXml(entry, name)), '  </testsuite>'].join(
    '\n',
  );
}

function caseXml({ name, seconds, outcome, message, details }: JunitCase, file: string): string {
  const head = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(file)}" time="${seconds.toFixed(3)}"`;
  if (outcome === 'passed') return `${head}/>`;
  if (outcome === 'skipped') return `${head}><skipped message="${escapeXml(message)}"/></testcase>`;
  const element = outcome === 'failed' ? 'failure' : 'error';
  return `${head}>\n      <${element} message="${escapeXml(message)}">${escapeXml(details)}</${element}>\n    </testcase>`;
}

function counts(cases: readonly JunitCase[]): string {
  const of = (outcome: JunitCase['outcome']): number => cases.filter((entry) => entry.outcome === outcome).length;
  const seconds = cases.reduce((sum, entry) => sum + entry.seconds, 0);
  return `tests="${cases.length}" failures="${of('failed')}" errors="${of('error')}" skipped="${of('skipped')}" time="${seconds.toFixed(3)}"`;
}

/** XML 1.0 has no way to write most control characters: they are replaced. */
function escapeXml(text: string): string {
  return text
    .replace(
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd',
    )
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\n/g, '&#10;');
}
