"""
What answers earn with one adapter and with another: the same questions, drawn at the temperature that `grpo` learns at. The rewards that a run itself
tells are of other questions at each step, and their difficulty moves them more than what was learnt.

    python bench/rewards.py --base MODELS/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf --data runs/own/prompts.jsonl \
      --before runs/own/adapters/sft.gguf --after runs/own/adapters/grpo.gguf --joinery node ../dist/cli.mjs
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from pathlib import Path
from statistics import mean

from joinery_trainer.prompts.exported import Exported, PromptPair, read_exported
from joinery_trainer.rewards.judge import Judge
from joinery_trainer.rollouts.joinery_sampler import JoinerySampler
from joinery_trainer.rollouts.rewarding import Rewarding
from joinery_trainer.rollouts.sampler import Prompt
from joinery_trainer.sql.workers import WorkerPool

#: Draws of the bootstrap over questions.
_DRAWS = 10_000


def main() -> None:
    """Measure and print one line of JSON."""
    options = _options()
    exported = read_exported([options.data])
    pairs = random.Random(options.seed).sample([pair for pair in exported.pairs if pair.in_grammar], options.questions)
    with tempfile.TemporaryDirectory() as folder, WorkerPool(1) as pool:
        sampler = JoinerySampler(options.joinery, options.base, threads=options.threads, log=Path(folder) / "complete.log")
        rewarding = Rewarding(options.profile, Judge(pool.run))
        found = {name: _earned(options, exported, pairs, sampler, rewarding, getattr(options, name)) for name in ("before", "after")}
        sampler.close()
    result = {
        name: {"reward": round(mean(one[0] for one in each), 4), "right": round(mean(one[1] for one in each), 4)} for name, each in found.items()
    }
    gains = [after[0] - before[0] for before, after in zip(found["before"], found["after"], strict=True)]
    chance = random.Random(options.seed)
    drawn = sorted(mean(chance.choices(gains, k=len(gains))) for _ in range(_DRAWS))
    interval = [round(drawn[round(_DRAWS * share)], 4) for share in (0.025, 0.975)]
    print(json.dumps({**result, "gain": round(mean(gains), 4), "interval": interval, "questions": len(pairs), "answers": options.answers}))


def _earned(
    options: argparse.Namespace, exported: Exported, pairs: list[PromptPair], sampler: JoinerySampler, rewarding: Rewarding, adapter: Path
) -> list[tuple[float, float]]:
    """Return mean reward and share of right answers per question."""
    prompts = [Prompt(pair.id, pair.prefix_key, exported.prefixes[pair.prefix_key], pair.rest) for pair in pairs]
    wish = {"n": options.answers, "temperature": options.temperature, "max_tokens": 160, "seed": options.seed}
    found = []
    for pair, answers in zip(pairs, sampler.sample(prompts, **wish, adapter=adapter), strict=True):
        earned = rewarding.reward(pair, answers, 0)
        found.append((mean(one.reward for one in earned), mean(one.finding == "match" for one in earned)))
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="prompts of `joinery export`")
    parser.add_argument("--before", type=Path, required=True, help="an adapter (GGUF)")
    parser.add_argument("--after", type=Path, required=True, help="another one")
    parser.add_argument("--joinery", nargs="+", default=["joinery"])
    parser.add_argument("--profile", default="dense")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--answers", type=int, default=8)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
