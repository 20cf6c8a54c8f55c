"""
Answers from the product's own model process, `joinery complete`: the quantised model that users have, with the adapter as a file, without the grammar
that would hide its mistakes. A new adapter means a new process. One that dies, hangs or writes nonsense is replaced; a question that keeps bringing
it down is left out. Imports without torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joinery_trainer.prompts.exported import Part
from joinery_trainer.prompts.joinery import NO_ADAPTER
from joinery_trainer.rollouts.model_process import ModelProcess, ProcessFault
from joinery_trainer.rollouts.sampler import Prompt, Sampled
from joinery_trainer.stages.errors import StageError

#: Deaths in a row, without one answer between them, after which nothing is to be hoped for.
_MOST_DEATHS = 4
#: Deaths while it works on one question after which that question is left out.
_MOST_DEATHS_OF_ONE = 2


class _StartFault(ProcessFault):
    """The process did not come up; no question is to blame."""


class JoinerySampler:
    """A process with a model and at most one adapter. Not for several threads."""

    #: The product sums the model's own log-probabilities, at temperature 1, whatever it draws at.
    tempered = False

    def __init__(
        self,
        command: Sequence[str],
        model: Path,
        *,
        threads: int,
        log: Path,
        stop: Sequence[str] = (";",),
        start_seconds: float = 180.0,
        answer_seconds: float = 120.0,
    ) -> None:
        self._command = [*command, "complete", "--model", str(model), *(["--threads", str(threads)] if threads else [])]
        self._log = log
        self._stop = list(stop)
        self._start_seconds = start_seconds
        self._answer_seconds = answer_seconds
        self._process: ModelProcess | None = None
        self._adapter: Path | None = None
        #: How often a process was replaced because it failed.
        self.deaths = 0

    def sample(
        self, prompts: Sequence[Prompt], *, n: int, temperature: float, max_tokens: int, seed: int, adapter: Path | None
    ) -> list[list[Sampled]]:
        """Return the answers to each prompt, none for one that the product refuses or that brings it down.

        Raises StageError when the process cannot be kept alive, or when it refuses every prompt.
        """
        if adapter != self._adapter:
            self.close()
            self._adapter = adapter
        wish = {"n": n, "greedy": False, "temperature": temperature, "maxTokens": max_tokens, "stop": self._stop}
        requests = [
            {"id": str(at), "prefixKey": prompt.prefix_key, "prefix": _parts(prompt.prefix), "rest": _parts(prompt.rest), **wish, "seed": seed + at}
            for at, prompt in enumerate(prompts)
        ]
        answers, refusals = self._answer_all(requests)
        if prompts and refusals and not any(answers.values()):
            raise StageError(f"the model process answers nothing: {refusals[-1]}")
        return [answers[request["id"]] for request in requests]

    def paraphrase(self, questions: Sequence[str], *, n: int, temperature: float, seed: int) -> list[list[str]]:
        """Return up to ``n`` ways in which the model says each question, none for one that it refuses. The prompt is the product's."""
        wish = {"n": n, "greedy": False, "temperature": temperature, "maxTokens": 96, "stop": ["\n"]}
        requests = [{"id": str(at), "paraphrase": question, **wish, "seed": seed + at} for at, question in enumerate(questions)]
        answers, _ = self._answer_all(requests)
        return [[answer.text.strip() for answer in answers[request["id"]]] for request in requests]

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.close()
        self._process = None

    def _answer_all(self, requests: Sequence[Mapping[str, Any]]) -> tuple[dict[str, list[Sampled]], list[str]]:
        answers: dict[str, list[Sampled]] = {}
        refusals: list[str] = []
        deaths = deaths_of_one = 0
        while waiting := [request for request in requests if request["id"] not in answers]:
            before = len(answers)
            try:
                self._talk(waiting, answers, refusals)
            except ProcessFault as fault:
                self._discard()
                progress = len(answers) > before
                deaths = 1 if progress else deaths + 1
                deaths_of_one = 1 if progress else deaths_of_one + 1
                if deaths >= _MOST_DEATHS:
                    raise StageError(f"the model process failed {deaths} times in a row: {fault}; {self._log} has what it said") from fault
                if deaths_of_one >= _MOST_DEATHS_OF_ONE and not isinstance(fault, _StartFault):
                    # The first question without an answer is what it worked on.
                    first = next(request["id"] for request in requests if request["id"] not in answers)
                    answers[first] = []
                    refusals.append(str(fault))
                    deaths_of_one = 0
        return answers, refusals

    def _talk(self, waiting: Sequence[Mapping[str, Any]], answers: dict[str, list[Sampled]], refusals: list[str]) -> None:
        """Send all requests and take their answers as they come. Raises ProcessFault."""
        if self._process is None:
            self._process = self._start()
        for request in waiting:
            self._process.send(request)
        open_ids = {request["id"] for request in waiting}
        while open_ids:
            line = self._process.receive(self._answer_seconds)
            identity = line.get("id")
            if identity not in open_ids:
                raise ProcessFault(f"it answered what was not asked: {json.dumps(line)[:200]}")
            open_ids.discard(identity)
            if "error" in line:
                answers[identity] = []
                refusals.append(_sentence(line["error"]))
            else:
                answers[identity] = _completions(line)

    def _start(self) -> ModelProcess:
        process = None
        try:
            process = ModelProcess([*self._command, "--adapter", str(self._adapter) if self._adapter else NO_ADAPTER], self._log)
            process.wait_until_ready(self._start_seconds)
        except ProcessFault as fault:
            if process is not None:
                process.kill()
            raise _StartFault(str(fault)) from fault
        return process

    def _discard(self) -> None:
        self.deaths += 1
        if self._process is not None:
            self._process.kill()
        self._process = None


def _parts(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [{"text": part.text, **({"special": True} if part.special else {})} for part in parts]


def _sentence(error: object) -> str:
    return str(error.get("sentence", error)) if isinstance(error, dict) else str(error)


def _completions(line: Mapping[str, Any]) -> list[Sampled]:
    try:
        return [
            Sampled(
                text=str(entry["text"]),
                count=int(entry["count"]),
                log_probability=float(entry["logProbability"]),
                finished=entry["finish"] in ("stop", "grammar"),
            )
            for entry in line["completions"]
            if int(entry["count"]) > 0
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ProcessFault(f"its answer lacks {error}") from error
