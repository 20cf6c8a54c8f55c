/** What this machine has of the things that computing on an NVIDIA GPU takes, and what to do next: a code, made into words elsewhere. */
import { type RuntimeFacts } from '../../protocol/modelProcess.js';
import { nvidiaGpus } from './nvidiaGpus.js';
import { type PackListing, type RuntimePacks } from './runtimePacks.js';

/**
 * `noGpu` no NVIDIA GPU is visible; `used` it computes; `fetchPack` the libraries are missing and can be fetched; `noRuntime` NVIDIA's
 * CUDA runtime is missing; `unavailable` there are no libraries for this platform; `failed` all is there and it did not start;
 * `unused` it was not asked for.
 */
export type CudaAdvice = 'noGpu' | 'used' | 'fetchPack' | 'noRuntime' | 'unavailable' | 'failed' | 'unused';

export interface CudaFacts {
  /** Names of the NVIDIA GPUs that the driver sees. */
  readonly gpus: readonly string[];
  /** The pack with the libraries; absent when the catalogue has none. */
  readonly pack?: PackListing;
  readonly advice: CudaAdvice;
}

export const cudaPackId = 'cuda';

/** `runtime` is absent when the model process does not start. */
export async function cudaFacts(packs: RuntimePacks, runtime: RuntimeFacts | undefined, gpus = nvidiaGpus()): Promise<CudaFacts> {
  const names = await gpus;
  const pack = (await packs.list()).find(({ id }) => id === cudaPackId);
  return { gpus: names, ...(pack ? { pack } : {}), advice: adviceOf(names, pack, runtime) };
}

function adviceOf(gpus: readonly string[], pack: PackListing | undefined, runtime: RuntimeFacts | undefined): CudaAdvice {
  if (runtime?.gpu === 'cuda') return 'used';
  if (gpus.length === 0) return 'noGpu';
  const isThere = runtime ? runtime.cudaLibraries !== 'none' : pack?.state === 'ready';
  if (!isThere) return !pack || pack.state === 'unavailable' ? 'unavailable' : 'fetchPack';
  if (runtime && !runtime.cudaReady) return 'noRuntime';
  return runtime?.gpuProblem === undefined ? 'unused' : 'failed';
}
