/** Which request goes first. The model process orders its queue by it, and the engine tells by it whose turn it was when the process died. */
import { type GenerateParams } from './modelProcess.js';

export type Priority = GenerateParams['priority'];

/** Higher goes first; equals go in order of arrival. */
export const urgency: Readonly<Record<Priority, number>> = { typing: 2, interactive: 1, batch: 0 };
