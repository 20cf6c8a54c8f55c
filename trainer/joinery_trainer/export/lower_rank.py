"""
An adapter of a lower rank that changes the base as nearly the same as can be: what a rank learns is seldom spread evenly, and a file has a size to
keep. Imports without torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = Mapping[str, NDArray[Any]]


def lower_rank(weights: Weights, rank: int) -> tuple[dict[str, NDArray[np.float32]], float]:
    """Return PEFT's tensors cut to ``rank``, and the share 0..1 of the updates' squared length that they keep.

    Each update B·A [out, in] becomes the nearest one of that rank (Eckart and Young 1936), its singular values shared evenly between B [out, rank]
    and A [rank, in]. Alpha stays the same. An adapter of that rank or less stays as it is.
    """
    cut: dict[str, NDArray[np.float32]] = {}
    kept = total = 0.0
    for name, up in weights.items():
        if ".lora_B." not in name:
            continue
        down_name = name.replace(".lora_B.", ".lora_A.")
        down = weights[down_name]
        if up.shape[1] <= rank:
            cut[name], cut[down_name] = up.astype(np.float32), down.astype(np.float32)
            continue
        # B·A = Qb·(Rb·Raᵀ)·Qaᵀ: only the small matrix in the middle is taken apart.
        q_up, r_up = np.linalg.qr(up.astype(np.float64))
        q_down, r_down = np.linalg.qr(down.astype(np.float64).T)
        left, values, right = np.linalg.svd(r_up @ r_down.T)
        half = np.sqrt(values[:rank])
        # PEFT scales an update by alpha / rank: with a lower rank the same update is smaller before that.
        scale = np.sqrt(rank / up.shape[1])
        cut[name] = (scale * (q_up @ left[:, :rank]) * half).astype(np.float32)
        cut[down_name] = (scale * ((q_down @ right[:rank].T) * half).T).astype(np.float32)
        kept += float((values[:rank] ** 2).sum())
        total += float((values**2).sum())
    return cut, kept / total if total else 1.0
