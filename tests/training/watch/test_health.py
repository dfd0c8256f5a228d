"""Health: each alarm on a record that shows it, silence on one that does not."""

from dataclasses import replace

import pytest

from ganstudio.training.config import with_settings
from ganstudio.training.events import ScalarsLogged, SnapshotSaved, StepDone, TrainingWarned
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory, series
from ganstudio.training.watch.health import diagnose


def history(scores=(), **scalars) -> RunHistory:
    base = {"d_real": 0.6, "d_fake": 0.4, "gradient_generator": 1.0, **scalars}
    lines = [{"kimg": float(n), **{name: _at(value, n) for name, value in base.items()}} for n in range(60)]
    return RunHistory(planned_kimg=100, kimg=60, scalars=lines, scores=list(scores))


def _at(value, n):
    return value(n) if callable(value) else value


def scored(values: dict[str, list[float]]) -> list[dict[str, float]]:
    count = len(next(iter(values.values())))
    return [{"kimg": float(n), **{name: column[n] for name, column in values.items()}} for n in range(count)]


def titles(record: RunHistory) -> list[str]:
    return [finding.title for finding in diagnose(record)]


def test_an_even_game_raises_no_alarm():
    good = scored(
        {"diversity": [0.1, 0.4, 0.8, 0.9, 1.0], "copying": [1.5, 1.2, 1.1, 1.1, 1.0], "kid": [5, 4, 3, 2, 1]}
    )
    assert titles(history(good)) == []
    assert titles(RunHistory()) == []


@pytest.mark.parametrize(
    ("scalars", "title"),
    [
        ({"d_real": 0.99, "d_fake": 0.01}, "The discriminator wins"),
        ({"d_real": 0.4, "d_fake": 0.6}, "The discriminator is lost"),
        ({"gradient_generator": lambda n: 1.0 if n < 30 else 1e-6}, "The generator's gradient has vanished"),
    ],
)
def test_a_lasting_stretch_raises_its_alarm(scalars, title):
    assert title in titles(history(**scalars))


def test_one_bad_point_raises_none():
    assert titles(history(d_real=lambda n: 0.99 if n == 59 else 0.6, d_fake=lambda n: 0.01 if n == 59 else 0.4)) == []


def test_an_alarm_says_since_when():
    (finding,) = diagnose(history(d_real=lambda n: 0.99 if n >= 40 else 0.6, d_fake=lambda n: 0.01 if n >= 40 else 0.4))
    assert finding.since_kimg == 40


def test_collapse_and_copying_are_told_from_the_scores():
    collapsed = scored({"diversity": [0.9, 0.9, 0.9, 0.4, 0.1], "copying": [1.0] * 5})
    assert [(finding.title, finding.severity) for finding in diagnose(history(collapsed))] == [
        ("Mode collapse", "danger")
    ]
    copied = scored({"diversity": [1.0] * 5, "copying": [1.2, 1.0, 0.9, 0.7, 0.5]})
    assert titles(history(copied)) == ["Training pictures are copied"]


def test_a_score_that_was_better_before_is_told():
    values = [5.0, 3, 1, 0.5, 0.2, 0.1, 1, 2, 3, 3, 3, 3, 3]
    record = history(scored({"kid": values, "kid_deviation": [0.05] * len(values)}))
    assert titles(record) == ["It was better before"]


def test_a_score_that_never_moved_is_told():
    flat = scored({"kid": [5.54, 5.55, 5.53, *[5.541] * 12], "kid_deviation": [0.02] * 15})
    (finding,) = diagnose(history(flat))
    assert finding.title == "No progress"
    assert finding.since_kimg == 0
    assert finding.remedies[0].settings["generator_lr"] == pytest.approx(2e-3)
    falling = scored({"kid": [5.0 - 0.1 * n for n in range(15)], "kid_deviation": [0.02] * 15})
    assert titles(history(falling)) == []


