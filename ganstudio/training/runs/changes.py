"""Changing a run that stands still: other settings, or back to its best moment; nothing is lost by either."""

import contextlib
import shutil
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.errors import RunFolderError, TrainingConfigError
from ganstudio.training.runs.run_folder import RunFolder

FIXED = (
    "network",
    "network_config",
    "start_from",
    "generator",
    "generator_config",
    "seed",
    "holdout",
    "leave_out_copies",
)
"""Settings that a run keeps for life: others would be another run."""
FIXED_PARTS = (
    "packing",
    "spectral_norm",
    "minibatch_discrimination",
    "auxiliary_classifier",
    "feature_reconstruction",
)
"""Parts that change what the discriminator is made of."""


def change_settings(run: RunFolder, values: Mapping[str, Any]) -> TrainingConfig:
    """Give a run that stands still other settings, from where it stands on; the change is put on record.

    Args:
        run: Not being trained.
        values: As for `config.with_settings`.

    Returns:
        The new settings.

    Raises:
        TrainingConfigError: A setting that cannot be, or that a run keeps for life.
        RunFolderError: The run cannot be read, or is being trained.
        FileWriteError: The disk is full.
    """
    before = run.config()
    after = settings_after(before, values)
    with run.lock():
        if after != before:
            run.replace_config(after)
            states = run.states()
            run.append("changes", {"kimg": states[-1][0] if states else 0.0, "settings": dict(values)})
    return after


def settings_after(before: TrainingConfig, values: Mapping[str, Any]) -> TrainingConfig:
    """The settings that a run of these would have after a change.

    Raises:
        TrainingConfigError: A setting that cannot be, or that a run keeps for life.
    """
    after = with_settings(before, values)
    _check(before, after)
    return after


def roll_back(run: RunFolder) -> float:
    """Set a run back to its best moment; what came after it is set aside in a folder of its own.

    Returns:
        Where it stands now, in kimg.

    Raises:
        RunFolderError: No best moment is kept, the run is being trained, or files cannot be moved.
    """
    with run.lock():
        best = run.best()
        if best is None:
            raise RunFolderError(run.path, "it has no best moment yet to go back to", "let it be scored a few times")
        kimg, path = best
        try:
            _set_aside(run, kimg)
            shutil.copyfile(path, run.state_path(kimg))
        except OSError as error:
            reason = f"what came later cannot be set aside ({error.strerror})"
            raise RunFolderError(run.path, reason, "free some space, then try again") from error
        run.forget_after(kimg)
    return kimg


def _check(before: TrainingConfig, after: TrainingConfig) -> None:
    for item in fields(TrainingConfig):
        if item.name in FIXED and getattr(before, item.name) != getattr(after, item.name):
            raise TrainingConfigError(item.name, "a run keeps it for life", "start a new run with it")
    for name in FIXED_PARTS:
        if before.parts.get(name) != after.parts.get(name):
            reason = "it changes what the discriminator is made of"
            raise TrainingConfigError(name, reason, "start a new run with it")


def _set_aside(run: RunFolder, kimg: float) -> None:
    """Move everything later than a moment, and copies of the records, to the next free folder."""
    number = 1
    while (run.path / "set-aside" / str(number)).exists():
        number += 1
    place = run.path / "set-aside" / str(number)
    for stamp, path in run.samples() + run.snapshots() + run.states():
        if stamp > kimg + 1e-3:
            target = place / path.parent.name
            target.mkdir(parents=True, exist_ok=True)
            path.replace(target / path.name)
    place.mkdir(parents=True, exist_ok=True)
    for record in ("scalars", "scores", "warnings"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(run.path / f"{record}.jsonl", place / f"{record}.jsonl")


def set_aside_places(run: RunFolder) -> tuple[Path, ...]:
    """The folders of what was set aside, oldest first."""
    try:
        places = [path for path in (run.path / "set-aside").iterdir() if path.name.isdigit()]
    except OSError:
        return ()
    return tuple(sorted(places, key=lambda path: int(path.name)))
