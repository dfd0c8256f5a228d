"""All that a run has told so far, from its events while it runs or from its folder later."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from ganstudio.training.config import TrainingConfig
from ganstudio.training.events import (
    BestKept,
    SamplesDrawn,
    ScalarsLogged,
    ScoreMeasured,
    SnapshotSaved,
    StepDone,
    TrainingStarted,
    TrainingWarned,
)
from ganstudio.training.runs.readers.base import RunRecord
from ganstudio.training.runs.run_folder import RunFolder

Stamped = list[tuple[float, Path]]


@dataclass
class RunHistory:
    """The record of one run, growing.

    Attributes:
        planned_kimg: How long it is to be.
        kimg: Where it stands.
        images_per_second: How fast it was last.
        scalars: Points of the curves, each with its "kimg".
        scores: Measurements against held-out pictures, each with its "kimg".
        samples: Sample sheets by kimg.
        snapshots: Snapshots by kimg.
        warnings: What went wrong, by kimg.
        changes: Settings that were changed on the way, by kimg.
        best_kimg: The moment of the best state that is kept, or None.
        taken: What it began with, in words; "" for fresh weights, and where that was not told.
        config: Its settings; None for runs of other programs, and before it has begun.
    """

    planned_kimg: float = 0.0
    kimg: float = 0.0
    images_per_second: float = 0.0
    scalars: list[dict[str, float]] = field(default_factory=list)
    scores: list[dict[str, float]] = field(default_factory=list)
    samples: Stamped = field(default_factory=list)
    snapshots: Stamped = field(default_factory=list)
    warnings: list[tuple[float, str]] = field(default_factory=list)
    changes: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    best_kimg: float | None = None
    taken: str = ""
    config: TrainingConfig | None = None

    RECORDS: ClassVar = ("scalars", "scores", "warnings", "changes")

    @classmethod
    def of(cls, run: RunFolder) -> "RunHistory":
        """Read the record of a run folder.

        Raises:
            RunFolderError: There is no run, or its settings are damaged.
        """
        config = run.config()
        history = cls(planned_kimg=config.kimg, config=config, taken=str(run.about().get("taken", "")))
        for name in cls.RECORDS:
            history.add_lines(name, run.read(name))
        history.look_for_files(run)
        return history

    @classmethod
    def of_record(cls, record: RunRecord) -> "RunHistory":
        """Take what a run of any program recorded; its moments count `record.unit`, here called kimg all the same."""
        points: dict[float, dict[str, float]] = {}
        for curve in record.curves:
            for moment, value in zip(curve.moments, curve.values, strict=True):
                points.setdefault(moment, {"kimg": moment})[curve.role or curve.name] = value
        scores = [{"kimg": measured.moment, measured.metric: measured.value} for measured in record.measurements]
        return cls(
            planned_kimg=record.planned or 0.0,
            kimg=record.moment,
            scalars=[points[moment] for moment in sorted(points)],
            scores=scores,
            samples=list(record.sheets),
            snapshots=list(record.snapshots),
            warnings=[(record.moment, message) for message in record.warnings],
        )

    def add_lines(self, record: str, lines: Iterable[dict[str, Any]]) -> None:
        """Take in lines of one of `RECORDS`."""
        if record == "scalars":
            self.scalars += _numbers(lines)
            if self.scalars:
                self.kimg = self.scalars[-1]["kimg"]
                self.images_per_second = self.scalars[-1].get("images_per_second", 0.0)
        elif record == "scores":
            self.scores += _numbers(lines)
        elif record == "warnings":
            self.warnings += [(_moment(line), str(line.get("message", ""))) for line in lines]
        else:
            settings = ((_moment(line), line.get("settings")) for line in lines)
            self.changes += [(moment, values) for moment, values in settings if isinstance(values, dict)]

    def look_for_files(self, run: RunFolder) -> bool:
        """Take in which sheets, snapshots and best state there are; whether that is anything new."""
        before = self._files()
        self.samples, self.snapshots = list(run.samples()), list(run.snapshots())
        best = run.best()
        self.best_kimg = None if best is None else best[0]
        self.kimg = max(self.kimg, max((kimg for kimg, _ in self.samples), default=0.0))
        return self._files() != before

    def _files(self) -> tuple[object, ...]:
        return len(self.samples), self.samples[-1:], len(self.snapshots), self.snapshots[-1:], self.best_kimg

    def add(self, event: object) -> None:
        """Take in one event; those of other kinds are passed over."""
        if isinstance(event, StepDone):
            if event.kimg < self.kimg:  # it went back by itself to its last good state
                self.forget_after(event.kimg)
            self.kimg = event.kimg
        elif isinstance(event, ScalarsLogged):
            self.images_per_second = event.images_per_second
            self.scalars.append({"kimg": event.kimg, **event.scalars, "images_per_second": event.images_per_second})
        elif isinstance(event, ScoreMeasured):
            self.scores.append({"kimg": event.kimg, **event.scalars})
        elif isinstance(event, SamplesDrawn):
            self.samples.append((event.kimg, event.path))
        elif isinstance(event, SnapshotSaved):
            self.snapshots.append((event.kimg, event.path))
        elif isinstance(event, TrainingWarned):
            self.warnings.append((event.kimg, event.message))
        elif isinstance(event, BestKept):
            self.best_kimg = event.kimg
        elif isinstance(event, TrainingStarted):
            self.config = event.config
            self.planned_kimg = event.config.kimg
            self.kimg = event.resumed_at_kimg
            self.taken = event.taken or self.taken

    def forget_after(self, kimg: float) -> None:
        """Drop what is later than `kimg`, as a resume from there does."""
        self.scalars = [line for line in self.scalars if line["kimg"] <= kimg + 1e-6]
        self.scores = [line for line in self.scores if line["kimg"] <= kimg + 1e-6]
        self.samples = [pair for pair in self.samples if pair[0] <= kimg + 1e-3]
        self.snapshots = [pair for pair in self.snapshots if pair[0] <= kimg + 1e-3]
        if self.best_kimg is not None and self.best_kimg > kimg + 1e-3:
            self.best_kimg = None

    def nearest_snapshot(self, kimg: float) -> tuple[float, Path] | None:
        """The snapshot closest to a moment, or None where there is none yet."""
        return min(self.snapshots, key=lambda pair: abs(pair[0] - kimg), default=None)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the last speed, or None while nobody knows."""
        if self.images_per_second <= 0:
            return None
        return max(0.0, self.planned_kimg - self.kimg) * 1000 / self.images_per_second


def series(lines: Iterable[dict[str, float]], name: str) -> tuple[list[float], list[float]]:
    """Return x (kimg) and y of one scalar, where it was logged."""
    points = [(line["kimg"], line[name]) for line in lines if name in line]
    return [x for x, _ in points], [y for _, y in points]


def _moment(line: dict[str, Any]) -> float:
    kimg = line.get("kimg", 0.0)
    return float(kimg) if isinstance(kimg, int | float) else 0.0


def _numbers(lines: Iterable[dict[str, Any]]) -> list[dict[str, float]]:
    kept = ({name: float(value) for name, value in line.items() if isinstance(value, int | float)} for line in lines)
    return [line for line in kept if "kimg" in line]
