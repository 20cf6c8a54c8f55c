/** Entry point of the results page: connects it to the extension. */
import { type FromPage } from '../../protocol/resultsPage.js';
import { type ResultsWords } from '../../protocol/resultsWords.js';
import { type DrawChart } from '../shared/chartRequest.js';
import { connectHost, pageData } from '../shared/connectHost.js';
import { landFocusOn } from '../shared/landFocus.js';
import { type PageMemory } from './pageMemory.js';
import { ResultsPage } from './resultsPage.js';
import './results.css';

interface PageData {
  readonly words: ResultsWords;
  /** Where the bundle that draws charts lies. */
  readonly charts: string;
}

const { words, charts } = pageData<PageData>();
const host = connectHost<FromPage, PageMemory>((message) => page.receive(message));
const page = new ResultsPage(document.body, words, host, () => loadCharts(charts));
landFocusOn(() => page.main);
host.post({ type: 'ready' });

let loading: Promise<DrawChart> | undefined;

/** Once; a failed load can be tried again. */
function loadCharts(uri: string): Promise<DrawChart> {
  loading ??= new Promise<DrawChart>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = uri;
    script.nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
    script.addEventListener('load', () => {
      if (window.joineryDrawChart) resolve(window.joineryDrawChart);
      else reject(new Error('the charts did not start'));
    });
    script.addEventListener('error', () => {
      loading = undefined;
      reject(new Error('the charts could not be loaded'));
    });
    document.head.append(script);
  });
  return loading;
}
