from __future__ import annotations

import hashlib
import json
import math
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.prompts.exported import encode_parts  # noqa: E402
from joinery_trainer.rollouts.answers import answer_encoder  # noqa: E402
from joinery_trainer.rollouts.sampler import Prompt, Sampled  # noqa: E402
from joinery_trainer.stages.errors import NO_DATA, NOT_A_NUMBER, StageError  # noqa: E402
from joinery_trainer.stages.events import read_events  # noqa: E402
from joinery_trainer.stages.grpo_settings import GrpoSettings  # noqa: E402
from joinery_trainer.training import grpo, grpo_trainer, lora  # noqa: E402
from tests.rollouts_support import ANSWERS, RIGHT, MadeUpSampler, age_of, mixed, write_questions  # noqa: E402
from tests.runs import MINUTE, assert_same_weights, told, weights  # noqa: E402
from tests.torch_models import save_minute_base  # noqa: E402


@pytest.fixture
def settings(tmp_path: Path, database: Path) -> GrpoSettings:
    return GrpoSettings(
        base=save_minute_base(tmp_path / "base"),
        out=tmp_path / "run",
        data=(write_questions(tmp_path / "questions.jsonl", database),),
        **MINUTE,
        sampler="local",
        workers=1,
        steps=3,
        questions_per_step=2,
        row_questions=2,
        answers=4,
        answer_tokens=60,
        warmup=0.0,
        sample_steps=1,
    )


def test_a_run_says_what_it_did_and_leaves_an_adapter(settings: GrpoSettings) -> None:
    sampler = MadeUpSampler(mixed)
    adapter = grpo.run_grpo(settings, quiet=True, sampler=sampler)
    assert read_events(settings.out / "events.jsonl")[0]["kind"] == "plan"
    rewards = told(settings, "reward")
    assert [event["step"] for event in rewards] == [1, 2, 3]
    assert all(event["success"] == 0.25 and event["teaching"] == 2 for event in rewards)
    assert all(sum(event["components"].values()) == pytest.approx(event["reward"], abs=1e-3) for event in rewards)
    assert json.loads((adapter / "joinery.json").read_text())["stage"] == "grpo"
    assert sorted(path.name for path in adapter.iterdir() if path.is_dir()) == []
    lines = [json.loads(line) for line in (settings.out / "audit.jsonl").read_text().splitlines()]
    assert len(lines) == 3 * 2 * 4
    assert {line["finding"] for line in lines} == {"match", "different", "failed", "ill_formed"}
    assert sampler.closed


@pytest.mark.parametrize(
    "change", [{"dtype": "bfloat16"}, {"recompute": True}, {"row_questions": 1}, {"loss": "grpo"}, {"kl": 0.0, "correction": 0.0}]
)
def test_ways_of_computing_that_change_no_round(settings: GrpoSettings, change: dict) -> None:
    grpo.run_grpo(replace(settings, **change), quiet=True, sampler=MadeUpSampler(mixed))
    rewards = told(settings, "reward")
    assert [event["success"] for event in rewards] == [0.25] * 3
    assert all(math.isfinite(event["loss"]) for event in told(settings, "step"))


def test_the_divergence_is_zero_at_the_start_and_grows(settings: GrpoSettings) -> None:
    grpo.run_grpo(replace(settings, kl=0.01, steps=4), quiet=True, sampler=MadeUpSampler(mixed))
    kl = [event["kl"] for event in told(settings, "reward")]
    assert kl[0] == 0 and kl[-1] > 0


