"""What a run writes on its way, each with the event that tells of it: curves, samples, scores, snapshots, states."""

import logging
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.files import FileWriteError
from ganstudio.images import save_picture, tile, to_convention, to_uint8
from ganstudio.latent.spaces import sample_z
from ganstudio.training.errors import RunFolderError
from ganstudio.training.events import (
    BestKept,
    SamplesDrawn,
    ScalarsLogged,
    ScoreMeasured,
    SnapshotSaved,
    StateSaved,
    TrainingEvent,
    TrainingWarned,
)
from ganstudio.training.feed import TrainingPictures
from ganstudio.training.game.pair import Pair
from ganstudio.training.runs.event_file import EventFile
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.state import Progress, save_state
from ganstudio.training.watch.scoring import Scorer

logger = logging.getLogger(__name__)


_GROUPED = {  # TensorBoard shows names with the same beginning together
    **{f"loss_{player}": f"loss/{player}" for player in ("generator", "discriminator")},
    **{f"gradient_{player}": f"gradient/{player}" for player in ("generator", "discriminator")},
    **{f"d_{kind}": f"belief/{kind}" for kind in ("real", "fake", "held")},
}


class RunWriter:
    """Writes into a run folder what a pair has come to.

    Attributes:
        saved_step: The step of the newest state, -1 before there is one.

    Args:
        run: The folder; made already.
        pair: Who plays.
        pictures: What they are trained on.
        scorer: Measures the averaged generator.
    """

    def __init__(self, run: RunFolder, pair: Pair, pictures: TrainingPictures, scorer: Scorer) -> None:
        self.run = run
        self.pair = pair
        self.scorer = scorer
        self.saved_step = -1
        self.events: EventFile | None = None
        self._score = (0.0, float("inf"))
        self._class_names = tuple(pictures.class_names)
        self._data_name = _data_name(run)

    def log(self, progress: Progress, means: Mapping[str, float], speed: float) -> ScalarsLogged:
        """Add a point to the curves: the means since the last one, and the pictures per second."""
        scalars = {**means, "learning_rate": float(self.pair.generator_optimizer.param_groups[0]["lr"])}
        event = ScalarsLogged(progress.kimg, scalars, speed)
        rounded = {name: float(f"{value:.6g}") for name, value in scalars.items()}
        self.append("scalars", {"kimg": event.kimg, **rounded, "images_per_second": round(speed, 2)})
        self._tell_tensorboard(progress, {**rounded, "images_per_second": speed})
        return event

    def draw_samples(self, progress: Progress) -> Iterator[TrainingEvent]:
        """Draw the sheet of fixed latents with the averaged generator.

        Raises:
            FileWriteError: The disk is full or the folder gone.
        """
        spec = self.pair.averaged.spec
        z = sample_z(list(range(self.pair.config.sample_count)), spec.z_dim, spec.latent_law)
        labels = torch.arange(len(z)) % spec.num_classes if spec.num_classes else None
        path = self.run.sample_path(progress.kimg)
        sheet = tile(to_uint8(self._generate(z, labels)))
        save_picture(path, sheet)
        if self.events is not None:
            self.events.add_picture(progress.images, "samples", sheet)
        yield SamplesDrawn(progress.kimg, path)

    def measure_score(self, progress: Progress) -> Iterator[TrainingEvent]:
        """Measure the averaged generator against held-out pictures."""
        scalars = {name: float(f"{value:.6g}") for name, value in self.scorer.measure(self.pair).items()}
        self._score = (progress.kimg, scalars["kid"])  # as written: it is compared with what is written of others
        event = ScoreMeasured(progress.kimg, scalars)
        self.append("scores", {"kimg": event.kimg, **scalars})
        self._tell_tensorboard(progress, scalars)
        yield event

    def keep_if_best(self, progress: Progress) -> Generator[TrainingEvent, None, bool]:
        """Keep snapshot and state of this moment where it has the best score so far (see `RunFolder.ranked_scores`).

        Returns:
            Whether it was kept: then its snapshot is saved.

        Raises:
            TrainingDivergedError: A weight is no number.
            FileWriteError: The disk is full or the folder gone; the best of before is untouched.
        """
        scores = self.run.ranked_scores(self.pair.config)
        if not scores or any(line["kid"] < self._score[1] for line in scores):
            return False
        yield from self.save_snapshot(progress)
        save_state(self.run.best_path(progress.kimg), self.pair, progress)
        self.run.remove_former_best()
        yield BestKept(progress.kimg, self._score[1])
        return True

    def save_snapshot(self, progress: Progress) -> Iterator[TrainingEvent]:
        """Save the averaged generator as a checkpoint that opens anywhere.

        Raises:
            FileWriteError: The disk is full or the folder gone.
        """
        config, pair = self.pair.config, self.pair
        path = self.run.snapshot_path(progress.kimg)
        facts = {
            "kimg": progress.kimg,
            "steps": progress.step,
            "seconds": round(progress.seconds, 1),
            "seed": config.seed,
            "run": self.run.name,
            "batch_size": config.batch_size,
            "loss": config.loss,
            "data": self._data_name,
        }
        names = self._class_names if pair.generator.spec.num_classes else ()
        content = GeneratorFile(config.generator_family, pair.generator_config, names, facts)
        save_generator(path, pair.averaged, content)
        yield SnapshotSaved(progress.kimg, path)

    def save_state(self, progress: Progress) -> Iterator[TrainingEvent]:
        """Save everything needed to go on.

        Raises:
            TrainingDivergedError: A weight is no number.
            FileWriteError: The disk is full or the folder gone; older states are untouched.
        """
        path = self.run.state_path(progress.kimg)
        save_state(path, self.pair, progress)
        self.saved_step = progress.step
        self.run.remove_old_states()
        yield StateSaved(progress.kimg, path)

    def begin_stretch(self, progress: Progress) -> None:
        """Begin a file of events for TensorBoard, where the settings say so: what it knows of later is void."""
        if self.pair.config.tensorboard:
            self.events = EventFile(self.run.path / "tensorboard", progress.images)

    def _tell_tensorboard(self, progress: Progress, scalars: Mapping[str, float]) -> None:
        """Add points to TensorBoard's curves; a full disk costs them, not the run."""
        if self.events is None:
            return
        try:
            self.events.add_scalars(
                progress.images, {_GROUPED.get(name, name): value for name, value in scalars.items()}
            )
        except FileWriteError as error:
            self.check_folder()
            logger.warning("%s", error.message)

    def save_state_unless_gone(self, progress: Progress) -> None:
        """Save the state where the newest is older.

        Raises:
            RunFolderError: The folder was removed.
        """
        if self.saved_step != progress.step and progress.step > 0:
            self.check_folder()
            for _ in self.save_state(progress):
                logger.info("saved %s at %.3f kimg", self.run.path, progress.kimg)

    def warn(self, progress: Progress, message: str) -> TrainingWarned:
        """Put a warning on record."""
        self.append("warnings", {"kimg": progress.kimg, "message": message})
        return TrainingWarned(progress.kimg, message)

    def append(self, record: str, values: dict[str, Any]) -> None:
        """Add a line to a record; a full disk costs the line, not the run.

        Raises:
            RunFolderError: The folder was removed.
        """
        try:
            self.run.append(record, values)
        except FileWriteError as error:
            self.check_folder()
            logger.warning("%s", error.message)

    def check_folder(self) -> None:
        """Raise RunFolderError where the folder was removed."""
        if not self.run.exists:
            raise RunFolderError(
                self.run.path, "the run folder was removed during training", "restore it, or start a new run elsewhere"
            )

    def kept(self) -> str:
        """What there is to go on from, in words."""
        states = self.run.states()
        return f"the state at {states[-1][0]:g} kimg is whole" if states else "no state had been saved yet"

    @torch.inference_mode()
    def _generate(self, z: torch.Tensor, labels: torch.Tensor | None) -> torch.Tensor:
        device = self.pair.device
        averaged = self.pair.averaged
        images: torch.Tensor = averaged(z.to(device), labels.to(device) if labels is not None else None)
        return to_convention(images, *averaged.spec.output_range)


def _data_name(run: RunFolder) -> str:
    """What the pictures are called, without the folder they are in: snapshots are given away."""
    origin = run.about().get("origin")
    return Path(str(origin.get("place", ""))).name if isinstance(origin, dict) else ""
