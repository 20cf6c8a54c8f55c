export function writeTinyModel(file: string, options?: { readonly seed?: number; readonly architecture?: string }): void;
export function writeTinyAdapter(file: string, options?: { readonly base?: number }): void;
