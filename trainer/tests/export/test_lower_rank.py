from __future__ import annotations

import pytest

np = pytest.importorskip("numpy", reason="numpy is not installed: the export of adapters needs it", exc_type=ImportError)

from joinery_trainer.export.lower_rank import lower_rank  # noqa: E402

NAME = "base_model.model.model.layers.0.mlp.up_proj.lora_{}.weight"


def adapter(rank: int, true_rank: int) -> dict[str, object]:
    """Return an adapter of ``rank`` whose update has ``true_rank``."""
    chance = np.random.default_rng(1)
    up = chance.normal(size=(24, true_rank)) @ chance.normal(size=(true_rank, rank))
    return {NAME.format("A"): chance.normal(size=(rank, 40)).astype(np.float32), NAME.format("B"): up.astype(np.float32)}


def update(weights: dict[str, object], alpha: float = 32) -> object:
    up, down = weights[NAME.format("B")], weights[NAME.format("A")]
    return alpha / up.shape[1] * (up @ down)


def test_an_update_of_that_rank_stays_what_it_is() -> None:
    weights = adapter(16, 5)
    cut, kept = lower_rank(weights, 5)
    assert cut[NAME.format("A")].shape == (5, 40) and cut[NAME.format("B")].shape == (24, 5)
    np.testing.assert_allclose(update(cut), update(weights), rtol=1e-3, atol=1e-3 * np.abs(update(weights)).max())
    assert kept == pytest.approx(1)


def test_what_is_kept_is_the_share_of_the_largest_singular_values() -> None:
    weights = adapter(16, 16)
    cut, kept = lower_rank(weights, 6)
    values = np.linalg.svd(update(weights), compute_uv=False)
    assert kept == pytest.approx((values[:6] ** 2).sum() / (values**2).sum(), rel=1e-4)
    lost = np.linalg.norm(update(cut) - update(weights)) ** 2
    assert lost == pytest.approx((values[6:] ** 2).sum(), rel=1e-3)


def test_a_low_rank_stays() -> None:
    weights = adapter(4, 4)
    cut, kept = lower_rank(weights, 8)
    assert all(np.array_equal(cut[name], tensor) for name, tensor in weights.items()) and kept == 1
