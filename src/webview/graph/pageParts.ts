/** The pieces that the page is made of, for those who work with all of them. */
import { type DetailsPanel } from './detailsPanel.js';
import { type GraphView } from './graphView.js';
import { type Minimap } from './minimap.js';
import { type PathBar } from './pathBar.js';
import { type TableView } from './tableView.js';
import { type Toolbar } from './toolbar.js';

export interface PageParts {
  readonly root: HTMLElement;
  readonly toolbar: Toolbar;
  readonly pathBar: PathBar;
  readonly view: GraphView;
  readonly minimap: Minimap;
  readonly details: DetailsPanel;
  readonly tableView: TableView;
  /** To a screen reader only. */
  say(text: string): void;
  /** In sight and read out; empty clears it. */
  setNotice(text: string): void;
}
