"""The reward profiles by name. Recipes choose among them; nothing else is known here."""

from __future__ import annotations

from joinery_trainer.rewards.dense import DenseReward
from joinery_trainer.rewards.profile import RewardProfile
from joinery_trainer.rewards.seq2sql import Seq2SqlReward
from joinery_trainer.rewards.sparse import SparseReward
from joinery_trainer.rewards.sqlr1 import SqlR1Reward

PROFILES: dict[str, type[RewardProfile]] = {
    "sqlr1": SqlR1Reward,
    "seq2sql": Seq2SqlReward,
    "sparse": SparseReward,
    "dense": DenseReward,
}
