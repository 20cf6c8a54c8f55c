"""
What each reward profile makes of the same answers, from the audit log of a run of `grpo`: in how many groups the rewards differ, so that the group
teaches something, and in how many of those no answer is right. Nothing is run again: the audit says what came of each answer.

    python bench/profiles.py --audit runs/own/grpo/audit.jsonl --pairs runs/own/pairs/training.jsonl
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joinery_trainer.data.pairs import read_pairs
from joinery_trainer.rewards.completion import read_completion
from joinery_trainer.rewards.judge import Judge, Judgement
from joinery_trainer.rewards.profiles import PROFILES


def main() -> None:
    """Count and print one line of JSON."""
    options = _options()
    gold = {pair.id: pair.sql for pair in read_pairs(options.pairs, "synthesis")}
    groups: dict[tuple[int, str], list[dict[str, Any]]] = defaultdict(list)
    for entry in _entries(options.audit):
        groups[entry["step"], entry["question"]].extend([entry] * entry["count"])
    findings = Counter(entry["finding"] for group in groups.values() for entry in group)
    taught = {}
    for name, profile in PROFILES.items():
        weigh = profile(Judge()).weigh
        differing = [
            group
            for (_, question), group in groups.items()
            if len({weigh(Judgement(one["finding"], read_completion(one["answer"])), gold[question]).total for one in group}) > 1
        ]
        without = sum(all(one["finding"] != "match" for one in group) for group in differing)
        taught[name] = {"groups_that_differ": len(differing), "of_them_without_a_right_answer": without}
    print(json.dumps({"groups": len(groups), "answers": sum(findings.values()), "findings": dict(findings), **taught}))


def _entries(audit: Path) -> Iterator[dict[str, Any]]:
    with audit.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--audit", type=Path, required=True, help="audit.jsonl of a run of grpo")
    parser.add_argument("--pairs", type=Path, required=True, help="the pairs that it learnt from")
    return parser.parse_args()


if __name__ == "__main__":
    main()
