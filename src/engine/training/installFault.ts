/** What went wrong when an installer failed, read from what pip and uv say. Anything unknown keeps its own words. */
import { JoineryError } from '../../core/shared/errors.js';
import { type ProgramEnd } from './runProgram.js';

const diskFull = /no space left on device|not enough space on the disk|disk quota exceeded|errno 28|os error 28|enospc/i;
const noNetwork =
  /name resolution|getaddrinfo|could not resolve|failed to resolve|dns error|network is unreachable|connection (?:refused|reset|aborted|timed out)|connecttimeout|readtimeout|max retries exceeded|failed to establish a new connection|error sending request|proxyerror|failed to fetch|request failed after/i;
const fault = /^(?:error|fatal|\s*[×x]|.*error:)/i;
const longest = 300;

/** `training.diskFull`, `training.noNetwork` or `training.environmentFailed`, with the line that says most. */
export function installFault({ said, status }: ProgramEnd, folder: string): JoineryError {
  const text = said.join('\n');
  if (diskFull.test(text)) return new JoineryError('training.diskFull', { folder });
  const network = said.find((line) => noNetwork.test(line));
  if (network !== undefined) return new JoineryError('training.noNetwork', { detail: network.trim().slice(0, longest) });
  const line = said.findLast((candidate) => fault.test(candidate)) ?? said.at(-1) ?? `exit status ${status}`;
  return new JoineryError('training.environmentFailed', { detail: line.trim().slice(0, longest) });
}
