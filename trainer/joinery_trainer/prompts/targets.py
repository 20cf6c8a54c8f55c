"""
What the model should write for a pair, by the target of its prompts: the statement (`sql`), the statement without FROM and JOIN, which `joinery
export` has written already (`ir`), or a plan of numbered questions and the statement behind it in a fence (`think`). Imports without torch.
"""

from __future__ import annotations

from joinery_trainer.decompose.plan import plan_of
from joinery_trainer.prompts.exported import ANSWER_END, PromptPair, Target, Tokenizer, encode_answer

#: Tokens of a plan at most; a longer one is said shortly, and one that is still too long is none.
PLAN_TOKENS = 120
#: What stands between a plan and its statement. The product's grammar and its reading of answers expect just this.
FENCE = "\n```sql\n"


def encode_target(tokenizer: Tokenizer, pair: PromptPair, target: Target) -> list[int] | None:
    """Return the tokens that the model should write for a pair, its end included; None when no plan can be made of it in ``PLAN_TOKENS``."""
    if target != "think":
        return encode_answer(tokenizer, pair.sql)
    for short in (False, True):
        plan = plan_of(pair.sql, short=short)
        if plan and len(_tokens(tokenizer, plan)) <= PLAN_TOKENS:
            return _tokens(tokenizer, f"{plan}{FENCE}{pair.sql}{ANSWER_END}")
    return None


def _tokens(tokenizer: Tokenizer, text: str) -> list[int]:
    return tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True)
