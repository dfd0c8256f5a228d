"""One stretch of training, between start or resume and stop."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ganstudio.devices import describe_device
from ganstudio.files import FileWriteError
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import TrainingDivergedError, TrainingError
from ganstudio.training.events import StepDone, TrainingEnded, TrainingEvent, TrainingStarted
from ganstudio.training.feed import PictureFeed, TrainingPictures
from ganstudio.training.game.pair import Pair
from ganstudio.training.game.transfer import describe_taken, take_discriminator, take_weights
from ganstudio.training.processes import Processes
from ganstudio.training.run_writer import RunWriter
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.state import Progress, load_newest_state, network_tensors
from ganstudio.training.schedule import Schedule
from ganstudio.training.selection import Selection
from ganstudio.training.stumbles import Stumbles
from ganstudio.training.watch.scoring import Scorer

logger = logging.getLogger(__name__)


class Session:
    """Plays round after round and does in between what is due.

    Attributes:
        progress: How far the run has come.

    Args:
        config: Settings, threads resolved.
        pictures: Prepared pictures that fit the network.
        selection: Which of them are trained on, and which are held out.
        run: Made already, and locked by the caller.
        processes: Who trains together.
    """

    def __init__(
        self,
        config: TrainingConfig,
        pictures: TrainingPictures,
        selection: Selection,
        run: RunFolder,
        processes: Processes,
    ) -> None:
        self.config = config
        self.run = run
        self.processes = processes
        self.pair = Pair(config, processes.device(config.device), processes.peers)
        self.progress = Progress()
        self.stumbles = Stumbles()
        self.feed = PictureFeed(pictures, selection.shown, self.pair)
        scorer = Scorer(pictures.pixels, pictures.labels, selection.shown, selection.held, self.pair.device)
        self.writer = RunWriter(run, self.pair, pictures, scorer)

    def events(self, resume: bool) -> Iterator[TrainingEvent]:
        """Restore where asked, then play until the end; saves on every way out but divergence.

        Any process but the first yields StepDone alone.
        """
        try:
            yield from self._begin(resume)
            yield from self._play()
        except GeneratorExit:
            self.processes.leave()
            if self.processes.is_first:
                self.writer.save_state_unless_gone(self.progress)
            raise
        except TrainingDivergedError as error:
            remedy = f"{error.remedy}; {self.writer.kept()}"
            if self.processes.is_first:
                yield self.writer.warn(self.progress, error.message)
            raise TrainingDivergedError(self.run.path, error.reason, remedy) from error
        if self.processes.is_first:
            yield from self._finish()

    def _begin(self, resume: bool) -> Iterator[TrainingEvent]:
        warnings: list[str] = []
        taken = ""
        if resume:
            self.progress, warnings = load_newest_state(self.run, self.pair)
            self.writer.saved_step = self.progress.step
            self.feed.go_to(self.progress.images)
        if self.config.start_from and self.progress.step == 0:
            taken = self._take(Path(self.config.start_from))
            logger.info("%s", taken)
        self._begin_alike()
        if self.processes.is_first:
            if taken:
                self.run.add_about({"taken": taken})
            self.run.forget_after(self.progress.kimg)
            self.writer.begin_stretch(self.progress)
            device = describe_device(self.pair.device)
            yield TrainingStarted(self.run.path, self.config, self.progress.kimg, device, taken)
            for message in warnings:
                yield self.writer.warn(self.progress, message)

    def _take(self, path: Path) -> str:
        """Begin with the weights of a file; what was taken, in words."""
        generator = take_weights(self.pair, path)
        frozen = "freeze_discriminator" in self.config.parts
        return describe_taken(path, generator, take_discriminator(self.pair, path), frozen)

    def _begin_alike(self) -> None:
        """Make sure that all processes begin with the same weights, at the same round."""
        step = float(self.progress.step)
        if self.processes.means({"step": step})["step"] != step:
            reason = "its processes do not find the same state to go on from"
            raise TrainingError(self.run.path, reason, "let all of them see the same folder")
        self.processes.give_out(network_tensors(self.pair).values())

    def _play(self) -> Iterator[TrainingEvent]:
        schedule = Schedule(self.config, self.progress.kimg)
        started = time.perf_counter() - self.progress.seconds
        if self.progress.step == 0 and self.processes.is_first:
            yield from self.writer.draw_samples(self.progress)
        while self.processes.agree() and not self._is_over:
            try:
                played = self.pair.play(self.feed, self.progress.step, self.progress.kimg)
            except TrainingDivergedError as error:
                yield from self._recover(error)
                continue
            self.progress = Progress(
                self.progress.step + 1, self.progress.images + played.images, time.perf_counter() - started
            )
            schedule.record(played.scalars, played.images)
            parted = self._note_parts()
            means = self._means_if_due(schedule)  # before any yield: whoever is closed there leaves the others alone
            yield StepDone(self.progress.step, self.progress.kimg)
            if self.processes.is_first:
                yield from parted
                if means is not None:
                    yield self.writer.log(self.progress, *means)
                yield from self._do_what_is_due(schedule)

    def _note_parts(self) -> list[TrainingEvent]:
        """Put on record that batches are taken in more parts than before, because the memory did not suffice."""
        parts = self.pair.learner.parts
        if parts == self.config.accumulation:
            return []
        self.config = replace(self.config, accumulation=parts)
        self.run.replace_config(self.config)
        size = self.config.batch_size // parts
        message = f"the memory did not suffice: batches are taken in {parts} parts of {size} from now on, more slowly"
        return [self.writer.warn(self.progress, message)]

    def _recover(self, error: TrainingDivergedError) -> Iterator[TrainingEvent]:
        """Do something about a round whose numbers were none; nothing was learned from it.

        Raises:
            TrainingDivergedError: `error`, where all has been tried.
        """
        step = self.stumbles.next(self.progress.step)
        if step == "give_up" or (step == "reload" and not self.run.states()):
            raise error
        done = "the round was passed over"
        if step != "skip":
            self._halve_rates()
            done = "learning rates are half as high from here on"
        if step == "reload":
            self.progress, _ = load_newest_state(self.run, self.pair)
            if self.processes.is_first:
                self.run.forget_after(self.progress.kimg)
            done = f"went back to the state at {self.progress.kimg:g} kimg, with half the learning rates"
        else:
            shown = self.config.batch_size * self.pair.discriminator_steps(
                self.pair.moment(self.progress.step, self.progress.kimg)
            )
            self.progress = replace(self.progress, step=self.progress.step + 1, images=self.progress.images + shown)
        self.feed.go_to(self.progress.images)
        if self.processes.is_first:
            yield self.writer.warn(self.progress, f"{error.reason}: {done}")

    def _halve_rates(self) -> None:
        config = self.config
        self.config = replace(
            config, generator_lr=config.generator_lr / 2, discriminator_lr=config.discriminator_lr / 2
        )
        self.pair.config = self.config
        if self.processes.is_first:
            self.run.replace_config(self.config)

    @property
    def _is_over(self) -> bool:
        return self.progress.kimg >= self.config.kimg - 1e-9

    def _means_if_due(self, schedule: Schedule) -> tuple[dict[str, float], float] | None:
        """The scalars' means over time and all processes with the pictures per second, where a point is due."""
        if not schedule.is_due("log", self.progress.kimg):
            return None
        means, speed = schedule.take_means()
        return self.processes.means(means), speed

    def _do_what_is_due(self, schedule: Schedule) -> Iterator[TrainingEvent]:
        kimg = self.progress.kimg
        if kimg >= self.config.kimg:
            return  # all of it is done once more at the end
        has_snapshot = False
        try:
            if schedule.is_due("sample", kimg):
                yield from self.writer.draw_samples(self.progress)
            if schedule.is_due("score", kimg):
                yield from self.writer.measure_score(self.progress)
                has_snapshot = yield from self.writer.keep_if_best(self.progress)
            if schedule.is_due("snapshot", kimg) and not has_snapshot:
                yield from self.writer.save_snapshot(self.progress)
            if schedule.is_state_due():
                yield from self.writer.save_state(self.progress)
        except FileWriteError as error:
            self.writer.check_folder()
            message = f"{error.message} (training goes on; the last saved state is whole)"
            yield self.writer.warn(self.progress, message)

    def _finish(self) -> Iterator[TrainingEvent]:
        self.writer.check_folder()
        if not self._is_over:  # another process was asked to stop
            yield from self.writer.save_state(self.progress)
            return
        yield from self.writer.draw_samples(self.progress)
        yield from self.writer.measure_score(self.progress)
        if not (yield from self.writer.keep_if_best(self.progress)):
            yield from self.writer.save_snapshot(self.progress)
        yield from self.writer.save_state(self.progress)
        yield TrainingEnded(self.progress.kimg)
