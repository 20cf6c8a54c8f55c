/**
 * Which build of torch fits this machine, as arguments for an installer, tried in order. The public index serves the build for CUDA to Linux
 * whether there is a GPU or not, gigabytes of it; torch's own index has the others. An index of the user's own, such as a company's mirror, is
 * never passed by.
 */
export const torchVersion = '2.13.0';
const torchIndex = 'https://download.pytorch.org/whl';

export interface TorchMachine {
  readonly platform: NodeJS.Platform;
  /** Names of the NVIDIA GPUs that the driver sees. */
  readonly gpus: readonly string[];
  /** Address of the index that pip was told to use; absent when it was told none. */
  readonly ownIndex?: string;
}

export interface TorchBuild {
  readonly device: 'cpu' | 'cuda';
  readonly args: readonly string[];
}

export function torchBuilds({ platform, gpus, ownIndex }: TorchMachine): readonly [TorchBuild, ...TorchBuild[]] {
  const device = gpus.length > 0 && platform !== 'darwin' ? 'cuda' : 'cpu';
  const package_ = `torch==${torchVersion}`;
  const plain: TorchBuild = { device, args: [package_] };
  const from = (folder: string): TorchBuild => ({ device, args: [package_, '--index-url', `${torchIndex}/${folder}`] });
  if (ownIndex !== undefined || platform === 'darwin') return [plain];
  if (device === 'cpu') return platform === 'linux' ? [from('cpu'), plain] : [plain];
  // On Linux the public index has the build for CUDA; on Windows it has the one for the processor.
  return platform === 'linux' ? [plain, from('cu130')] : [from('cu130'), from('cu126')];
}
