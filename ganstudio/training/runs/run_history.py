"""All that a run has told so far, from its events while it runs or from its folder later."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ganstudio.training.config import TrainingConfig
from ganstudio.training.events import (
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
    config: TrainingConfig | None = None

    @classmethod
    def of(cls, run: RunFolder) -> "RunHistory":
        """Read the record of a run folder.

        Raises:
            RunFolderError: There is no run, or its settings are damaged.
        """
        config = run.config()
        history = cls(planned_kimg=config.kimg, config=config)
        history.scalars = _numbers(run.read("scalars"))
        history.scores = _numbers(run.read("scores"))
        history.samples = list(run.samples())
        history.snapshots = list(run.snapshots())
        history.warnings = [
            (float(line.get("kimg", 0.0)), str(line.get("message", ""))) for line in run.read("warnings")
        ]
        stamps = [line["kimg"] for line in history.scalars] + [kimg for kimg, _ in history.samples]
        history.kimg = max(stamps, default=0.0)
        if history.scalars:
            history.images_per_second = history.scalars[-1].get("images_per_second", 0.0)
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

    def add(self, event: object) -> None:
        """Take in one event; those of other kinds are passed over."""
        if isinstance(event, StepDone):
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
        elif isinstance(event, TrainingStarted):
            self.config = event.config
            self.planned_kimg = event.config.kimg
            self.kimg = event.resumed_at_kimg

    def forget_after(self, kimg: float) -> None:
        """Drop what is later than `kimg`, as a resume from there does."""
        self.scalars = [line for line in self.scalars if line["kimg"] <= kimg + 1e-6]
        self.scores = [line for line in self.scores if line["kimg"] <= kimg + 1e-6]
        self.samples = [pair for pair in self.samples if pair[0] <= kimg + 1e-3]
        self.snapshots = [pair for pair in self.snapshots if pair[0] <= kimg + 1e-3]

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


def _numbers(lines: Iterable[dict[str, Any]]) -> list[dict[str, float]]:
    kept = ({name: float(value) for name, value in line.items() if isinstance(value, int | float)} for line in lines)
    return [line for line in kept if "kimg" in line]
