"""Settings of group policy optimisation. Imports without torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from joinery_trainer.stages.lora_settings import LoraSettings


@dataclass(frozen=True)
class GrpoSettings(LoraSettings):
    """Learning from one's own answers, rewarded by running them (GRPO, https://arxiv.org/abs/2402.03300)."""

    #: Files of `joinery export` with the questions; their databases must be there, since every answer is run.
    data: tuple[Path, ...] = ()
    #: How answers are rewarded: see `rewards/`. Models of half a billion parameters need the denser ones.
    profile: Literal["sqlr1", "seq2sql", "sparse", "dense"] = "dense"
    #: What the model writes, as the prompts ask for it: bare SQL, a plan and SQL, or SQL without FROM and JOIN, which `joinery` compiles.
    target: Literal["sql", "think", "ir"] = "sql"
    #: Highest learning rate; it stays there after the warm-up. Full fine-tuning takes 1e-6 to 5e-6, an adapter about ten times that.
    learning_rate: float = 2e-5
    #: Steps of the optimiser, each on new answers.
    steps: int = 200
    #: Ends earlier after so many minutes of work, pauses not counted and earlier parts of a resumed run included; 0 is no limit.
    minutes: float = 0.0
    #: Questions of a step.
    questions_per_step: int = 4
    #: Questions of one database that share a row, and so its prefix; divides questions_per_step. More save time and take memory.
    row_questions: int = 1
    #: Tokens of a row at most. Questions whose prompt and longest answer have more are left out; answers that do not fit go into another row.
    row_tokens: int = 1024
    #: Answers to each question.
    answers: int = 8
    #: Tokens of an answer at most.
    answer_tokens: int = 160
    #: Temperature at which answers are drawn; the policy that is trained is the model at this temperature.
    temperature: float = 1.0
    #: Times that the answers of a step are learnt from; clipping has something to do from 2 on.
    passes: int = 1
    #: The ratio of new to old probability counts for no more than 1 + clip_high and no less than 1 − clip_low.
    clip_low: float = 0.2
    #: See clip_low; a little more room upwards keeps rare answers alive (DAPO).
    clip_high: float = 0.28
    #: Weight of the divergence from the reference in the loss; 0 saves one of four passes through the model.
    kl: float = 0.001
    #: What the divergence is measured from: the adapter as it was at the start, or the base without any.
    reference: Literal["start", "base"] = "start"
    #: How the loss is averaged: dapo over the tokens of a step, grpo over each answer first, dr_grpo by the longest possible answer.
    loss: Literal["dapo", "grpo", "dr_grpo"] = "dapo"
    #: Answers count at most so many times as much where the learner likes them better than the sampler did; 0 corrects nothing.
    correction: float = 2.0
    #: Questions asked at most to fill a step with groups that teach something, as a multiple of questions_per_step.
    tries: int = 3
    #: Steps in a row without a single such group after which training ends: as failed when none taught anything, else with what was learnt.
    idle_steps: int = 10
    #: Groups by which the difficulty ladder judges its newest level; 0 trains on all levels from the start.
    ladder_window: int = 16
    #: Where answers come from: the product's model process, transformers with the current weights, or vLLM inside TRL (needs a GPU and the vllm
    #: package; it cannot run on a CPU).
    sampler: Literal["joinery", "local", "vllm"] = "joinery"
    #: The command of the product, before `complete` and `compile`.
    joinery: tuple[str, ...] = ("joinery",)
    #: Steps between two exports of the adapter to the model process: fewer restarts, but answers of older weights.
    export_steps: int = 1
    #: Seconds that the model process may take for one question.
    answer_seconds: float = 120.0
    #: Processes that run the answers.
    workers: int = 2
    #: Leave out questions whose statement the product's grammar cannot write.
    only_in_grammar: bool = True
    #: Steps between two sample answers in the events; 0 shows none.
    sample_steps: int = 10

    def __post_init__(self) -> None:
        """Refuse what cannot train."""
        if not self.data:
            raise ValueError("data names no file")
        if self.rank < 1 or self.alpha < 1:
            raise ValueError("rank and alpha are at least 1")
        if self.answers < 2:
            raise ValueError("answers is at least 2: an advantage is a difference within a group")
        counts = (self.steps, self.questions_per_step, self.row_questions, self.row_tokens, self.answer_tokens, self.passes, self.tries)
        if min(*counts, self.idle_steps, self.export_steps, self.workers) < 1:
            raise ValueError("steps, questions, rows, tokens, passes, tries, exports and workers are at least 1")
        if self.questions_per_step % self.row_questions:
            raise ValueError("row_questions divides questions_per_step")
        if not 0 < self.learning_rate < 1:
            raise ValueError("learning_rate lies between 0 and 1")
        if self.temperature <= 0 or self.kl < 0 or self.correction < 0 or not 0 < self.clip_low < 1 or self.clip_high <= 0:
            raise ValueError("temperature and the clips are above 0, kl and correction not below")
