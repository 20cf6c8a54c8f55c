/** How many threads compute. Reads the machine only through what it is given. */

export interface ThreadFacts {
  /** Upper bound that was asked for; 0 asks for none. */
  readonly wanted: number;
  /** Physical cores as llama.cpp counts them; 0 when it cannot say. */
  readonly mathCores: number;
  /** Logical processors that this process may use. */
  readonly processors: number;
}

/**
 * Threads that outnumber the cores wait for each other at every matrix. Without a wish one core is left to the editor, the
 * database and whatever else computes, where there are more than two: a second model process stalls the first otherwise.
 */
export function threadCount({ wanted, mathCores, processors }: ThreadFacts): number {
  const cores = Math.max(1, Math.min(mathCores > 0 ? mathCores : processors, processors));
  if (wanted > 0) return Math.min(wanted, Math.max(1, processors));
  return cores > 2 ? cores - 1 : cores;
}
