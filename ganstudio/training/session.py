"""One stretch of training, between start or resume and stop."""

import logging
import time
from collections.abc import Iterator
from pathlib import Path

from ganstudio.devices import describe_device, resolve_device
from ganstudio.files import FileWriteError
from ganstudio.training.config import TrainingConfig
from ganstudio.training.data_order import split_holdout
from ganstudio.training.errors import TrainingDivergedError
from ganstudio.training.events import StepDone, TrainingEnded, TrainingEvent, TrainingStarted
from ganstudio.training.feed import PictureFeed, TrainingPictures
from ganstudio.training.game.pair import Pair
from ganstudio.training.game.transfer import take_weights
from ganstudio.training.run_writer import RunWriter
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.state import Progress, load_newest_state
from ganstudio.training.schedule import Schedule
from ganstudio.training.watch.scoring import Scorer

logger = logging.getLogger(__name__)


class Session:
    """Plays round after round and does in between what is due.

    Attributes:
        progress: How far the run has come.

    Args:
        config: Settings, threads resolved.
        pictures: Prepared pictures that fit the network.
        run: Made already, and locked by the caller.
    """

    def __init__(self, config: TrainingConfig, pictures: TrainingPictures, run: RunFolder) -> None:
        self.config = config
        self.run = run
        self.pair = Pair(config, resolve_device(config.device))
        self.progress = Progress()
        shown, held = split_holdout(len(pictures.pixels), config.holdout, config.seed)
        self.feed = PictureFeed(pictures, shown, self.pair)
        self.writer = RunWriter(
            run, self.pair, pictures, Scorer(pictures.pixels, pictures.labels, shown, held, self.pair.device)
        )

    def events(self, resume: bool) -> Iterator[TrainingEvent]:
        """Restore where asked, then play until the end; saves on every way out but divergence."""
        yield from self._begin(resume)
        try:
            yield from self._play()
        except GeneratorExit:
            self.writer.save_state_unless_gone(self.progress)
            raise
        except TrainingDivergedError as error:
            yield self.writer.warn(self.progress, error.message)
            remedy = f"{error.remedy}; {self.writer.kept()}"
            raise TrainingDivergedError(self.run.path, error.reason, remedy) from error
        yield from self._finish()

    def _begin(self, resume: bool) -> Iterator[TrainingEvent]:
        warnings: list[str] = []
        if resume:
            self.progress, warnings = load_newest_state(self.run, self.pair)
            self.writer.saved_step = self.progress.step
            self.feed.go_to(self.progress.images)
            self.run.forget_after(self.progress.kimg)
        elif self.config.start_from:
            share = take_weights(self.pair, Path(self.config.start_from))
            logger.info("%.0f %% of the weights are those of %s", 100 * share, self.config.start_from)
        yield TrainingStarted(self.run.path, self.config, self.progress.kimg, describe_device(self.pair.device))
        for message in warnings:
            yield self.writer.warn(self.progress, message)

    def _play(self) -> Iterator[TrainingEvent]:
        schedule = Schedule(self.config, self.progress.kimg)
        started = time.perf_counter() - self.progress.seconds
        if self.progress.step == 0:
            yield from self.writer.draw_samples(self.progress)
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
            yield self.writer.log(self.progress, schedule)
        if kimg >= self.config.kimg:
            return  # all of it is done once more at the end
        try:
            if schedule.is_due("sample", kimg):
                yield from self.writer.draw_samples(self.progress)
            if schedule.is_due("score", kimg):
                yield from self.writer.measure_score(self.progress)
            if schedule.is_due("snapshot", kimg):
                yield from self.writer.save_snapshot(self.progress)
            if schedule.is_state_due():
                yield from self.writer.save_state(self.progress)
        except FileWriteError as error:
            self.writer.check_folder()
            message = f"{error.message} (training goes on; the last saved state is whole)"
            yield self.writer.warn(self.progress, message)

    def _finish(self) -> Iterator[TrainingEvent]:
        self.writer.check_folder()
        yield from self.writer.draw_samples(self.progress)
        yield from self.writer.measure_score(self.progress)
        yield from self.writer.save_snapshot(self.progress)
        yield from self.writer.save_state(self.progress)
        yield TrainingEnded(self.progress.kimg)
