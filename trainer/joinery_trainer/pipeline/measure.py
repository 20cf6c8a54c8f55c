"""
Questions that training never saw, answered by `joinery eval` as the model answers until now and with a new adapter, and what is to be learnt from
both together. The verdicts of each set are kept: the present one is asked once in a run, whatever number of adapters it is compared with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joinery_trainer.evaluate.bootstrap import Gain, paired_gain
from joinery_trainer.prompts.joinery import evaluate_set, is_right
from joinery_trainer.stages.events import Events
from joinery_trainer.stages.pipeline_settings import PipelineSettings

#: Questions that are shown as examples of what changed.
_SAMPLES = 6
#: One answer, as `joinery eval` reports it.
Verdict = Mapping[str, Any]
#: Verdicts by the name of their set.
Verdicts = Mapping[str, Sequence[Verdict]]


def measure(settings: PipelineSettings, events: Events, adapter: Path | None) -> Verdicts:
    """Return the verdicts on every set that is not empty, without an ``adapter`` those of the present one (``settings.start``).

    Answers that were given are kept, and scores too: nothing is asked twice.
    """
    folder = settings.out / "scores"
    folder.mkdir(exist_ok=True)
    who = adapter.stem if adapter else "before"
    found: dict[str, Sequence[Verdict]] = {}
    for name, file in _sets(settings).items():
        kept = folder / f"{name}-{who}.verdicts.json"
        if not kept.exists():
            verdicts = evaluate_set(
                settings.joinery, file, folder, model=settings.model, adapter=adapter or settings.start, label=who, threads=settings.threads
            )
            beside = kept.with_suffix(".part")
            beside.write_text(json.dumps(verdicts, ensure_ascii=False), encoding="utf-8")
            beside.replace(kept)
        found[name] = json.loads(kept.read_text(encoding="utf-8"))
        right = sum(is_right(verdict) for verdict in found[name])
        whose = f"after {who}" if adapter else "before"
        events.tell(
            "saved", {"adapter": who, "set": name, "right": right, "n": len(found[name])}, f"{name} {whose}: {right} of {len(found[name])} right"
        )
    return found


def right_answers(verdicts: Verdicts) -> int:
    """Return how many answers are right, over all sets."""
    return sum(is_right(verdict) for members in verdicts.values() for verdict in members)


def compare(before: Verdicts, after: Verdicts, adapters: int = 1) -> dict[str, Gain]:
    """Return the gain per set, over the questions that both runs have.

    Where the best of several ``adapters`` is compared, chance had as many tries: each interval is widened so that all together still hold with 95 %
    (Bonferroni).
    """
    gains = {}
    for name, verdicts in before.items():
        known = {verdict["id"]: is_right(verdict) for verdict in after.get(name, [])}
        shared = [verdict for verdict in verdicts if verdict["id"] in known]
        if shared:
            both = [is_right(verdict) for verdict in shared], [known[verdict["id"]] for verdict in shared]
            gains[name] = paired_gain(*both, confidence=1 - 0.05 / max(1, adapters))
    return gains


def tell_gains(events: Events, gains: Mapping[str, Gain], adapters: int = 1) -> None:
    """Tell each gain in percentage points, and of how many ``adapters`` it is the best."""
    whose = f", the best of {adapters} adapters" if adapters > 1 else ""
    for name, gain in gains.items():
        points = _points(gain)
        change = f"{points['before']} % to {points['after']} %"
        interval = f"[{points['low']:+.1f} to {points['high']:+.1f}]"
        events.tell("score", {"set": name, **points}, f"{name}: {change}, {100 * gain.gain:+.1f} points {interval}, n = {gain.questions}{whose}")


def tell_samples(events: Events, before: Verdicts, after: Verdicts) -> None:
    """Show questions whose answer changed, gains and losses in turn: a few of each say more than a score."""
    for name, verdicts in before.items():
        later = {verdict["id"]: verdict for verdict in after.get(name, [])}
        pairs = [(verdict, later[verdict["id"]]) for verdict in verdicts if verdict["id"] in later]
        gained = [pair for pair in pairs if not is_right(pair[0]) and is_right(pair[1])]
        lost = [pair for pair in pairs if is_right(pair[0]) and not is_right(pair[1])]
        for old, new in [*gained[: _SAMPLES - 2], *lost[:2]]:
            flags = {"right_before": is_right(old), "right_after": is_right(new)}
            events.tell("sample", {"set": name, "question": old["question"], "before": old["sql"], "after": new["sql"], **flags})


def _sets(settings: PipelineSettings) -> dict[str, Path]:
    files = {name: settings.out / "pairs" / f"{name}.jsonl" for name in ("held_out", "questions")}
    return {name: file for name, file in files.items() if file.stat().st_size > 0}


def _points(gain: Gain) -> dict[str, float | int]:
    """Return a gain in percentage points, as events have it."""
    values = {"before": gain.before, "after": gain.after, "low": gain.low, "high": gain.high}
    return {**{name: round(100 * value, 1) for name, value in values.items()}, "n": gain.questions}
