"""A minute llama, as transformers has it and as the GGUF file that llama.cpp reads. Imported by tests that need torch and gguf only."""

from __future__ import annotations

from pathlib import Path

import gguf
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from joinery_trainer.export.gguf_lora import rotated_rows
from tests.torch_models import minute_tokenizer

#: A token of two others, which readers of byte-pair vocabularies expect to find.
PAIR = "\u0100\u0100"
#: Fewer heads for the keys than for the queries: an order that is right for one is wrong for the other.
HEADS, KV_HEADS = 4, 2


def minute_llama(seed: int = 0) -> LlamaForCausalLM:
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=260,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=HEADS,
        num_key_value_heads=KV_HEADS,
        max_position_embeddings=512,
        rms_norm_eps=1e-5,
        tie_word_embeddings=False,
        # Strong enough for the order of the rows to be seen in what the model says.
        initializer_range=0.3,
    )
    return LlamaForCausalLM(config).eval()


def write_gguf(model: LlamaForCausalLM, file: Path, *, extra: dict[str, torch.Tensor] | None = None) -> Path:
    """Write the model as llama.cpp's own conversion does."""
    config = model.config
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    _add_tokenizer(writer)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for name, tensor in model.state_dict().items():
        stem, _, end = name.rpartition(".")
        heads = {"q_proj": HEADS, "k_proj": KV_HEADS}.get(stem.rpartition(".")[2])
        values = tensor.float().numpy()
        writer.add_tensor(f"{names.get_name(stem)}.{end}", rotated_rows(values, heads) if heads else values)
    for name, tensor in (extra or {}).items():
        writer.add_tensor(name, tensor.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def _add_tokenizer(writer: gguf.GGUFWriter) -> None:
    tokenizer = minute_tokenizer()
    tokens = [*tokenizer.convert_ids_to_tokens(range(len(tokenizer))), PAIR]
    special = set(tokenizer.all_special_ids)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if at in special else gguf.TokenType.NORMAL for at in range(len(tokens))])
    writer.add_token_merges([" ".join(PAIR)])
    writer.add_eos_token_id(int(tokenizer.eos_token_id))
    writer.add_pad_token_id(int(tokenizer.pad_token_id))
    writer.add_add_bos_token(False)
