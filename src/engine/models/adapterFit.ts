/**
 * Whether a LoRA adapter belongs to a base model, decided from the headers of both files: same architecture, and every
 * pair of matrices has the shape of the tensor that it changes.
 */
import { type GgufHeader } from './readGgufHeader.js';

export type AdapterProblem = 'notAnAdapter' | 'architecture' | 'tensors' | 'shape' | 'base';

export function isAdapter(header: GgufHeader): boolean {
  return header.metadata.get('general.type') === 'adapter';
}

/** The version of the prompts that an adapter was trained on, as its file says it. */
export function writtenPromptVersion(adapter: GgufHeader): string | undefined {
  const version = adapter.metadata.get('joinery.prompt.version');
  return typeof version === 'string' ? version : undefined;
}

/**
 * Undefined when it fits. `baseSha256` is compared when the adapter names the sum of its base under `joinery.base.sha256`:
 * two models of equal shape have different weights all the same.
 */
export function adapterProblem(adapter: GgufHeader, base: GgufHeader, baseSha256?: string): AdapterProblem | undefined {
  if (!isAdapter(adapter) || adapter.metadata.get('adapter.type') !== 'lora') return 'notAnAdapter';
  if (adapter.metadata.get('general.architecture') !== base.metadata.get('general.architecture')) return 'architecture';
  const named = adapter.metadata.get('joinery.base.sha256');
  if (named !== undefined && baseSha256 !== undefined && named !== baseSha256) return 'base';
  return shapeProblem(adapter, base);
}

function shapeProblem(adapter: GgufHeader, base: GgufHeader): AdapterProblem | undefined {
  const shapes = new Map(base.tensors.map(({ name, dimensions }) => [name, dimensions]));
  const pairs = adapter.tensors.filter(({ name }) => /\.lora_[ab]$/.test(name));
  if (pairs.length === 0) return 'notAnAdapter';
  for (const { name, dimensions } of pairs) {
    const shape = shapes.get(name.replace(/\.lora_[ab]$/, ''));
    if (!shape) return 'tensors';
    // lora_a maps the tensor's input to the rank, lora_b the rank to its output.
    const fits = name.endsWith('a') ? dimensions[0] === shape[0] : dimensions[1] === shape[1];
    if (!fits) return 'shape';
  }
  return undefined;
}
