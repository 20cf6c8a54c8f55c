/** Keys of team's servers, by address, in the secret storage of the editor and nowhere else. It knows nothing of what they are for. */

/** The secret storage as far as it is needed. */
export interface SecretStore {
  get(name: string): PromiseLike<string | undefined>;
  store(name: string, secret: string): PromiseLike<void>;
  delete(name: string): PromiseLike<void>;
}

const prefix = 'joinery.serverKey:';

export class ServerKeys {
  constructor(private readonly secrets: SecretStore) {}

  async get(url: string): Promise<string | undefined> {
    return this.secrets.get(prefix + url);
  }

  /** An empty key is none: the one that was there is forgotten. */
  async set(url: string, key: string): Promise<void> {
    if (key === '') await this.secrets.delete(prefix + url);
    else await this.secrets.store(prefix + url, key);
  }

  /** Whether a secret of this name is a server's key. */
  isKey(name: string): boolean {
    return name.startsWith(prefix);
  }
}
