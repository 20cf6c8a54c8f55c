/** Milliseconds as the pure rooms see them: passed in, never read. */
export type Clock = () => number;
