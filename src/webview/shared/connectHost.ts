/** The page's line to the extension and its memory: messages out and in, state that survives hiding and reloading. */

interface HostApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): HostApi;

export interface HostConnection<Out, State> {
  post(message: Out): void;
  /** What `save` was last given, by whichever version of the page: check before use. */
  readonly state: unknown;
  save(state: State): void;
}

/** Call once per page. The listener checks what it gets: a page may be older than the extension. */
export function connectHost<Out, State>(listener: (message: unknown) => void): HostConnection<Out, State> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data));
  return {
    post: (message) => api.postMessage(message),
    get state() {
      return api.getState();
    },
    save: (state) => api.setState(state),
  };
}

/** What the extension put into the document; the caller knows its shape, for page and document are of one build. */
export function pageData<T>(): T {
  return JSON.parse(document.getElementById('page-data')?.textContent ?? 'null') as T;
}
