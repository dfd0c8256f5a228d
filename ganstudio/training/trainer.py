"""The training loop: a generator of events that saves everything when it is closed."""

import logging
import platform
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

import ganstudio
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.devices import default_threads, describe_device, resolve_device
from ganstudio.files import FileWriteError
from ganstudio.images import save_picture, tile, to_uint8
from ganstudio.latent.spaces import sample_z
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.config import TrainingConfig
from ganstudio.training.data_order import split_holdout
from ganstudio.training.errors import RunFolderError, TrainingDivergedError, TrainingError
from ganstudio.training.events import (
    SamplesDrawn,
    ScalarsLogged,
    ScoreMeasured,
    SnapshotSaved,
    StateSaved,
    StepDone,
    TrainingEnded,
    TrainingEvent,
    TrainingStarted,
    TrainingWarned,
)
from ganstudio.training.feed import PictureFeed, TrainingPictures
from ganstudio.training.game.pair import Pair
from ganstudio.training.game.transfer import take_weights
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.state import Progress, load_newest_state, save_state
from ganstudio.training.schedule import Schedule
from ganstudio.training.watch.scoring import Scorer

logger = logging.getLogger(__name__)

MIN_PICTURES = 2


def train(
    config: TrainingConfig,
    pictures: TrainingPictures,
    run: RunFolder,
    resume: bool = False,
    origin: Mapping[str, Any] | None = None,
) -> Iterator[TrainingEvent]:
    """Train until `config.kimg` thousand pictures were shown.

    Closing the generator saves the state at the last finished step; a run resumed from there gives the same weights,
    bit for bit, as one that never stopped (CPU, same torch, same number of threads).

    Args:
        config: Settings; on resuming, only `kimg`, intervals and rates should differ from the run's own.
        pictures: Prepared pictures of the network's resolution and channels.
        run: Where everything is written.
        resume: Go on from the newest whole state.
        origin: Where the pictures came from and how they were prepared; kept in `run.json` so that a later resume can
            prepare them again.

    Yields:
        The events of `events.py`, a StepDone after every step.

    Raises:
        NetworkConfigError: The network cannot be built as the settings say.
        TrainingError: Too few pictures, or they do not fit the network.
        RunFolderError: The folder holds another run, is locked, or was removed during training.
        TrainingDivergedError: A loss stopped being a number; the last good state is kept.
        FileWriteError: The last state could not be saved (disk full); the one before is whole.
    """
    config = replace(config, threads=config.threads or default_threads())
    _check_pictures(config, pictures)
    if resume:
        _check_same_pictures(run, pictures)
        run.replace_config(config)
    else:
        run.create(config, {**_about(pictures), "origin": dict(origin or {})})
    with run.lock():
        torch.set_num_threads(config.threads)
        yield from _Session(config, pictures, run, _data_name(run)).events(resume)