def test_few_held_out_pictures_that_cannot_tell_ring_nothing():
    """The distances of a healthy run on 436 portraits, 21 of them held out."""
    few = {"kid": [0.0087, 0.0057, *[0.0015] * 6, *[-0.0055] * 8], "kid_deviation": [0.0135] * 16}
    assert titles(history(scored(few))) == []
    worse = {**few, "kid": [0.09] * 16}
    falling = {**worse, "frechet": [31.2 - 0.6 * n for n in range(16)], "frechet_deviation": [0.9] * 16}
    assert titles(history(scored(falling))) == []  # what the kernel distance cannot tell, the other one does
    flat = {**worse, "frechet": [31.2] * 16, "frechet_deviation": [0.9] * 16}
    assert titles(history(scored(flat))) == ["No progress"]


def test_gradients_that_grow_all_along_explode():
    growing = history(gradient_generator=lambda n: 800.0 * 1.2**n)
    assert "Gradients explode" in titles(growing)
    assert titles(history(gradient_generator=lambda n: 1.0 + n / 10)) == []


def test_missing_kinds_are_told_of_networks_that_have_settled():
    missing = [0.0, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]
    settled = scored({"missing": missing, "kid": [5, 3, 1, 0.5, 0.5, 0.49, 0.5, 0.5]})
    assert titles(history(settled)) == ["Some kinds of pictures are missing"]
    learning = scored({"missing": missing, "kid": [5, 4, 3, 2.5, 2, 1.5, 1, 0.5]})
    assert titles(history(learning)) == []


LEAKING = {"augmented_ratio": [1.0, 0.6, 0.6, 0.6, 0.6], "augmented_errors": [9.0] * 5}


@pytest.mark.parametrize(
    ("parts", "scores", "offered"),
    [
        (
            {"adaptive_augmentation": {"cap": 1.0}},
            LEAKING,
            [("change", {"adaptive_augmentation.cap": 0.6}), ("roll_back", {"adaptive_augmentation.cap": 0.6})],
        ),
        (
            {"diff_augment": {"share": 0.9}},
            {"leak": [0.0, 0.3, 0.3, 0.3, 0.3]},
            [
                ("change", {"diff_augment.share": 0.6}),
                ("change", {"diff_augment.cut_out": False}),
                ("roll_back", {"diff_augment.share": 0.6}),
            ],
        ),
        ({"diff_augment": {"cut_out": False}}, LEAKING, [("change", {"diff_augment.share": 0.67}),
                                                         ("roll_back", {"diff_augment.share": 0.67})]),
    ],
)  # fmt: skip
def test_augmentation_that_leaks_is_told_and_less_of_it_offered(parts, scores, offered, tiny_config):
    strength = {"augmentation_p": 0.8} if "adaptive_augmentation" in parts else {}
    record = history(scored(scores), **strength)
    record.best_kimg = 2.0
    record.config = replace(tiny_config, parts=parts)
    (finding,) = diagnose(record)
    assert finding.title == "Augmentation leaks"
    assert finding.since_kimg == 3
    assert [(remedy.kind, remedy.settings) for remedy in finding.remedies] == offered
    for remedy in finding.remedies:
        with_settings(record.config, remedy.settings)


def test_augmentation_does_not_leak_where_it_may_be_chance_or_is_not_there(tiny_config):
    may_be_chance = {**LEAKING, "augmented_errors": [2.0] * 5}
    real_nearer = {**LEAKING, "augmented_ratio": [1.6] * 5}
    record = history(scored(LEAKING))
    record.config = tiny_config
    assert titles(record) == []
    record.config = replace(tiny_config, parts={"diff_augment": {}})
    assert titles(record) == ["Augmentation leaks"]
    for scores in (may_be_chance, real_nearer):
        record.scores = scored(scores)
        assert titles(record) == []


