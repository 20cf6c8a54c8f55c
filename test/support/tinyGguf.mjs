/**
 * Writes a minute llama model with random weights (byte-level vocabulary with the ChatML marks) and a LoRA adapter for it:
 * its text is noise, but everything around the model can be tried with it in milliseconds.
 */
import { writeFileSync } from 'node:fs';

const width = 64;
const layers = 2;
const heads = 4;
const kvHeads = 2;
const inner = 128;
const context = 2_048;
const headWidth = width / heads;
const words = [
  'SELECT',
  'FROM',
  'WHERE',
  'GROUP',
  'ORDER',
  'BY',
  'JOIN',
  'ON',
  'AS',
  'AND',
  'select',
  'from',
  'where',
  'count',
  'name',
  'singer',
];
const control = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];

function gaussSource(seed) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(next() || 1e-9)) * Math.cos(2 * Math.PI * next());
}

function vocabulary() {
  const tokens = [];
  let shifted = 256;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    tokens.push(String.fromCharCode(printable ? byte : shifted++));
  }
  const blank = tokens[32];
  const merges = [];
  const merge = (left, right) => {
    merges.push(`${left} ${right}`);
    if (!tokens.includes(left + right)) tokens.push(left + right);
  };
  for (const word of words) {
    let begun = word[0];
    for (const letter of word.slice(1)) {
      merge(begun, letter);
      begun += letter;
    }
    merge(blank, begun);
  }
  const types = tokens.map(() => 1);
  for (const mark of control) {
    tokens.push(mark);
    types.push(3);
  }
  return { tokens, types, merges };
}

class Writer {
  #parts = [];
  raw(bytes) {
    this.#parts.push(bytes);
    return this;
  }
  u32(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.raw(bytes);
  }
  u64(value) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return this.raw(bytes);
  }
  f32(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return this.raw(bytes);
  }
  text(value) {
    const bytes = Buffer.from(value, 'utf8');
    return this.u64(bytes.length).raw(bytes);
  }
  get bytes() {
    return Buffer.concat(this.#parts);
  }
}

const writers = {
  u32: (out, value) => out.u32(4).u32(value),
  f32: (out, value) => out.u32(6).f32(value),
  bool: (out, value) => out.u32(7).raw(Buffer.from([value ? 1 : 0])),
  text: (out, value) => out.u32(8).text(value),
  texts: (out, values) => values.reduce((to, value) => to.text(value), out.u32(9).u32(8).u64(values.length)),
  numbers: (out, values) => values.reduce((to, value) => to.u32(value), out.u32(9).u32(5).u64(values.length)),
};

function padded(bytes) {
  return Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)]);
}

function ggufFile(metadata, tensors) {
  const head = new Writer().raw(Buffer.from('GGUF')).u32(3).u64(tensors.length).u64(metadata.length);
  for (const [key, kind, value] of metadata) writers[kind](head.text(key), value);
  const data = [];
  let offset = 0;
  for (const [name, dimensions, values] of tensors) {
    head.text(name).u32(dimensions.length);
    for (const size of dimensions) head.u64(size);
    head.u32(0).u64(offset);
    const bytes = padded(Buffer.from(values.buffer));
    data.push(bytes);
    offset += bytes.length;
  }
  return Buffer.concat([padded(head.bytes), ...data]);
}

function tensorsOf(gauss, size) {
  const tensor = (name, dimensions, spread) => {
    const length = dimensions.reduce((left, right) => left * right);
    return [name, dimensions, Float32Array.from({ length }, () => (spread === 1 ? 1 : gauss() * spread))];
  };
  const tensors = [tensor('token_embd.weight', [width, size], 0.7)];
  for (let layer = 0; layer < layers; layer++) {
    const name = (part) => `blk.${layer}.${part}.weight`;
    tensors.push(
      tensor(name('attn_norm'), [width], 1),
      tensor(name('attn_q'), [width, width], 0.12),
      tensor(name('attn_k'), [width, kvHeads * headWidth], 0.12),
      tensor(name('attn_v'), [width, kvHeads * headWidth], 0.12),
      tensor(name('attn_output'), [width, width], 0.12),
      tensor(name('ffn_norm'), [width], 1),
      tensor(name('ffn_gate'), [width, inner], 0.12),
      tensor(name('ffn_up'), [width, inner], 0.12),
      tensor(name('ffn_down'), [inner, width], 0.08),
    );
  }
  return { tensor, tensors: [...tensors, tensor('output_norm.weight', [width], 1), tensor('output.weight', [width, size], 0.12)] };
}

/** `architecture` other than llama makes a file that cannot be loaded. */
export function writeTinyModel(file, { seed = 42, architecture = 'llama' } = {}) {
  const { tokens, types, merges } = vocabulary();
  const template = "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>' + '\\n' }}{% endfor %}";
  const endOfTurn = tokens.indexOf('<|im_end|>');
  const metadata = [
    ['general.architecture', 'text', architecture],
    ['general.name', 'text', 'tiny-random'],
    ['general.file_type', 'u32', 0],
    ['general.alignment', 'u32', 32],
    ['llama.context_length', 'u32', context],
    ['llama.embedding_length', 'u32', width],
    ['llama.block_count', 'u32', layers],
    ['llama.feed_forward_length', 'u32', inner],
    ['llama.attention.head_count', 'u32', heads],
    ['llama.attention.head_count_kv', 'u32', kvHeads],
    ['llama.attention.layer_norm_rms_epsilon', 'f32', 1e-5],
    ['llama.rope.dimension_count', 'u32', headWidth],
    ['llama.rope.freq_base', 'f32', 10_000],
    ['llama.vocab_size', 'u32', tokens.length],
    ['tokenizer.ggml.model', 'text', 'gpt2'],
    ['tokenizer.ggml.pre', 'text', 'gpt-2'],
    ['tokenizer.ggml.tokens', 'texts', tokens],
    ['tokenizer.ggml.token_type', 'numbers', types],
    ['tokenizer.ggml.merges', 'texts', merges],
    ['tokenizer.ggml.bos_token_id', 'u32', tokens.indexOf('<|endoftext|>')],
    ['tokenizer.ggml.eos_token_id', 'u32', endOfTurn],
    ['tokenizer.ggml.eot_token_id', 'u32', endOfTurn],
    ['tokenizer.ggml.add_bos_token', 'bool', false],
    ['tokenizer.chat_template', 'text', template],
  ];
  writeFileSync(file, ggufFile(metadata, tensorsOf(gaussSource(seed), tokens.length).tensors));
}

/** A rank-4 adapter; `base` other than the model's width does not fit it. */
export function writeTinyAdapter(file, { base = width } = {}) {
  const { tensor } = tensorsOf(gaussSource(7), 8);
  const rank = 4;
  const tensors = [];
  for (let layer = 0; layer < layers; layer++)
    tensors.push(
      tensor(`blk.${layer}.attn_q.weight.lora_a`, [base, rank], 0.5),
      tensor(`blk.${layer}.attn_q.weight.lora_b`, [rank, base], 0.5),
    );
  const metadata = [
    ['general.architecture', 'text', 'llama'],
    ['general.type', 'text', 'adapter'],
    ['adapter.type', 'text', 'lora'],
    ['adapter.lora.alpha', 'f32', 8],
  ];
  writeFileSync(file, ggufFile(metadata, tensors));
}