class ToySampler(MadeUpSampler):
    """Chooses among four answers, evenly at first, then by how much likelier the model finds each than it did: a policy small enough to learn."""

    def __init__(self) -> None:
        super().__init__(mixed)
        self.trainer: grpo_trainer.RoundsTrainer | None = None
        self._first: dict[str, torch.Tensor] = {}

    def sample(
        self, prompts: Sequence[Prompt], *, n: int, temperature: float, max_tokens: int, seed: int, adapter: Path | None
    ) -> list[list[Sampled]]:
        found = []
        for prompt in prompts:
            texts = [text.format(age=age_of(prompt)) for text in ANSWERS]
            sums = self._sums(prompt, texts)
            grown = sums - self._first.setdefault(prompt.id, sums)
            drawn = random.Random(f"{seed}/{prompt.id}").choices(range(4), torch.softmax(grown, 0).tolist(), k=n)
            found.append([Sampled(texts[at], drawn.count(at), float(sums[at])) for at in dict.fromkeys(drawn)])
        return found

    def _sums(self, prompt: Prompt, texts: list[str]) -> torch.Tensor:
        assert self.trainer is not None
        model, tokenizer = self.trainer.model, self.trainer.processing_class
        encode = answer_encoder(tokenizer, 258)
        start = encode_parts(tokenizer, (*prompt.prefix, *prompt.rest))
        sums = []
        for text in texts:
            answer = list(encode(Sampled(text)))
            with torch.no_grad():
                scores = model(input_ids=torch.tensor([start + answer])).logits[0].log_softmax(-1)
            sums.append(sum(scores[len(start) - 1 + at, token] for at, token in enumerate(answer)))
        return torch.stack(sums)


