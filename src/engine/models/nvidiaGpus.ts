/** The NVIDIA GPUs that this machine's driver sees, by their names. Asks the driver's own program; contacts nothing. */
import { execFile } from 'node:child_process';

const timeoutMs = 3_000;
/** On Windows the program is on the path; under WSL it may not be. */
const programs = ['nvidia-smi', '/usr/lib/wsl/lib/nvidia-smi'];

/** Empty when there is none, or no driver. `ask` runs a program and resolves to its output, or undefined when it fails. */
export async function nvidiaGpus(ask: (program: string) => Promise<string | undefined> = askDriver): Promise<readonly string[]> {
  for (const program of programs) {
    const names = (await ask(program))?.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    if (names && names.length > 0) return names;
  }
  return [];
}

function askDriver(program: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, ['--query-gpu=name', '--format=csv,noheader'], { timeout: timeoutMs, windowsHide: true }, (error, stdout) =>
      resolve(error ? undefined : stdout),
    );
  });
}
