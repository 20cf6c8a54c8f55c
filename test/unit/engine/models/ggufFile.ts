/** Writes the header of a GGUF file for tests. */

export type TestValue = { readonly type: number; readonly bytes: Buffer };

const u32 = (value: number): Buffer => Buffer.from(Uint32Array.of(value).buffer);
const u64 = (value: number): Buffer => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

export const stringValue = (value: string): TestValue => ({ type: 8, bytes: text(value) });
export const u32Value = (value: number): TestValue => ({ type: 4, bytes: u32(value) });
export const floatValue = (value: number): TestValue => ({ type: 6, bytes: Buffer.from(Float32Array.of(value).buffer) });
export const boolValue = (value: boolean): TestValue => ({ type: 7, bytes: Buffer.of(value ? 1 : 0) });
export const u64Value = (value: number): TestValue => ({ type: 10, bytes: u64(value) });
export const stringsValue = (values: readonly string[]): TestValue => ({
  type: 9,
  bytes: Buffer.concat([u32(8), u64(values.length), ...values.map(text)]),
});
export const numbersValue = (values: readonly number[]): TestValue => ({
  type: 9,
  bytes: Buffer.concat([u32(4), u64(values.length), ...values.map(u32)]),
});

export interface TestGguf {
  readonly metadata: Readonly<Record<string, TestValue>>;
  readonly tensors?: Readonly<Record<string, readonly number[]>>;
  readonly version?: number;
}

export function ggufBytes({ metadata, tensors = {}, version = 3 }: TestGguf): Buffer {
  const pairs = Object.entries(metadata).flatMap(([key, value]) => [text(key), u32(value.type), value.bytes]);
  const infos = Object.entries(tensors).flatMap(([name, shape]) => [text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(0)]);
  const counts = [u64(Object.keys(tensors).length), u64(Object.keys(metadata).length)];
  return Buffer.concat([Buffer.from('GGUF'), u32(version), ...counts, ...pairs, ...infos]);
}

/** A model of two tensors. */
export function modelBytes(architecture = 'qwen2', width = 8): Buffer {
  return ggufBytes({
    metadata: { 'general.architecture': stringValue(architecture), 'tokenizer.ggml.tokens': stringsValue(['a', 'b', 'ü']) },
    tensors: { 'blk.0.attn_q.weight': [width, width], 'blk.0.ffn_up.weight': [width, 3 * width] },
  });
}

export interface AdapterChange {
  readonly architecture?: string;
  readonly width?: number;
  readonly tensor?: string;
  readonly base?: string;
  readonly promptVersion?: string;
}

/** A LoRA adapter of rank 2 on one tensor of `modelBytes`. */
export function adapterBytes(change: AdapterChange = {}): Buffer {
  const { architecture = 'qwen2', width = 8, tensor = 'blk.0.ffn_up.weight', base, promptVersion } = change;
  return ggufBytes({
    metadata: {
      'general.architecture': stringValue(architecture),
      'general.type': stringValue('adapter'),
      'adapter.type': stringValue('lora'),
      ...(base === undefined ? {} : { 'joinery.base.sha256': stringValue(base) }),
      ...(promptVersion === undefined ? {} : { 'joinery.prompt.version': stringValue(promptVersion) }),
    },
    tensors: { [`${tensor}.lora_a`]: [width, 2], [`${tensor}.lora_b`]: [2, 3 * width] },
  });
}
