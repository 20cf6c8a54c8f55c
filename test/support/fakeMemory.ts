/** VS Code's memory of a workspace without VS Code: what is kept is copied as JSON, as the editor does. */
import { type Memory } from '../../src/host/services/memory.js';

export function fakeMemory(): Memory {
  const kept = new Map<string, string>();
  return {
    get: <T>(key: string, otherwise: T): T => {
      const text = kept.get(key);
      return text === undefined ? otherwise : (JSON.parse(text) as T);
    },
    update: (key, value) => {
      if (value === undefined) kept.delete(key);
      else kept.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  };
}
