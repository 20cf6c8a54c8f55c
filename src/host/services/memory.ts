/** The part of VS Code's memory of a workspace that is used here, so that tests need no editor. */
export interface Memory {
  get<T>(key: string, otherwise: T): T;
  update(key: string, value: unknown): Thenable<void>;
}
