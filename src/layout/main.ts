/** The thread that lays out schema graphs: one answer per request, in order. Started as a file; ends with whoever started it. */
import { parentPort } from 'node:worker_threads';
import { type LayoutAnswer, type LayoutRequest } from '../protocol/layoutThread.js';
import { layoutSchema } from './layoutSchema.js';

parentPort?.on('message', (request: LayoutRequest) => {
  const answer: LayoutAnswer = { id: request.id, places: layoutSchema(request) };
  parentPort?.postMessage(answer);
});
