/**
 * The command line and environment with which the editor starts the MCP server. Many clients run reading tools unasked, so stored values are
 * given only where a permission says so: without one, databases show their schema.
 */
import { type Settings } from '../../platform/generatedIds.js';

type McpSettings = Pick<Settings, 'modelMaySee' | 'model' | 'modelFolder' | 'gpu' | 'threads' | 'candidates'>;

export interface McpPlaces {
  /** The bundled command line. */
  readonly program: string;
  /** Folders of the workspace on this machine, absolute. */
  readonly folders: readonly string[];
  /** What answers instead of the model as it was fetched: an id, a path or `none`. */
  readonly adapter: string | undefined;
}

export interface McpLaunch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function mcpLaunch({ program, folders, adapter }: McpPlaces, settings: McpSettings): McpLaunch {
  const { model, modelFolder, gpu, threads, candidates, modelMaySee } = settings;
  return {
    args: [
      program,
      'mcp',
      ...['--folder', ...folders],
      ...['--candidates', String(candidates), '--threads', String(threads), '--gpu', gpu],
      ...(model === '' ? [] : ['--model', model]),
      ...(adapter === undefined ? [] : ['--adapter', adapter]),
    ],
    env: {
      // The editor's own program runs it: as Node, not as a second editor.
      ELECTRON_RUN_AS_NODE: '1',
      JOINERY_MAY_SEE: JSON.stringify({ '*': 'schema', ...modelMaySee }),
      ...(modelFolder === '' ? {} : { JOINERY_MODEL_DIR: modelFolder }),
    },
  };
}
