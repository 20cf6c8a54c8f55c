/** The graph page in a browser with the real layout behind it: no database, no editor. */
import { firstDetail, type GraphDetail } from '../../src/core/presentation/graphBoxes.js';
import { graphInNumbers } from '../../src/core/presentation/graphInNumbers.js';
import { type GraphDatabase } from '../../src/core/presentation/graphModel.js';
import { graphSentences } from '../../src/engine/words/graphSentences.js';
import { layoutSchema } from '../../src/layout/layoutSchema.js';
import { type FromGraphPage, type MovedTables, readGraphPageMessage, type ToGraphPage } from '../../src/protocol/graphPage.js';
import { type OpenedPage, openPage } from './openPage.js';
import { type ThemeName } from './pageThemes.js';

export interface GraphHarness extends OpenedPage {
  /** What the page asked for, the answered ones included. */
  readonly asked: readonly FromGraphPage[];
  /** Sends the graph anew, perhaps with other databases. */
  sendGraph(databases?: readonly GraphDatabase[], failures?: readonly string[]): Promise<void>;
  /** Waits until the page asked for something of this type after the first `seen` messages. */
  waitFor<Type extends FromGraphPage['type']>(type: Type): Promise<Extract<FromGraphPage, { readonly type: Type }>>;
}

export interface GraphHarnessOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly moved?: MovedTables;
}

/** Colours that only this page uses. */
const colours: Readonly<Record<ThemeName, Readonly<Record<string, string>>>> = {
  dark: palette('#cccccc', '#202020', '#454545', '#3794ff', '#89d185', '#b180d7', '#cca700', '#d18616'),
  light: palette('#3b3b3b', '#f8f8f8', '#c8c8c8', '#0063d3', '#388a34', '#652d90', '#855f00', '#b45309'),
  highContrast: palette('#ffffff', '#0c141f', '#6fc3df', '#3794ff', '#89d185', '#b180d7', '#cca700', '#d18616'),
};

function palette(
  text: string,
  widget: string,
  border: string,
  blue: string,
  green: string,
  purple: string,
  yellow: string,
  orange: string,
): Readonly<Record<string, string>> {
  // prettier-ignore
  return {
    '--vscode-editor-foreground': text,
    '--vscode-sideBar-foreground': text,
    '--vscode-editorWidget-background': widget,
    '--vscode-editorWidget-border': border,
    '--vscode-charts-blue': blue,
    '--vscode-charts-green': green,
    '--vscode-charts-purple': purple,
    '--vscode-charts-yellow': yellow,
    '--vscode-charts-orange': orange,
    '--vscode-list-hoverBackground': 'rgba(128, 128, 128, 0.15)',
  };
}

export async function openGraph(first: readonly GraphDatabase[], options: GraphHarnessOptions = {}): Promise<GraphHarness> {
  const asked: FromGraphPage[] = [];
  const { theme = 'dark', moved = {}, ...rest } = options;
  let databases = first;
  let failures: readonly string[] = [];
  let detail: GraphDetail | undefined;
  const line: { send?: OpenedPage['send'] } = {};
  const graph = (): ToGraphPage => {
    detail ??= firstDetail(databases.reduce((sum, { tables }) => sum + tables.length, 0));
    const places = layoutSchema(graphInNumbers(databases, detail));
    return { type: 'graph', title: databases[0]?.label ?? '', detail, databases, places, moved, failures };
  };
  const receive = (value: unknown): void => {
    const message = readGraphPageMessage(value);
    if (!message) throw new Error(`not a message: ${JSON.stringify(value)}`);
    asked.push(message);
    if (message.type !== 'ready' && message.type !== 'detail' && message.type !== 'resetPositions') return;
    if ('detail' in message) detail = message.detail;
    void line.send?.(graph());
  };
  const opened = await openPage({
    bundles: ['graph'],
    data: () => ({ words: graphSentences, scope: '' }),
    theme,
    ...rest,
    onMessage: receive,
  });
  const { page } = opened;
  line.send = opened.send;
  await page.evaluate((values) => {
    for (const [name, value] of Object.entries(values)) document.documentElement.style.setProperty(name, value);
  }, colours[theme]);
  // The page was ready before there was anything to send to.
  if (asked.some(({ type }) => type === 'ready')) await opened.send(graph());
  await page.locator('.table-box').first().waitFor({ state: 'attached' });
  const sendGraph = (next: readonly GraphDatabase[] = databases, problems: readonly string[] = []): Promise<void> => {
    [databases, failures] = [next, problems];
    return opened.send(graph());
  };
  const waitFor: GraphHarness['waitFor'] = async (type) => {
    const find = (): FromGraphPage | undefined => asked.findLast((message) => message.type === type);
    for (let left = 100; left > 0 && !find(); left--) await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    const found = find();
    if (!found) throw new Error(`the page never asked for ${type}`);
    return found as Extract<FromGraphPage, { readonly type: typeof type }>;
  };
  return { ...opened, asked, sendGraph, waitFor };
}
