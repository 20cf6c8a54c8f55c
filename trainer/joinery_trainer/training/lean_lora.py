"""
LoRA on a frozen linear map without detours. PEFT computes the adapter's part in float32 and adds it in three passes over the output, which on a CPU
costs more than the products themselves; here it is added inside one product, in the base's numbers, and nothing but the input and r numbers a
token is kept for the way back. Weights of the adapter and their gradients stay float32.

y = x Wᵀ + b + s (x Aᵀ) Bᵀ (Hu et al. 2021, https://arxiv.org/abs/2106.09685), x [..., in], W [out, in], A [r, in], B [out, r].
"""

from __future__ import annotations

from typing import Any

import torch
from peft.tuners.lora.layer import Linear
from torch import Tensor, nn
from torch.nn import functional


class _Lean(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor | None, a: Tensor, b: Tensor, scale: float) -> Tensor:  # noqa: ANN401 - torch's own
        flat = x.reshape(-1, x.shape[-1])
        down, up = a.to(x.dtype), (b * scale).to(x.dtype)
        low = flat @ down.T
        result = functional.linear(flat, weight, bias).addmm_(low, up.T)
        ctx.save_for_backward(flat, weight, down, up, low)
        ctx.scale, ctx.shape = scale, x.shape
        return result.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401 - torch's own
        flat, weight, down, up, low = ctx.saved_tensors
        gradient = gradients[0].reshape(-1, weight.shape[0])
        back = gradient @ up
        for_input = (gradient @ weight).addmm_(back, down).view(ctx.shape) if ctx.needs_input_grad[0] else None
        return for_input, None, None, (back.T @ flat).float(), (gradient.T @ low).float() * ctx.scale, None


class LeanLinear(Linear):
    """PEFT's layer for `nn.Linear`; whatever is not plain LoRA with one active adapter, it computes as PEFT does."""

    def forward(self, x: Tensor, *args: Any, **kwargs: Any) -> Tensor:  # noqa: ANN401 - as the library declares it
        """Return y [..., out] for x [..., in]."""
        active = [name for name in self.active_adapters if name in self.lora_A]
        base = self.get_base_layer()
        plain = not (args or kwargs or self.disable_adapters or self.merged or self.lora_variant) and type(base) is nn.Linear
        if not plain or len(active) != 1 or not isinstance(self.lora_dropout[active[0]], nn.Identity):
            return super().forward(x, *args, **kwargs)
        name = active[0]
        return _Lean.apply(x, base.weight, base.bias, self.lora_A[name].weight, self.lora_B[name].weight, self.scaling[name])


def make_lean(model: nn.Module) -> None:
    """Have every LoRA layer of a model computed so."""
    for module in model.modules():
        # The class alone changes: names, weights and everything that PEFT keeps in the layer stay.
        if type(module) is Linear:
            module.__class__ = LeanLinear
