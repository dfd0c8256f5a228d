"""What a training run of any program is to this one, and the registry of readers of run folders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ganstudio.registry import Registry
from ganstudio.training.errors import RunFolderError

__all__ = ["RUN_READERS", "BestSnapshot", "Curve", "Measurement", "RunFolderError", "RunReader", "RunRecord", "Stamped"]

Stamped = tuple[tuple[float, Path], ...]
"""Files by the moment of the run that they are of, oldest first."""

_HIGHER_IS_BETTER = ("is", "pr", "precision", "recall", "density", "coverage", "diversity")
_PREFERRED = ("fid", "kid", "kernel")


@dataclass(frozen=True)
class Curve:
    """One number over the run.

    Attributes:
        name: As the program calls it, such as "Loss/G/loss".
        role: The name that our own runs give it ("loss_generator" ...), empty where there is none like it.
        moments: Where it was logged, in the run's unit, rising.
        values: What it was there; as many.
    """

    name: str
    role: str
    moments: tuple[float, ...] = field(repr=False)
    values: tuple[float, ...] = field(repr=False)


@dataclass(frozen=True)
class Measurement:
    """One metric of one snapshot.

    Attributes:
        metric: Its name, such as "fid50k_full".
        moment: Where in the run.
        value: The result.
        snapshot: The file that was measured, where it is still there.
    """

    metric: str
    moment: float
    value: float
    snapshot: Path | None = None

    @property
    def higher_is_better(self) -> bool:
        """Whether more is better, by what the metric's name begins with (IS, precision and recall ...)."""
        return any(part in _HIGHER_IS_BETTER for part in _words(self.metric))


@dataclass(frozen=True)
class BestSnapshot:
    """The snapshot to open first, and why it is this one."""

    moment: float
    path: Path
    reason: str


@dataclass(frozen=True)
class RunRecord:
    """All that a run folder tells.

    Attributes:
        path: The folder.
        format: Name of its reader in `RUN_READERS`.
        title: What people call the run.
        unit: What moments count: "kimg", "iterations", "epochs" or "snapshots".
        planned: How long it was to be, None where the folder does not say.
        curves: Numbers over the run.
        measurements: Metrics of snapshots, oldest first.
        sheets: Sample sheets.
        tile_px: Height and width of one picture in a sheet, None where unknown.
        reals: A sheet of real pictures, where there is one.
        snapshots: Files that hold a generator.
        facts: Settings and what else the folder tells, for people.
        skipped_lines: Lines of logs that could not be used.
        warnings: What a person should know before trusting it.
    """

    path: Path
    format: str
    title: str
    unit: str
    planned: float | None = None
    curves: tuple[Curve, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    sheets: Stamped = ()
    tile_px: int | None = None
    reals: Path | None = None
    snapshots: Stamped = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    skipped_lines: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def moment(self) -> float:
        """Where the run stands: the latest moment of anything in it."""
        ends = [curve.moments[-1] for curve in self.curves if curve.moments]
        ends += [moment for moment, _ in (*self.sheets[-1:], *self.snapshots[-1:])]
        return max(ends, default=0.0)

    def curve(self, role: str) -> Curve | None:
        """The first curve of a role of our own names, or None."""
        return next((curve for curve in self.curves if curve.role == role), None)

    def nearest_snapshot(self, moment: float) -> tuple[float, Path] | None:
        """The snapshot closest to a moment, or None where there is none."""
        return min(self.snapshots, key=lambda pair: abs(pair[0] - moment), default=None)

    def best_snapshot(self) -> BestSnapshot | None:
        """The snapshot with the best measurement (FID before KID before others), else the last one."""
        found = {path: moment for moment, path in self.snapshots}
        usable = [measured for measured in self.measurements if measured.snapshot in found]
        if usable:
            first = min(usable, key=_preference).metric
            of_metric = [measured for measured in usable if measured.metric == first]
            best = min(of_metric, key=lambda each: -each.value if each.higher_is_better else each.value)
            word = "highest" if best.higher_is_better else "lowest"
            if best.snapshot is not None:
                reason = f"{word} {first}: {best.value:.4g} of {len(of_metric)} measured"
                return BestSnapshot(found[best.snapshot], best.snapshot, reason)
        if not self.snapshots:
            return None
        return BestSnapshot(*self.snapshots[-1], "the last one; nothing was measured")


class RunReader(Protocol):
    """One program's run folders. Readers are asked in the order of `catalogue.py`."""

    def detect(self, folder: Path) -> bool:
        """Whether the folder is a run of this program, by the names in it; quick, raises nothing."""

    def read(self, folder: Path) -> RunRecord:
        """Read it.

        Raises:
            RunFolderError: It is damaged so far that nothing can be shown.
        """


RUN_READERS: Registry[RunReader] = Registry("run folder reader")


def _words(metric: str) -> list[str]:
    """Split "pr50k3_full_precision" into its words without their counts: pr, full, precision."""
    return [word.rstrip("0123456789k") if word != "k" else word for word in metric.lower().split("_")]


def _preference(measured: Measurement) -> int:
    name = measured.metric.lower()
    return next((rank for rank, start in enumerate(_PREFERRED) if name.startswith(start)), len(_PREFERRED))
