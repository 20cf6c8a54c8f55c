/** The words of the training page, where the host loads them from when a page is opened: its own bundle does without them. */
import { trainingWords } from '../../protocol/trainingWords.js';

export const trainingSentences = trainingWords;
