"""Mixes two models: a live preview in a worker of its own while somebody looks, and a job that writes the file."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from ganstudio.checkpoints.mixing.shares import MixShares
from ganstudio.gui.document import Document
from ganstudio.gui.jobs import Job, JobList, LatestOnly
from ganstudio.gui.settings import SettingsStore
from ganstudio.rendering.mix_preview import MixAsk, make_mix_answerer


class ModelMixing(QObject):
    """One preview at a time, any number of files.

    Args:
        document: Opens what was made.
        settings: Where to draw.
        jobs: Runs the writing.

    Signals:
        drawn(ask, picture): A `MixPicture`.
        refused(ask, error): They do not go together, or one cannot be read.
    """

    drawn = Signal(object, object)
    refused = Signal(object, object)

    def __init__(
        self, document: Document, settings: SettingsStore, jobs: JobList, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._settings, self._jobs = document, settings, jobs
        self._worker: LatestOnly | None = None
        self._ending: list[LatestOnly] = []
        self._is_closed = False

    def ask(self, ask: MixAsk) -> None:
        """Show a mix; replaces one that was not begun."""
        if self._is_closed:
            return
        if self._worker is None:
            self._worker = LatestOnly(make_mix_answerer, "mix preview", self)
            self._worker.answered.connect(self.drawn)
            self._worker.failed.connect(self.refused)
        self._worker.submit(replace(ask, device=self._settings.values.device))

    def end_preview(self) -> None:
        """Nobody looks any more: the worker and its two models go."""
        if self._worker is not None:
            self._worker.begin_close()
            self._ending = [*(one for one in self._ending if not one.has_ended), self._worker]
            self._worker = None

    def save(self, ask: MixAsk, shares: MixShares, target: Path) -> None:
        """Write the mix to a file in a job, and open it."""
        job = Job(lambda: _mix(ask, shares, target), f"Mixing {target.name[:40]}")
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.failed.connect(self._document.failed)
        self._jobs.start(job)

    def begin_shutdown(self) -> None:
        """See `BackgroundWork`."""
        self._is_closed = True
        self.end_preview()

    def is_shut_down(self) -> bool:
        """See `BackgroundWork`."""
        return self._worker is None and all(one.has_ended for one in self._ending)

    def _on_job_progressed(self, job: Job, events: list[object]) -> None:
        from ganstudio.checkpoints.mixing.mixing import MixingProgress, ModelsMixed  # late: it needs torch

        for event in events:
            if isinstance(event, MixingProgress):
                self._jobs.tell(job, event.doing, event.fraction)
            elif isinstance(event, ModelsMixed):
                self._document.announced.emit(f"Saved {event.path.name}; shares of the second: {event.shares.words}")
                self._document.open_requested.emit(event.path)


def _mix(ask: MixAsk, shares: MixShares, target: Path) -> Iterator[object]:
    from ganstudio.checkpoints.mixing.mixing import mix_models  # late: it needs torch

    return mix_models(ask.first, ask.second, target, lambda _sizes: shares)
