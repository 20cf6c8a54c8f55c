"""The stage `paraphrase`: pairs in, pairs with new questions out, through the product's own model process and prompts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from joinery_trainer.data.pairs import Pair, read_pairs, write_pairs
from joinery_trainer.prompts.exported import read_exported
from joinery_trainer.prompts.joinery import export_prompts
from joinery_trainer.rollouts.joinery_sampler import JoinerySampler
from joinery_trainer.rollouts.sampler import Prompt
from joinery_trainer.stages.errors import NO_DATA, StageError
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.paraphrase_settings import ParaphraseSettings
from joinery_trainer.synth.paraphrase import paraphrase_pairs, sample_of

_MOST_TOKENS = 200


class PromptedDecoder:
    """Statements from a model that was not trained: prompts with worked examples, rendered by the product for the new questions."""

    def __init__(self, sampler: JoinerySampler, joinery: Sequence[str], folder: Path) -> None:
        self._sampler = sampler
        self._joinery = joinery
        self._folder = folder

    def decode(self, pairs: Sequence[Pair], *, n: int, temperature: float, seed: int) -> list[list[str]]:
        """Return ``n`` statements for each question, none for one without a prompt."""
        if not pairs:
            return []
        asked, prompts = self._folder / "asked.jsonl", self._folder / "prompts.jsonl"
        write_pairs(asked, pairs)
        export_prompts(self._joinery, asked, prompts, style="worked")
        exported = read_exported([prompts])
        rest = {pair.id: (pair.prefix_key, pair.rest) for pair in exported.pairs}
        known = [pair for pair in pairs if pair.id in rest]
        wanted = [Prompt(pair.id, rest[pair.id][0], exported.prefixes[rest[pair.id][0]], rest[pair.id][1]) for pair in known]
        answers = self._sampler.sample(wanted, n=n, temperature=temperature, max_tokens=_MOST_TOKENS, seed=seed, adapter=None)
        statements = {pair.id: [answer.text for answer in found] for pair, found in zip(known, answers, strict=True)}
        return [statements.get(pair.id, []) for pair in pairs]


def run_paraphrase(settings: ParaphraseSettings, *, resume: bool = False, quiet: bool = False) -> Path:
    """Write `paraphrased.jsonl` and return it. ``resume`` changes nothing: the same seed gives the same pairs. Raises StageError."""
    events = Events(settings.out, "paraphrase", quiet=quiet)
    try:
        pairs = sample_of(read_pairs(settings.pairs, "synthesis"), settings.count)
    except (OSError, ValueError) as error:
        raise StageError(f"{settings.pairs} cannot be read: {error}", NO_DATA) from error
    if not pairs:
        raise StageError(f"{settings.pairs} holds no pairs", NO_DATA)
    sampler = JoinerySampler(settings.joinery, settings.base, threads=settings.threads, log=settings.out / "complete.log")
    try:
        decoder = PromptedDecoder(sampler, settings.joinery, settings.out)
        made = paraphrase_pairs(pairs, sampler, decoder, tries=settings.tries, checks=settings.checks, seed=settings.seed)
    finally:
        sampler.close()
    out = settings.out / "paraphrased.jsonl"
    write_pairs(out, made.survived)
    report = {"asked": made.asked, "survived": len(made.survived), "share": round(made.share, 4), "dropped": dict(made.dropped)}
    (settings.out / "report.json").write_text(json.dumps(report, indent=2), encoding="utf-8")
    events.tell("done", report, f"{report['survived']} of {made.asked} questions have another wording that leads back to the same result")
    return out
