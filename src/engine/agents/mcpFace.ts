/** What the MCP server, a bundle of its own, gets from the program that loads it. */
import { type CancellationToken } from '../../core/shared/cancellation.js';
import { type AgentTools } from './agentTools.js';

export interface McpFace {
  readonly tools: AgentTools;
  readonly version: string;
  /** Ends the server. */
  readonly token: CancellationToken;
  /** Once, when the server listens. */
  readonly onReady?: () => void;
}

/** Speaks MCP over standard input and output until the other side is gone or the token says so. */
export type ServeMcp = (face: McpFace) => Promise<void>;
