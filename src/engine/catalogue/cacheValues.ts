/** Database values in JSON without loss: big integers, bytes and infinite numbers are written as marked objects. */

/** A replacer for `JSON.stringify`. */
export function encodeValues(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $integer: String(value) };
  if (value instanceof Uint8Array) return { $bytes: toHex(value) };
  if (typeof value === 'number' && !Number.isFinite(value)) return { $real: String(value) };
  // Buffers turn themselves into this form before a replacer sees them.
  if (isRecord(value) && value['type'] === 'Buffer' && Array.isArray(value['data']))
    return { $bytes: toHex(Uint8Array.from(value['data'] as number[])) };
  return value;
}

/** A reviver for `JSON.parse`. */
export function decodeValues(_key: string, value: unknown): unknown {
  if (!isRecord(value) || Object.keys(value).length !== 1) return value;
  if (typeof value['$integer'] === 'string') return BigInt(value['$integer']);
  if (typeof value['$bytes'] === 'string') return Uint8Array.from(Buffer.from(value['$bytes'], 'hex'));
  if (typeof value['$real'] === 'string') return Number(value['$real']);
  return value;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
