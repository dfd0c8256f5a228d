"""Starts and resumes training: `train` checks what it is given, holds the run folder and plays a `session`."""

import platform
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import torch

import ganstudio
from ganstudio.devices import default_threads
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.arithmetic import training_arithmetic
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import TrainingError
from ganstudio.training.events import TrainingEvent, silently
from ganstudio.training.feed import TrainingPictures
from ganstudio.training.game.transfer import adopt_generator
from ganstudio.training.processes import Processes, join_processes
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.selection import Selection, select_pictures
from ganstudio.training.session import Session

MIN_PICTURES = 4  # to train on: what distances between sets of pictures need


def train(
    config: TrainingConfig,
    pictures: TrainingPictures,
    run: RunFolder,
    resume: bool = False,
    origin: Mapping[str, Any] | None = None,
    left_out: Sequence[int] = (),
) -> Iterator[TrainingEvent]:
    """Train until `config.kimg` thousand pictures were shown.

    Closing the generator saves the state at the last finished step; a run resumed from there gives the same weights,
    bit for bit, as one that never stopped (CPU, same torch, same number of threads).

    Where torchrun started several processes, each calls this and plays its share of every batch; the first alone writes
    and tells, the others yield nothing but StepDone. All must see the run's folder.

    Args:
        config: Settings; on resuming, only `kimg`, intervals and rates should differ from the run's own.
        pictures: Prepared pictures of the network's resolution and channels.
        run: Where everything is written.
        resume: Go on from the newest whole state.
        origin: Where the pictures came from and how they were prepared; kept in `run.json` so that a later resume can
            prepare them again.
        left_out: Pictures that are neither trained on nor held out, because a person does not want them.

    Yields:
        The events of `events.py`, a StepDone after every step.

    Raises:
        NetworkConfigError: The network cannot be built as the settings say.
        TrainingError: Too few pictures, or they do not fit the network.
        RunFolderError: The folder holds another run, is locked, or was removed during training.
        TrainingDivergedError: A loss stopped being a number; the last good state is kept.
        FileWriteError: The last state could not be saved (disk full); the one before is whole.
        PeersError: Another of the processes that train together is gone.
    """
    config = replace(config, threads=config.threads or default_threads())
    config = config if resume else adopt_generator(config)
    _check_pictures(config, pictures)
    with join_processes() as processes, ExitStack() as held:
        processes.check(config)
        with processes.after_the_first():
            if processes.is_first and resume:
                _check_same_pictures(run, pictures)
                held.enter_context(run.lock())
                run.replace_config(config)
            elif processes.is_first:
                run.create(config, {**_about(pictures), "origin": dict(origin or {})})
                held.enter_context(run.lock())
        torch.set_num_threads(config.threads)
        held.enter_context(training_arithmetic(config.precision))
        selection = yield from _select(pictures, config, processes, left_out)
        yield from Session(config, pictures, selection, run, processes).events(resume)


def _select(
    pictures: TrainingPictures, config: TrainingConfig, processes: Processes, left_out: Sequence[int]
) -> Generator[TrainingEvent, None, Selection]:
    """Choose the pictures; all processes do, and the first alone tells of it."""
    choosing = select_pictures(pictures.pixels, config, left_out)
    selection = yield from choosing if processes.is_first else silently(choosing)
    left = len(selection.shown)
    if left < MIN_PICTURES:
        reason = (
            f"without those held and left out only {left} picture{'s are' if left != 1 else ' is'} left to train on"
        )
        raise TrainingError("pictures", reason, "add different pictures, or hold or leave fewer out")
    return selection


def _check_pictures(config: TrainingConfig, pictures: TrainingPictures) -> None:
    network = NETWORKS[config.network].make_config(config.network_config)  # refused here, before there is a folder
    count, height, width, channels = pictures.pixels.shape
    if count < MIN_PICTURES:
        reason = f"there {'is' if count == 1 else 'are'} only {count} usable picture{'s' if count != 1 else ''}"
        raise TrainingError("pictures", reason, "add more pictures: a network needs dozens, better thousands")
    expected = (network.resolution, network.channels)
    if (height, channels) != expected or height != width:
        shape = f"{width}x{height} with {channels} channels"
        raise TrainingError(
            "pictures", f"they are {shape}, the network draws {expected}", "prepare them for the network"
        )
    classes = network.num_classes
    if classes and (pictures.labels is None or int(pictures.labels.max()) >= classes or int(pictures.labels.min()) < 0):
        raise TrainingError(
            "labels", f"the network has {classes} classes, the pictures do not fit", "choose no classes"
        )


def _check_same_pictures(run: RunFolder, pictures: TrainingPictures) -> None:
    if run.about().get("digest", pictures.digest) != pictures.digest:
        raise TrainingError(
            run.path, "its pictures have changed since", "put them back as they were, or start a new run"
        )


def _about(pictures: TrainingPictures) -> dict[str, Any]:
    return {
        "pictures": len(pictures.pixels),
        "digest": pictures.digest,
        "class_names": list(pictures.class_names),
        "program": ganstudio.__version__,
        "torch": torch.__version__,
        "machine": f"{platform.system()} {platform.machine()}",
        "cpu": torch.backends.cpu.get_cpu_capability(),
    }