def test_the_reward_rises_where_there_is_something_to_learn(settings: GrpoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    sampler = ToySampler()
    made = grpo.make_trainer

    def make(*arguments):
        sampler.trainer = made(*arguments)
        return sampler.trainer

    monkeypatch.setattr(grpo, "make_trainer", make)
    learning = replace(settings, steps=25, learning_rate=0.005, kl=0.0, answers=8, questions_per_step=4, row_questions=4)
    grpo.run_grpo(learning, quiet=True, sampler=sampler)
    rewards = [event["reward"] for event in told(learning, "reward")]
    assert sum(rewards[-5:]) / 5 > sum(rewards[:5]) / 5 + 0.5
    # The sampler is the learner here, so answers weigh what they weigh.
    assert all(event["sampler_weight"] == pytest.approx(1, abs=1e-3) for event in told(learning, "reward"))


def by_adapter(files: list[Path | None]):
    """Answers that follow from the very bytes of the adapter that the sampler was given last."""

    def answer(prompt: Prompt, chance: random.Random) -> list[str]:
        (file,) = files[-1:]
        return mixed(prompt, random.Random(f"{chance.random()}/{hashlib.sha256(file.read_bytes()).hexdigest() if file else ''}"))

    return answer


@pytest.mark.parametrize(("source", "change"), [("local", {"passes": 2}), ("joinery", {"export_steps": 4}), ("joinery", {"passes": 2, "kl": 0.0})])
def test_a_killed_run_goes_on_and_ends_where_an_uninterrupted_one_does(
    settings: GrpoSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, change: dict
) -> None:
    longer = replace(settings, steps=6, ladder_window=2, sampler=source, answers=3, **change)

    def sampler() -> MadeUpSampler:
        made = MadeUpSampler(mixed)
        made.answer = by_adapter(made.adapters)
        return made

    whole = grpo.run_grpo(replace(longer, out=tmp_path / "whole"), quiet=True, sampler=sampler())
    with monkeypatch.context() as patched:
        original = grpo_trainer.RoundsTrainer.training_step

        def dying(self, *arguments, **options):
            if self.state.global_step == 3:
                raise KeyboardInterrupt
            return original(self, *arguments, **options)

        patched.setattr(grpo_trainer.RoundsTrainer, "training_step", dying)
        with pytest.raises(KeyboardInterrupt):
            grpo.run_grpo(longer, quiet=True, sampler=sampler())
    assert not (longer.out / "adapter").exists()
    # Between the passes of a round nothing is saved.
    saved = sorted(int(path.name.rpartition("-")[2]) for path in (longer.out / "checkpoints").iterdir())
    assert saved == ([2] if longer.passes == 2 else [2, 3])
    resumed = grpo.run_grpo(longer, resume=True, quiet=True, sampler=sampler())
    assert_same_weights(resumed, whole)
    curves = [{event["step"]: event["learnt_reward"] for event in told(run, "reward")} for run in (longer, replace(longer, out=tmp_path / "whole"))]
    assert curves[0] == curves[1] and len(curves[0]) == 6 // longer.passes
    audits = [(out / "audit.jsonl").read_text() for out in (longer.out, tmp_path / "whole")]
    assert audits[0] == audits[1]
    assert (longer.out / "sampler").exists() is (source == "joinery")


def test_all_rewards_equal_for_too_long_ends_the_run_without_an_adapter(settings: GrpoSettings) -> None:
    for steps, idle_steps in ((20, 3), (3, 20)):
        with pytest.raises(StageError, match="all rewards were equal for 3 steps") as caught:
            grpo.run_grpo(replace(settings, steps=steps, idle_steps=idle_steps), quiet=True, sampler=MadeUpSampler(lambda *_: ["no idea"]))
        assert caught.value.code == NO_DATA
        assert not (settings.out / "adapter").exists()


def test_where_all_is_learnt_training_ends_with_the_adapter(settings: GrpoSettings) -> None:
    sampler = MadeUpSampler(lambda prompt, chance: mixed(prompt, chance) if len(sampler.asked) <= 8 else [RIGHT.format(age=age_of(prompt))])
    adapter = grpo.run_grpo(replace(settings, steps=30, idle_steps=3), quiet=True, sampler=sampler)
    assert (adapter / "adapter_model.safetensors").exists()
    steps = [event["step"] for event in told(settings, "reward")]
    assert 4 <= steps[-1] <= 8
    (warning,) = told(settings, "warning")
    assert "training ends here: 100% of the answers are right" in warning["text"]


def test_a_loss_that_is_no_number_ends_the_run_without_an_adapter(settings: GrpoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments, **options):
        return torch.full((8, 1), float("nan"))

    monkeypatch.setattr(grpo_trainer, "importance_weights", broken)
    with pytest.raises(StageError, match="no number") as caught:
        grpo.run_grpo(settings, quiet=True, sampler=MadeUpSampler(mixed))
    assert caught.value.code == NOT_A_NUMBER
    assert not (settings.out / "adapter").exists()


def test_what_cannot_be_trained_on_is_refused(settings: GrpoSettings, tmp_path: Path) -> None:
    questions = settings.data[0].read_text()
    elsewhere = tmp_path / "elsewhere.jsonl"
    elsewhere.write_text(questions.replace("concerts.sqlite", "absent.sqlite"))
    unwritable = tmp_path / "unwritable.jsonl"
    unwritable.write_text(questions.replace('"inGrammar": true', '"inGrammar": false'))
    other_target = tmp_path / "other.jsonl"
    other_target.write_text(questions.replace('"template"', '"target": "ir", "template"', 1))
    for change, message, code in [
        ({"data": (tmp_path / "absent.jsonl",)}, "there is no", NO_DATA),
        ({"data": (elsewhere,)}, "answers cannot be run: there is no .*absent.sqlite", NO_DATA),
        ({"data": (unwritable,)}, "nothing to train on", NO_DATA),
        ({"row_tokens": 61}, "nothing to train on", NO_DATA),
        ({"data": (other_target,)}, "prompts ask for ir, here they must ask for sql", NO_DATA),
        ({"target": "think"}, "prompts ask for sql, here they must ask for think", NO_DATA),
        ({"sampler": "vllm"}, "vLLM needs a GPU", 1),
        ({"sampler": "joinery"}, "reads GGUF files", 1),
        ({"device": "cuda"}, "no CUDA device", 1),
    ]:
        if torch.cuda.is_available() and code == 1:
            continue
        with pytest.raises(StageError, match=message) as caught:
            grpo.run_grpo(replace(settings, out=tmp_path / "refused", **change), quiet=True)
        assert caught.value.code == code
        assert not (tmp_path / "refused" / "adapter").exists()


def test_a_full_disk_leaves_no_half_of_an_adapter(settings: GrpoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = grpo.run_grpo(replace(settings, steps=1), quiet=True, sampler=MadeUpSampler(mixed))
    before = sorted(path.name for path in kept.iterdir())

    # The last file of an adapter cannot be written.
    monkeypatch.setattr(lora, "ORIGIN_FILE", "absent/joinery.json")
    with pytest.raises(OSError):
        grpo.run_grpo(replace(settings, steps=1), quiet=True, sampler=MadeUpSampler(mixed))
    assert sorted(path.name for path in kept.iterdir()) == before and (kept / "joinery.json").exists()


def test_questions_that_do_not_fit_are_left_out_and_named(settings: GrpoSettings, tmp_path: Path, database: Path) -> None:
    long = write_questions(tmp_path / "long.jsonl", database, levels=("easy", "medium" + 300 * "m"))
    grpo.run_grpo(replace(settings, data=(long,), row_tokens=300, steps=1), quiet=True, sampler=MadeUpSampler(mixed))
    plan = told(settings, "plan")[0]
    assert plan["questions"] == 6 and len(plan["too_long"]) == 6
    assert plan["minutes"] >= 0 and plan["sampling_seconds"] >= 0 and plan["learning_seconds"] > 0


def test_a_question_asked_again_shows_what_changed(settings: GrpoSettings) -> None:
    grpo.run_grpo(replace(settings, steps=6), quiet=True, sampler=MadeUpSampler(mixed))
    samples = told(settings, "sample")
    assert samples and all({"question", "before", "after", "right_before", "right_after"} <= sample.keys() for sample in samples)


def test_questions_that_cannot_be_judged_are_named(settings: GrpoSettings, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    broken.write_text(settings.data[0].read_text().replace("age > 30", "years > 30"))
    grpo.run_grpo(replace(settings, data=(broken,), steps=6), quiet=True, sampler=MadeUpSampler(mixed))
    (warning,) = told(settings, "warning")
    assert warning["question"] == "0-easy-30" and "no such column: years" in warning["text"]
    assert any(event["unusable"] for event in told(settings, "reward"))
    broken.write_text(settings.data[0].read_text().replace("age >", "years >"))
    with pytest.raises(StageError, match=r"of the last no gold could be run: .*no such column: years"):
        grpo.run_grpo(replace(settings, data=(broken,), steps=9, idle_steps=2), quiet=True, sampler=MadeUpSampler(mixed))


def test_a_database_that_is_none_is_said_at_once(settings: GrpoSettings, tmp_path: Path) -> None:
    (tmp_path / "none.sqlite").write_text("this is no database, whatever its name says")
    other = tmp_path / "other.jsonl"
    other.write_text(settings.data[0].read_text().replace("concerts.sqlite", "none.sqlite"))
    sampler = MadeUpSampler(mixed)
    with pytest.raises(StageError, match=r"answers cannot be run on .*none\.sqlite: .*not a database"):
        grpo.run_grpo(replace(settings, data=(other,)), quiet=True, sampler=sampler)
    assert sampler.closed and sampler.asked == []


def test_a_sampler_with_another_model_is_noticed(settings: GrpoSettings) -> None:
    class Sure(MadeUpSampler):
        def sample(self, *arguments, **options):
            return [[replace(one, log_probability=-0.1) for one in answers] for answers in super().sample(*arguments, **options)]

    grpo.run_grpo(settings, quiet=True, sampler=Sure(mixed))
    warnings = told(settings, "warning")
    assert len(warnings) == 1 and "same base" in warnings[0]["text"]


def test_the_command_runs_the_stage(settings: GrpoSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from joinery_trainer import cli

    monkeypatch.setattr("joinery_trainer.training.grpo.make_sampler", lambda *_: MadeUpSampler(mixed))
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        '[grpo]\nbase = "base"\nout = "cli"\ndata = ["questions.jsonl"]\nsampler = "local"\ndtype = "float32"\ndevice = "cpu"\nworkers = 1\n'
        "steps = 1\nquestions_per_step = 2\nrow_questions = 1\nanswers = 4\nanswer_tokens = 60\n"
    )
    assert cli.main(["grpo", "--recipe", str(recipe), "--quiet"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "cli" / "adapter")
    assert cli.main(["grpo", "--recipe", str(recipe), "--set", "answer=1", "--quiet"]) == 3
    assert "'answers' is near" in capsys.readouterr().err


@pytest.mark.parametrize("loss", ["dapo", "grpo", "dr_grpo"])
def test_too_little_memory_means_smaller_parts_and_the_same_adapter(settings: GrpoSettings, monkeypatch: pytest.MonkeyPatch, loss: str) -> None:
    run = replace(settings, loss=loss, learning_rate=0.001)
    whole = weights(grpo.run_grpo(replace(run, out=run.out / "whole"), quiet=True, sampler=MadeUpSampler(mixed)))
    original, tried = grpo_trainer.score_padded, []

    def short_of_memory(model, input_ids, *arguments, **options):
        if torch.is_grad_enabled():
            tried.append(len(input_ids))
            if len(input_ids) > most:
                raise torch.OutOfMemoryError("CUDA out of memory")
        return original(model, input_ids, *arguments, **options)

    monkeypatch.setattr(grpo_trainer, "score_padded", short_of_memory)
    most = 3
    parts = weights(grpo.run_grpo(replace(run, out=run.out / "parts"), quiet=True, sampler=MadeUpSampler(mixed)))
    assert tried == [8, 4] + [2] * 12
    assert [event["parts"] for event in told(replace(run, out=run.out / "parts"), "warning")] == [2, 4]
    for name, tensor in whole.items():
        torch.testing.assert_close(parts[name], tensor, atol=2e-5, rtol=1e-3)
    most = 0
    with pytest.raises(torch.OutOfMemoryError):
        grpo.run_grpo(replace(run, out=run.out / "none"), quiet=True, sampler=MadeUpSampler(mixed))
    assert not (run.out / "none" / "adapter").exists()


def test_statements_without_from_are_compiled_before_they_are_run(settings: GrpoSettings) -> None:
    import sys

    from tests.rollouts.test_compiler import JOINERY

    lines = [json.loads(line) for line in settings.data[0].read_text().splitlines()]
    lines[0]["target"] = "ir"
    settings.data[0].write_text("\n".join(map(json.dumps, lines)))

    def answers(prompt: Prompt, chance: random.Random) -> list[str]:
        texts = [f"SELECT singer.name WHERE singer.age > {age_of(prompt)}", "SELECT singer.name", "SELECT concert.title", RIGHT.format(age=1)]
        chance.shuffle(texts)
        return texts

    grpo.run_grpo(replace(settings, target="ir", joinery=JOINERY), quiet=True, sampler=MadeUpSampler(answers))
    assert all(event["success"] == 0.25 for event in told(settings, "reward"))
    lines = [json.loads(line) for line in (settings.out / "audit.jsonl").read_text().splitlines()]
    assert {line["finding"] for line in lines} == {"match", "different", "failed", "ill_formed"}
    sampler = MadeUpSampler(answers)
    with pytest.raises(StageError, match="cannot be compiled"):
        grpo.run_grpo(replace(settings, target="ir", joinery=(sys.executable, "-c", ""), out=settings.out / "none"), quiet=True, sampler=sampler)
    assert sampler.closed


def test_two_processes_ask_their_own_questions_and_learn_one_adapter(settings: GrpoSettings, tmp_path: Path) -> None:
    """DDP over gloo."""
    import subprocess
    import sys

    root = Path(__file__).parents[2]
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "tests.training.grpo_in_processes"]
    done = subprocess.run(
        [*launch, str(settings.base), str(settings.out), str(settings.data[0])], capture_output=True, text=True, timeout=240, check=False, cwd=root
    )
    assert done.returncode == 0, done.stderr[-3000:]
    one, other = (torch.load(settings.out / f"process-{at}.pt") for at in (0, 1))
    assert one["weights"].keys() == other["weights"].keys() and any(value.abs().sum() > 0 for value in one["weights"].values())
    for name, value in one["weights"].items():
        torch.testing.assert_close(other["weights"][name], value, atol=0, rtol=0)
    # Three steps of two questions in two processes, all on one ladder; one process tells.
    assert one["seen"] == other["seen"] == {"top": 0, "seen": [0.25] * 12}
    assert [event["step"] for event in told(settings, "reward")] == [1, 2, 3]
    asked = [{json.loads(line)["question"] for line in (settings.out / name).read_text().splitlines()} for name in ("audit.jsonl", "audit-1.jsonl")]
    assert asked[0] != asked[1]