def test_adaptive_augmentation_that_goes_down_by_itself_is_given_time(tiny_config):
    parts = {"adaptive_augmentation": {"start": 0.6}}
    for strength, expected in ((lambda n: 0.6 - 0.01 * n, []), (lambda n: 0.3 + 0.001 * n, ["Augmentation leaks"])):
        record = history(scored(LEAKING), augmentation_p=strength)
        record.config = replace(tiny_config, parts=parts)
        assert titles(record) == expected


COLLAPSED = {"diversity": [0.9, 0.9, 0.9, 0.4, 0.1], "copying": [1.0] * 5}


def test_where_there_is_no_best_moment_nothing_goes_back_to_it(tiny_config):
    record = history(scored(COLLAPSED))
    record.config = tiny_config
    (without,) = diagnose(record)
    record.best_kimg = 2.0
    (with_best,) = diagnose(record)
    assert [(remedy.kind, remedy.title) for remedy in without.remedies] == [
        ("restart", "Begin Anew with a Stronger R1"),
        ("restart", "Begin Anew and Play in Pairs"),
        ("restart", "Begin Anew in Packs of Two"),
    ]
    assert [remedy.kind for remedy in with_best.remedies] == ["roll_back", "roll_back", "restart", "roll_back"]


def test_a_generator_far_ahead_of_its_judge_is_offered_equal_rates(tiny_config):
    record = history(scored(COLLAPSED))
    record.config = replace(tiny_config, generator_lr=2e-3, discriminator_lr=2e-4)
    (finding,) = diagnose(record)
    assert {"generator_lr": 2e-4} in [remedy.settings for remedy in finding.remedies if remedy.kind == "restart"]


def test_warnings_are_shown_first():
    record = history(d_real=0.99, d_fake=0.01)
    record.add(TrainingWarned(3.0, "the disk is full"))
    assert titles(record) == ["Something failed", "The discriminator wins"]


def test_a_record_grows_with_its_events_and_goes_back(tmp_path):
    record = RunHistory(planned_kimg=10)
    for kimg in (1.0, 2.0, 3.0):
        record.add(StepDone(int(kimg), kimg))
        record.add(ScalarsLogged(kimg, {"loss_generator": kimg}, 100.0))
        record.add(SnapshotSaved(kimg, tmp_path / f"{kimg}"))
    assert series(record.scalars, "loss_generator") == ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert record.seconds_left == 70.0
    assert record.nearest_snapshot(2.4) == (2.0, tmp_path / "2.0")
    record.best_kimg = 2.0
    record.forget_after(1.5)
    assert [kimg for kimg, _ in record.snapshots] == [1.0]
    assert record.best_kimg is None


def test_a_record_of_a_run_that_goes_back_by_itself_goes_back_with_it(tmp_path):
    record = RunHistory(planned_kimg=10)
    for kimg in (1.0, 2.0, 3.0):
        record.add(StepDone(int(kimg), kimg))
        record.add(ScalarsLogged(kimg, {"loss_generator": kimg}, 100.0))
    record.add(TrainingWarned(3.0, "went back"))
    record.add(StepDone(2, 1.5))
    assert series(record.scalars, "loss_generator")[0] == [1.0]
    assert record.kimg == 1.5
    assert len(record.warnings) == 1


def test_a_record_is_read_back_from_its_folder(tiny_config, tmp_path):
    run = RunFolder(tmp_path / "run")
    run.create(tiny_config, {})
    run.append("scalars", {"kimg": 0.1, "d_real": 0.5, "images_per_second": 40.0})
    run.append("scores", {"kimg": 0.1, "kid": 0.2})
    run.append("warnings", {"kimg": 0.1, "message": "careful"})
    record = RunHistory.of(run)
    assert record.planned_kimg == tiny_config.kimg
    assert record.images_per_second == 40.0
    assert record.warnings == [(0.1, "careful")]


def test_a_run_of_another_program_without_these_curves_is_not_judged_by_them() -> None:
    history = RunHistory(scalars=[{"kimg": float(step), "loss_generator": 1.0} for step in range(100)])
    assert diagnose(history) == ()
