"""Alarms on real trainings of a few seconds: ills provoked on purpose, and healthy runs that stay silent throughout.

`tests/benchmarks/alarms.py` does the same for longer, and for more ills.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.training.config import with_settings
from ganstudio.training.errors import TrainingDivergedError
from ganstudio.training.events import ScalarsLogged, ScoreMeasured
from ganstudio.training.origin import Origin, prepare_and_train
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.watch.alarms.base import Finding
from ganstudio.training.watch.health import diagnose

SMALL = {"network_config.base_channels": 8, "network_config.max_channels": 16}
PAIRS = {"loss": "relativistic", "r2": True}
HASTY_PAIRS = {**PAIRS, "r1.gamma": 0.1, "r2.gamma": 0.1, "generator_lr": 1e-3, "discriminator_lr": 1e-3,
               "network_config.z_dim": 8}  # fmt: skip


def grey(place: str) -> Origin:
    return Origin(place, PreparationConfig(28, 1), use_labels=False)


AVATARS = grey("avatars:600")


def train(
    folder: Path, preset: str, kimg: float, settings: Mapping[str, Any], origin: Origin = AVATARS, scores: int = 8
) -> tuple[RunHistory, dict[str, Finding]]:
    """Train, and judge at each point and score: the record, and the last finding of each title that ever rang."""

    def configure(facts):
        often = {"kimg": kimg, "score_kimg": kimg / scores, "log_kimg": kimg / 80, "threads": 1, "device": "cpu"}
        rarely = {"sample_kimg": kimg, "snapshot_kimg": kimg, "state_seconds": 3600.0}
        return with_settings(PRESETS[preset].configure(facts), {**often, **rarely, **settings})

    run, rang = RunFolder(folder / "run"), {}
    events = prepare_and_train(origin, configure, run)
    history = RunHistory()
    try:
        for event in events:
            history.add(event)
            if isinstance(event, ScalarsLogged | ScoreMeasured):
                rang |= {finding.title: finding for finding in diagnose(history)}
    except TrainingDivergedError:
        rang |= {finding.title: finding for finding in diagnose(history)}
    assert diagnose(RunHistory.of(run)) == diagnose(history)  # from outside it is judged alike
    return history, rang


def remedies(finding: Finding) -> list[tuple[str, str]]:
    return [(remedy.kind, name) for remedy in finding.remedies for name in remedy.settings or ("",)]


def test_mode_collapse(tmp_path):
    fast = {"generator_lr": 2e-3, "discriminator_lr": 2e-4}
    history, rang = train(tmp_path, "gan_2014", 6.0, fast)
    found = rang["Mode collapse"]
    assert found.since_kimg < 0.8 * history.kimg
    assert found.confidence >= 0.6
    assert ("restart", "packing") in remedies(found)
    assert ("roll_back", "loss") in remedies(found)
    assert ("restart", "generator_lr") in remedies(found)


def test_a_discriminator_that_learns_by_heart(tmp_path):
    _, rang = train(tmp_path, "quick", 9.0, {"holdout": 0.5, "r1": False}, grey("avatars:60"))
    found = rang["The discriminator learns by heart"]
    assert found.confidence >= 0.6
    assert ("change", "diff_augment") in remedies(found)


def test_pictures_learned_by_heart(tmp_path):
    random = np.random.default_rng(0)
    pictures = np.zeros((23, 28, 28), np.uint8)  # so few that one is held out, and nearness is judged without it
    for picture in pictures:
        top, left = random.integers(0, 16, 2)
        picture[top : top + 12, left : left + 12] = random.integers(150, 256)
    np.savez(tmp_path / "squares.npz", images=pictures)
    place = str(tmp_path / "squares.npz")
    history, rang = train(tmp_path, "first_gan", 44.0, HASTY_PAIRS, grey(place))
    assert "Training pictures are copied" in rang, history.scores
    assert ("roll_back", "") in remedies(rang["Training pictures are copied"])


def test_augmentation_that_leaks(tmp_path):
    """Where each picture is turned and coloured anew, nobody can tell how it was."""
    always = {f"adaptive_augmentation.{name}": value for name, value in
              (("start", 1.0), ("cap", 1.0), ("speed_kimg", 1e5))}  # fmt: skip
    fast = {"generator_lr": 1e-3, "discriminator_lr": 1e-3, "holdout": 0.2}
    coloured = Origin("avatars:600", PreparationConfig(28, 3), use_labels=False)
    history, rang = train(tmp_path, "quick", 6.5, {**SMALL, **fast, **always}, coloured)
    assert "Augmentation leaks" in rang, history.scores
    assert ("change", "adaptive_augmentation.cap") in remedies(rang["Augmentation leaks"])


def test_numbers_that_are_none(tmp_path):
    wild = {"loss": "wasserstein", "r1.gamma": 1e6, "generator_lr": 1.0, "discriminator_lr": 1.0}
    history, rang = train(tmp_path, "gan_2014", 2.0, wild)
    assert rang["Something failed"].severity == "danger"
    assert "passed over" in history.warnings[0][1]
    assert "half as high" in history.warnings[1][1]


def test_a_gradient_that_vanishes(tmp_path):
    sure = {"loss": "minimax", "discriminator_lr": 2e-3, "generator_lr": 1e-5}
    _, rang = train(tmp_path, "gan_2014", 5.0, sure, scores=2)
    assert ("change", "loss") in remedies(rang["The generator's gradient has vanished"])
    assert ("restart", "spectral_norm") in remedies(rang["The discriminator wins"])
    assert set(rang) <= {"The generator's gradient has vanished", "The discriminator wins", "The game is over"}


def test_a_discriminator_that_is_lost(tmp_path):
    _, rang = train(tmp_path, "gan_2014", 5.0, {"discriminator_lr": 1e-7}, scores=2)
    assert ("change", "discriminator_lr") in remedies(rang["The discriminator is lost"])


def test_nothing_learned(tmp_path):
    _, rang = train(tmp_path, "first_gan", 4.0, {"generator_lr": 1e-7, "discriminator_lr": 1e-7}, scores=15)
    assert set(rang) == {"No progress"}


@pytest.mark.parametrize(
    ("preset", "kimg", "settings"),
    [
        ("quick", 5.0, SMALL),
        ("first_gan", 12.0, PAIRS),
        ("wgan_gp", 6.0, SMALL),
    ],
)
def test_healthy_runs_stay_silent_throughout(preset, kimg, settings, tmp_path):
    history, rang = train(tmp_path, preset, kimg, settings)
    assert rang == {}
    assert len(history.scores) == 8


def test_a_healthy_run_on_few_pictures_stays_silent(tmp_path):
    """Of 100 pictures 5 are held out, against which chance is larger than what is learned."""
    history, rang = train(
        tmp_path, "quick", 3.0, {**SMALL, "diff_augment": True}, origin=grey("avatars:100"), scores=16
    )
    assert rang == {}
    assert len(history.scores) == 16
