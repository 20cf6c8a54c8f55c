/** JSON for machines: integers beyond 2^53 become strings, blobs `{"blob": "<hex>"}`; nothing is rounded. */

export function jsonText(value: unknown): string {
  return JSON.stringify(value, exactly, 2);
}

function exactly(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint')
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  if (value instanceof Uint8Array) return { blob: hex(value) };
  if (isSerialisedBuffer(value)) return { blob: hex(Uint8Array.from(value.data)) };
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}

/** A Node buffer turns itself into this before the replacer sees it. */
function isSerialisedBuffer(value: unknown): value is { data: number[] } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    value.type === 'Buffer' &&
    'data' in value &&
    Array.isArray(value.data)
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
