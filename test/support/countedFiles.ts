/**
 * Stands in for `node:fs/promises` in a bundled program: counts its calls and kills the process by SIGKILL before the call
 * that `JOINERY_KILL_AT` names, from 1. Says at the end how many there were. The rest of the program is the product's own.
 */
import * as real from 'node:fs/promises';

const killAt = Number(process.env['JOINERY_KILL_AT'] ?? 0);
let calls = 0;

function step(): void {
  if (++calls === killAt) process.kill(process.pid, 'SIGKILL');
}

process.once('exit', () => process.stdout.write(`steps ${calls}\n`));

function counted<Args extends readonly unknown[], Result>(run: (...args: Args) => Promise<Result>): (...args: Args) => Promise<Result> {
  return (...args) => {
    step();
    return run(...args);
  };
}

export const mkdir = counted(real.mkdir);
export const readFile = counted(real.readFile);
export const readdir = counted(real.readdir);
export const rename = counted(real.rename);
export const rm = counted(real.rm);
export const stat = counted(real.stat);
export const statfs = counted(real.statfs);
export const truncate = counted(real.truncate);
export const utimes = counted(real.utimes);
export const link = counted(real.link);
export const writeFile = counted(real.writeFile);

/** Each write to an opened file counts as a step, too. */
export async function open(...args: Parameters<typeof real.open>): Promise<real.FileHandle> {
  step();
  const file = await real.open(...args);
  const write = file.write.bind(file) as (...input: unknown[]) => Promise<unknown>;
  const writeAll = file.writeFile.bind(file) as (...input: unknown[]) => Promise<unknown>;
  return Object.assign(file, { write: counted(write), writeFile: counted(writeAll) });
}
