/**
 * Which files this process has open as databases. POSIX drops every lock of a process on a file when any descriptor of it is closed
 * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_), so whoever only wants to
 * look at a header must not open such a file. The list belongs to the process because the locks do.
 */
const counts = new Map<string, number>();

/** Device and number of a file. */
export function fileIdentity(facts: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${facts.dev}-${facts.ino}`;
}

export function noteOpened(identity: string): void {
  counts.set(identity, (counts.get(identity) ?? 0) + 1);
}

export function noteClosed(identity: string): void {
  const left = (counts.get(identity) ?? 0) - 1;
  if (left > 0) counts.set(identity, left);
  else counts.delete(identity);
}

export function isOpenHere(identity: string): boolean {
  return counts.has(identity);
}
