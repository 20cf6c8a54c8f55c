"""Preference optimisation on a minute model: packed equals plain, the margin counts, the reference stays, resumed equals uninterrupted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the stages of training need it", exc_type=ImportError)

from joinery_trainer.cli import main  # noqa: E402
from joinery_trainer.preferences.preference import Preference, read_preferences, write_preferences  # noqa: E402
from joinery_trainer.preferences.rows import make_preference_row, pack_preferences, questions_of  # noqa: E402
from joinery_trainer.prompts.exported import encode_parts, read_exported  # noqa: E402
from joinery_trainer.stages.errors import NO_DATA, NOT_A_NUMBER, StageError  # noqa: E402
from joinery_trainer.stages.mdpo_settings import MdpoSettings  # noqa: E402
from joinery_trainer.training import mdpo, preference_trainer  # noqa: E402
from joinery_trainer.training.preference_trainer import answer_logprobs, row_tensors  # noqa: E402
from tests.exports import write_export  # noqa: E402
from tests.rollouts_support import write_questions  # noqa: E402
from tests.runs import MINUTE, losses, told, weights  # noqa: E402
from tests.torch_models import minute_model, minute_tokenizer, save_minute_base  # noqa: E402


def make_preferences(path: Path, databases: list[str], count: int, margin: float = 0.3) -> Path:
    made = []
    for db in databases:
        for at in range(count):
            right, wrong = f"SELECT x FROM {db} WHERE x > {at};", f"SELECT x FROM {db} WHERE x < {at};"
            made.append(Preference(f"{db}-{at}", "", right, wrong, margin, "statement", "operator"))
            made.append(Preference(f"{db}-{at}", f"SELECT x FROM {db}", f" WHERE x > {at};", ";", margin / 2, "step", "ends early"))
    write_preferences(path, made)
    return path


@pytest.fixture
def settings(tmp_path: Path) -> MdpoSettings:
    return MdpoSettings(
        base=save_minute_base(tmp_path / "base"),
        out=tmp_path / "run",
        data=(write_export(tmp_path / "data.jsonl", ["a", "b", "c"], 12),),
        preferences=(make_preferences(tmp_path / "train.jsonl", ["a", "b"], 4),),
        held_out=(make_preferences(tmp_path / "held.jsonl", ["c"], 2),),
        **MINUTE,
        epochs=3,
        pairs_per_step=8,
        row_tokens=500,
        row_questions=3,
        beta=0.5,
    )


def test_packed_preferences_have_the_log_probabilities_of_answers_alone(tmp_path: Path) -> None:
    tokenizer, model = minute_tokenizer(), minute_model().eval()
    exported = read_exported([write_export(tmp_path / "data.jsonl", ["a"], 5)])
    preferences = read_preferences([make_preferences(tmp_path / "p.jsonl", ["a"], 5)])
    questions, _ = questions_of(tokenizer, preferences, {pair.id: pair for pair in exported.pairs})
    prefixes = {key: encode_parts(tokenizer, parts) for key, parts in exported.prefixes.items()}
    (row,) = pack_preferences(questions, prefixes, max_tokens=2000, max_questions=9, seed=1).rows
    with torch.no_grad():
        chosen, rejected = answer_logprobs(model, row_tensors(row, 0))
    alone = {}
    for question in questions:
        for pair in question.pairs:
            for answer in (pair.chosen, pair.rejected):
                tokens = torch.tensor([[*prefixes["p-a"], *question.tokens, *answer]])
                with torch.no_grad():
                    scores = model(tokens).logits[0].log_softmax(-1)
                start = tokens.shape[1] - len(answer)
                alone[(question.key, answer)] = sum(scores[start + at - 1, token].item() for at, token in enumerate(answer))
    order = [key for key in row.row.keys if key.endswith("/question")]
    by_key = {f"{question.key}/question": question for question in questions}
    expected = [(alone[(by_key[key].key, pair.chosen)], alone[(by_key[key].key, pair.rejected)]) for key in order for pair in by_key[key].pairs]
    assert chosen.tolist() == pytest.approx([one for one, _ in expected], abs=1e-3)
    assert rejected.tolist() == pytest.approx([one for _, one in expected], abs=1e-3)
    plain = sum(len(make_preference_row(prefixes["p-a"], [replace(question, pairs=(pair,))])) for question in questions for pair in question.pairs)
    assert len(row) < 0.6 * plain


def test_the_better_answer_gets_ahead_and_the_run_says_so(settings: MdpoSettings) -> None:
    adapter = mdpo.run_mdpo(settings, quiet=True)
    found, rewards = losses(settings), told(settings, "reward")
    plan = told(settings, "plan")[0]
    assert (plan["preferences"], plan["steps"], plan["alike"]) == (16, len(found), 0)
    assert found[-1] < found[0] - 0.05
    trained = [reward for reward in rewards if not reward["held_out"]]
    assert trained[0]["margins"] == pytest.approx(0, abs=1e-4)  # the policy is the reference
    assert trained[-1]["margins"] > 0.1 and trained[-1]["accuracies"] > 0.7
    assert any(reward["held_out"] for reward in rewards) and told(settings, "done")
    assert json.loads((adapter / "joinery.json").read_text())["stage"] == "mdpo"
    assert not (adapter / "ref").exists()


def test_the_first_loss_is_worked_arithmetic(settings: MdpoSettings, tmp_path: Path) -> None:
    # Nothing is learnt yet, so that all rewards are 0: -log sigmoid(-margin), half of the margins 0.3 and half 0.15.
    one = replace(settings, pairs_per_step=16, row_questions=1, epochs=1, held_out=())
    mdpo.run_mdpo(one, quiet=True)
    soft = torch.nn.functional.softplus(torch.tensor([0.3, 0.15])).mean().item()
    assert losses(one)[0] == pytest.approx(soft, abs=1e-4)
    plain = replace(one, out=tmp_path / "plain", margin=0.0)
    mdpo.run_mdpo(plain, quiet=True)
    assert losses(plain)[0] == pytest.approx(0.6931, abs=1e-4)


def test_rows_summed_over_a_step_equal_one_big_row(settings: MdpoSettings, tmp_path: Path) -> None:
    found = []
    for name, most in (("small", 1), ("big", 4)):
        one = make_preferences(tmp_path / f"{name}.jsonl", ["a"], 4)
        run = replace(settings, out=tmp_path / name, preferences=(one,), held_out=(), row_questions=most, row_tokens=2000, pairs_per_step=8, epochs=2)
        found.append(weights(mdpo.run_mdpo(run, quiet=True)))
    for name, tensor in found[0].items():
        torch.testing.assert_close(found[1][name], tensor, atol=1e-5, rtol=1e-4)


def test_a_killed_run_goes_on_and_ends_where_an_uninterrupted_one_does(
    settings: MdpoSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = mdpo.run_mdpo(replace(settings, out=tmp_path / "start", epochs=1), quiet=True)
    settings = replace(settings, start=start)  # the reference is an adapter, too
    whole = mdpo.run_mdpo(replace(settings, out=tmp_path / "whole"), quiet=True)
    assert told(replace(settings, out=tmp_path / "whole"), "reward")[0]["margins"] == pytest.approx(0, abs=1e-4)
    with monkeypatch.context() as patched:
        original = preference_trainer.PreferenceTrainer.compute_loss
        calls = []

        def dying(self, *arguments, **options):
            calls.append(1)
            if len(calls) > 4:
                raise KeyboardInterrupt
            return original(self, *arguments, **options)

        patched.setattr(preference_trainer.PreferenceTrainer, "compute_loss", dying)
        with pytest.raises(KeyboardInterrupt):
            mdpo.run_mdpo(settings, quiet=True)
    assert told(settings, "saved")
    resumed = mdpo.run_mdpo(settings, resume=True, quiet=True)
    expected, found = weights(whole), weights(resumed)
    assert any(not torch.equal(expected[name], tensor) for name, tensor in weights(start).items())
    for name, tensor in expected.items():
        torch.testing.assert_close(found[name], tensor)


def test_in_bfloat16_the_policy_starts_as_the_reference_too(settings: MdpoSettings) -> None:
    mdpo.run_mdpo(replace(settings, dtype="bfloat16"), quiet=True)
    rewards = told(settings, "reward")
    assert rewards[0]["margins"] == pytest.approx(0, abs=1e-4)
    assert rewards[-1]["margins"] > 0.1


def test_activations_computed_twice_give_the_same_curve(settings: MdpoSettings, tmp_path: Path) -> None:
    curves = []
    for name in ("kept", "recomputed"):
        run = replace(settings, out=tmp_path / name, held_out=(), recompute=name == "recomputed")
        mdpo.run_mdpo(run, quiet=True)
        curves.append(losses(run))
    assert curves[0] == pytest.approx(curves[1], abs=1e-4)


def test_same_seed_same_curve_and_another_seed_another(settings: MdpoSettings, tmp_path: Path) -> None:
    curves = []
    for name, seed in (("x", 1), ("y", 1), ("z", 2)):
        run = replace(settings, out=tmp_path / name, seed=seed, held_out=())
        mdpo.run_mdpo(run, quiet=True)
        curves.append(losses(run))
    assert curves[0] == curves[1] != curves[2]


def test_what_cannot_be_trained_on_is_refused(settings: MdpoSettings, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.jsonl"
    write_preferences(foreign, [Preference("nobody", "", "a;", "b;", 0.1)])
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{\n")
    for change, message in [
        ({"preferences": (tmp_path / "absent.jsonl",)}, "there is no"),
        ({"preferences": (foreign,)}, "in no file of data"),
        ({"preferences": (broken,)}, "cannot be read"),
        ({"held_out": settings.preferences}, "held out and trained on"),
        ({"row_tokens": 8}, "nothing to train on"),
    ]:
        with pytest.raises(StageError, match=message) as caught:
            mdpo.run_mdpo(replace(settings, out=tmp_path / "refused", **change), quiet=True)
        assert caught.value.code == NO_DATA
        assert not (tmp_path / "refused" / "adapter").exists()


def test_a_loss_that_is_no_number_stops_and_leaves_no_adapter(settings: MdpoSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    original = preference_trainer.margin_preference_loss

    def broken(*arguments):
        found = original(*arguments)
        return replace(found, loss=found.loss * float("nan"))

    monkeypatch.setattr(preference_trainer, "margin_preference_loss", broken)
    with pytest.raises(StageError, match="no number") as caught:
        mdpo.run_mdpo(settings, quiet=True)
    assert caught.value.code == NOT_A_NUMBER
    assert not (settings.out / "adapter").exists()


def test_two_processes_learn_what_one_does(settings: MdpoSettings, tmp_path: Path) -> None:
    settings = replace(settings, row_questions=1, epochs=2, held_out=())
    alone = weights(mdpo.run_mdpo(replace(settings, out=tmp_path / "alone"), quiet=True))
    kept = ("base", "out", "dtype", "device", "threads", "epochs", "pairs_per_step", "row_tokens", "row_questions", "learning_rate", "beta")
    given = [f"{name}={getattr(settings, name)}" for name in kept]
    given += [f"data=['{settings.data[0]}']", f"preferences=['{settings.preferences[0]}']"]
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "joinery_trainer.cli", "mdpo", "--quiet"]
    done = subprocess.run(
        [*launch, *(text for one in given for text in ("--set", one))],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    together = weights(settings.out / "adapter")
    for name, tensor in alone.items():
        torch.testing.assert_close(together[name], tensor, atol=1e-5, rtol=1e-4)


def test_from_questions_on_a_database_to_an_adapter(settings: MdpoSettings, database: Path, tmp_path: Path) -> None:
    data = write_questions(tmp_path / "questions.jsonl", database)
    preferences = tmp_path / "preferences"
    assert (
        main(["preferences", "--quiet", "--set", f"out={preferences}", "--set", f"data=['{data}']", "--set", "statements=2", "--set", "steps=2"]) == 0
    )
    run = replace(settings, data=(data,), preferences=(preferences / "preferences.jsonl",), held_out=(), row_tokens=1000, pairs_per_step=4, epochs=4)
    adapter = mdpo.run_mdpo(run, quiet=True)
    plan = told(run, "plan")[0]
    assert plan["preferences"] == len(read_preferences(run.preferences)) > 12
    assert plan["tokens_per_epoch"] < 0.5 * plan["plain_tokens_per_epoch"]
    assert told(run, "reward")[-1]["accuracies"] > 0.6
    assert weights(adapter)