class _Session:
    """One stretch of training between start or resume and stop."""

    def __init__(self, config: TrainingConfig, pictures: TrainingPictures, run: RunFolder, data_name: str) -> None:
        self.config = config
        self.data_name = data_name
        self.pictures = pictures
        self.run = run
        self.pair = Pair(config, resolve_device(config.device))
        self.progress = Progress()
        shown, held = split_holdout(len(pictures.pixels), config.holdout, config.seed)
        self.feed = PictureFeed(pictures, shown, self.pair)
        self.scorer = Scorer(pictures.pixels, shown, held, self.pair.device)
        self.saved_step = -1

    def events(self, resume: bool) -> Iterator[TrainingEvent]:
        """Restore where asked, then play until the end; saves on every way out but divergence."""
        yield from self._begin(resume)
        try:
            yield from self._play()
        except GeneratorExit:
            self._save_unless_gone()
            raise
        except TrainingDivergedError as error:
            yield self._warn(error.message)
            raise TrainingDivergedError(self.run.path, error.reason, f"{error.remedy}; {self._kept()}") from error
        yield from self._finish()

    def _begin(self, resume: bool) -> Iterator[TrainingEvent]:
        warnings: list[str] = []
        if resume:
            self.progress, warnings = load_newest_state(self.run, self.pair)
            self.saved_step = self.progress.step
            self.feed.go_to(self.progress.images)
            self.run.forget_after(self.progress.kimg)
        elif self.config.start_from:
            share = take_weights(self.pair, Path(self.config.start_from))
            logger.info("%.0f %% of the weights are those of %s", 100 * share, self.config.start_from)
        yield TrainingStarted(self.run.path, self.config, self.progress.kimg, describe_device(self.pair.device))
        for message in warnings:
            yield self._warn(message)

    def _play(self) -> Iterator[TrainingEvent]:
        schedule = Schedule(self.config, self.progress.kimg)
        started = time.perf_counter() - self.progress.seconds
        if self.progress.step == 0:
            yield from self._draw_samples()
        while self.progress.kimg < self.config.kimg - 1e-9:
            played = self.pair.play(self.feed, self.progress.step, self.progress.kimg)
            self.progress = Progress(
                self.progress.step + 1, self.progress.images + played.images, time.perf_counter() - started
            )
            schedule.record(played.scalars, played.images)
            yield StepDone(self.progress.step, self.progress.kimg)
            yield from self._do_what_is_due(schedule)

    def _do_what_is_due(self, schedule: Schedule) -> Iterator[TrainingEvent]:
        kimg = self.progress.kimg
        if schedule.is_due("log", kimg):
            yield self._log(schedule)
        if kimg >= self.config.kimg:
            return  # all of it is done once more at the end
        try:
            if schedule.is_due("sample", kimg):
                yield from self._draw_samples()
            if schedule.is_due("score", kimg):
                yield from self._measure_score()
            if schedule.is_due("snapshot", kimg):
                yield from self._save_snapshot()
            if schedule.is_state_due():
                yield from self._save_state()
        except FileWriteError as error:
            self._check_folder()
            yield self._warn(f"{error.message} (training goes on; the last saved state is whole)")

    def _log(self, schedule: Schedule) -> ScalarsLogged:
        scalars, speed = schedule.take_means()
        scalars["learning_rate"] = self.pair.generator_optimizer.param_groups[0]["lr"]
        event = ScalarsLogged(self.progress.kimg, scalars, speed)
        rounded = {name: float(f"{value:.6g}") for name, value in scalars.items()}
        self._append("scalars", {"kimg": event.kimg, **rounded, "images_per_second": round(speed, 2)})
        return event

    def _draw_samples(self) -> Iterator[TrainingEvent]:
        spec = self.pair.averaged.spec
        seeds = range(self.config.sample_count)
        z = sample_z(list(seeds), spec.z_dim, spec.latent_law)
        labels = torch.arange(len(z)) % spec.num_classes if spec.num_classes else None
        path = self.run.sample_path(self.progress.kimg)
        save_picture(path, tile(to_uint8(self._generate(z, labels))))
        yield SamplesDrawn(self.progress.kimg, path)

    @torch.inference_mode()
    def _generate(self, z: torch.Tensor, labels: torch.Tensor | None) -> torch.Tensor:
        device = self.pair.device
        images: torch.Tensor = self.pair.averaged(z.to(device), labels.to(device) if labels is not None else None)
        return images

    def _measure_score(self) -> Iterator[TrainingEvent]:
        scalars = self.scorer.measure(self.pair.averaged)
        event = ScoreMeasured(self.progress.kimg, scalars)
        self._append("scores", {"kimg": event.kimg, **{name: float(f"{value:.6g}") for name, value in scalars.items()}})
        yield event

    def _save_snapshot(self) -> Iterator[TrainingEvent]:
        path = self.run.snapshot_path(self.progress.kimg)
        facts = {
            "kimg": self.progress.kimg,
            "steps": self.progress.step,
            "seconds": round(self.progress.seconds, 1),
            "seed": self.config.seed,
            "run": self.run.name,
            "batch_size": self.config.batch_size,
            "loss": self.config.loss,
            "data": self.data_name,
        }
        names = tuple(self.pictures.class_names) if self.pair.generator.spec.num_classes else ()
        content = GeneratorFile(self.config.network, self.pair.network_config, names, facts)
        save_generator(path, self.pair.averaged, content)
        yield SnapshotSaved(self.progress.kimg, path)

    def _save_state(self) -> Iterator[TrainingEvent]:
        path = self.run.state_path(self.progress.kimg)
        save_state(path, self.pair, self.progress)
        self.saved_step = self.progress.step
        self.run.remove_old_states()
        yield StateSaved(self.progress.kimg, path)

    def _finish(self) -> Iterator[TrainingEvent]:
        self._check_folder()
        yield from self._draw_samples()
        yield from self._measure_score()
        yield from self._save_snapshot()
        yield from self._save_state()
        yield TrainingEnded(self.progress.kimg)

    def _save_unless_gone(self) -> None:
        if self.saved_step != self.progress.step and self.progress.step > 0:
            self._check_folder()
            for _ in self._save_state():
                logger.info("saved %s at %.3f kimg", self.run.path, self.progress.kimg)

    def _append(self, record: str, values: dict[str, Any]) -> None:
        try:
            self.run.append(record, values)
        except FileWriteError as error:
            self._check_folder()
            logger.warning("%s", error.message)

    def _check_folder(self) -> None:
        if not self.run.exists:
            raise RunFolderError(
                self.run.path, "the run folder was removed during training", "restore it, or start a new run elsewhere"
            )

    def _warn(self, message: str) -> TrainingWarned:
        self._append("warnings", {"kimg": self.progress.kimg, "message": message})
        return TrainingWarned(self.progress.kimg, message)

    def _kept(self) -> str:
        states = self.run.states()
        return f"the state at {states[-1][0]:g} kimg is whole" if states else "no state had been saved yet"


def _check_pictures(config: TrainingConfig, pictures: TrainingPictures) -> None:
    NETWORKS[config.network].make_config(config.network_config)  # refused here, before there is a run folder
    count, height, width, channels = pictures.pixels.shape
    if count < MIN_PICTURES:
        reason = f"there {'is' if count == 1 else 'are'} only {count} usable picture{'s' if count != 1 else ''}"
        raise TrainingError("pictures", reason, "add more pictures: a network needs dozens, better thousands")
    expected = (config.network_config.get("resolution"), config.network_config.get("channels"))
    if (height, channels) != expected or height != width:
        shape = f"{width}x{height} with {channels} channels"
        raise TrainingError(
            "pictures", f"they are {shape}, the network draws {expected}", "prepare them for the network"
        )
    classes = config.network_config.get("num_classes", 0)
    if classes and (pictures.labels is None or int(pictures.labels.max()) >= classes or int(pictures.labels.min()) < 0):
        raise TrainingError(
            "labels", f"the network has {classes} classes, the pictures do not fit", "choose no classes"
        )


def _data_name(run: RunFolder) -> str:
    """What the pictures are called, without the folder they are in: snapshots are given away."""
    origin = run.about().get("origin")
    return Path(str(origin.get("place", ""))).name if isinstance(origin, dict) else ""


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
