/** Entry point of the graph page: makes its parts, ties them together and to the extension. */
import './graph.css';
import { type FromGraphPage, type GraphPageData, readGraphHostMessage } from '../../protocol/graphPage.js';
import { createAnnouncer } from '../shared/announce.js';
import { connectHost, pageData } from '../shared/connectHost.js';
import { element } from '../shared/element.js';
import { landFocusOn } from '../shared/landFocus.js';
import { fillWords } from '../shared/words.js';
import { DetailsPanel } from './detailsPanel.js';
import { addGestures } from './gestures.js';
import { GraphPage } from './graphPage.js';
import { GraphView } from './graphView.js';
import { makeLegend } from './legend.js';
import { Minimap } from './minimap.js';
import { type PageParts } from './pageParts.js';
import { type PageState, readPageState } from './pageState.js';
import { PathBar } from './pathBar.js';
import { makePicture, pngOf } from './picture.js';
import { addStageKeys } from './stageKeys.js';
import { TableView } from './tableView.js';
import { type ExportFormat, Toolbar } from './toolbar.js';

const { words, scope } = pageData<GraphPageData>();
const host = connectHost<FromGraphPage, PageState>((value) => receive(value));
const state = readPageState(host.state, scope);
const page = new GraphPage(makeParts(), words, host, state);

addGestures(page.view, {
  select: (index) => page.select(index),
  open: (index) => page.open(index),
  drag: (index, dx, dy) => page.drag(index, dx, dy),
  drop: (index) => page.drop(index),
  hover: (index) => page.hover(index),
});
// A panel that opens beside, or a narrower window, must not hide what was chosen.
new ResizeObserver(() => {
  if (page.selected !== undefined) page.view.reveal(page.selected);
}).observe(page.view.stage);
landFocusOn(() => page.main);
host.save(state);
host.post({ type: 'ready', ...(state.detail ? { detail: state.detail } : {}) });

function receive(value: unknown): void {
  const message = readGraphHostMessage(value);
  switch (message?.type) {
    case 'graph':
      return page.setGraph(message);
    case 'focus':
      return page.focusOn(message.focus);
    case 'notice':
      return notice(message.text);
    case undefined:
      return;
  }
}

function notice(text: string): void {
  const status = document.querySelector('.notice');
  if (status) status.textContent = text;
}

function makeParts(): PageParts {
  const stage = element('div', { class: 'stage', tabindex: 0, role: 'application', 'aria-label': `${words.graph}. ${words.keyboardHint}` });
  const view = new GraphView(stage, { spoken: (node) => page.spoken(node), moreColumns: (count) => fillWords(words.moreColumns, { count }) }, () => page.moved()); // prettier-ignore
  const minimap = new Minimap(view, words.minimapHint);
  const toolbar = makeToolbar();
  const pathBar = new PathBar(words, {
    choose: (from, to) => page.choosePathByLabel(from, to),
    next: () => page.nextPath(),
    sql: () => page.pathSql(),
    clear: () => page.clearPath(),
  });
  pathBar.root.hidden = true;
  const details = makeDetails();
  details.root.hidden = true;
  const tableView = new TableView(words, { select: (index) => page.select(index), ddl: (index) => page.open(index) });
  stage.append(minimap.root, makeLegend(words));
  const main = element('main', { class: 'content' }, stage, tableView.root, details.root);
  const root = element('div', { class: 'graph-page loading', 'data-mode': state.mode }, toolbar.root, pathBar.root, main, element('div', { class: 'notice', role: 'status' }, words.loading)); // prettier-ignore
  document.body.append(root);
  addStageKeys(stage, {
    go: (key) => page.go(key),
    pan: (dx, dy) => view.panBy(dx, dy),
    moveTable: (dx, dy) => {
      if (page.selected === undefined) return;
      page.drag(page.selected, dx, dy);
      page.drop(page.selected);
    },
    zoom: (factor) => view.zoomBy(factor),
    fit: () => view.fit(),
    open: () => page.open(),
    search: () => toolbar.search.focus(),
    clear: () => page.clear(),
  });
  return { root, toolbar, pathBar, view, minimap, details, tableView, say: createAnnouncer(root), setNotice: notice };
}

function makeToolbar(): Toolbar {
  return new Toolbar(words, {
    search: (text) => page.search(text),
    nextFound: (step) => page.nextFound(step),
    mode: (mode) => page.setMode(mode),
    detail: (detail) => page.setDetail(detail),
    inferred: (shown) => page.setInferred(shown),
    togglePath: () => page.togglePath(),
    zoom: (factor) => page.view.zoomBy(factor),
    fit: () => page.view.fit(),
    resetPositions: () => host.post({ type: 'resetPositions' }),
    export: (format) => void save(format),
  });
}

function makeDetails(): DetailsPanel {
  return new DetailsPanel(words, {
    close: () => page.select(undefined),
    ddl: (index) => page.open(index),
    goTo: (index) => page.goTo(index),
    around: (index, depth) => page.around(index, depth),
    pathFrom: (index) => page.choosePath(index, undefined),
    pathTo: (index) => page.choosePath(undefined, index),
  });
}

async function save(format: ExportFormat): Promise<void> {
  const { scene, view } = page;
  if (!scene) return;
  const { shown } = view;
  if (format === 'mermaid' || format === 'dbml') {
    const tables = scene.nodes.filter(({ index }) => !shown || shown.has(index)).map(({ index }) => scene.nameOf(index));
    return host.post({ type: 'saveText', format, tables });
  }
  const picture = makePicture(scene, {
    shown,
    hides: (edge) => view.isHidden(edge),
    lit: page.lit,
    colours: view.colours(),
    title: document.title,
    moreColumns: (count) => fillWords(words.moreColumns, { count }),
  });
  if (format === 'svg') return host.post({ type: 'saveSvg', text: picture.svg });
  const base64 = await pngOf(picture);
  if (base64 !== undefined) host.post({ type: 'savePng', base64 });
}
