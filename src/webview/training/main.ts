/** Entry point of the training page: connects it to the extension. */
import {
  type FromTrainingPage,
  readTrainingHostMessage,
  readTrainingState,
  type TrainingPageData,
  type TrainingState,
} from '../../protocol/trainingPage.js';
import { connectHost, pageData } from '../shared/connectHost.js';
import { TrainingPage } from './trainingPage.js';
import './training.css';

const { words } = pageData<TrainingPageData>();
const host = connectHost<FromTrainingPage, TrainingState>((value) => {
  const message = readTrainingHostMessage(value);
  if (!message) return;
  host.save(message.state);
  page.show(message.state);
});
const page = new TrainingPage(document.body, words, (message) => host.post(message));
const kept = readTrainingState(host.state);
if (kept) page.show(kept);
host.post({ type: 'ready' });
