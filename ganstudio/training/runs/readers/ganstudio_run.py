"""Runs of this program; see `training/run_folder.py`."""

from pathlib import Path
from typing import Any

from ganstudio.training.runs.readers.base import RUN_READERS, Curve, Measurement, RunRecord
from ganstudio.training.runs.readers.curves import CurveCollector
from ganstudio.training.runs.readers.lines import SkipCount, number, read_records
from ganstudio.training.runs.run_folder import RunFolder

_SCORES = ("kid", "diversity", "copying")


class GanstudioRun:
    """Reads `run.json`, `scalars.jsonl`, `scores.jsonl`, samples and snapshots."""

    def detect(self, folder: Path) -> bool:
        """See `RunReader`."""
        return RunFolder(folder).exists

    def read(self, folder: Path) -> RunRecord:
        """See `RunReader`."""
        run = RunFolder(folder)
        config, about = run.config(), run.about()
        skipped = SkipCount()
        curves = _read_curves(folder / "scalars.jsonl", skipped)
        scores = _read_curves(folder / "scores.jsonl", skipped)
        snapshots = run.snapshots()
        return RunRecord(
            path=folder,
            format="ganstudio",
            title=run.name,
            unit="kimg",
            planned=config.kimg,
            curves=curves + scores,
            measurements=_measurements(scores, dict(snapshots)),
            sheets=run.samples(),
            tile_px=_tile(config.network_config.get("resolution")),
            snapshots=snapshots,
            facts={**config.to_json(), **{name: value for name, value in about.items() if name != "origin"}},
            skipped_lines=skipped.lines,
        )


def _read_curves(path: Path, skipped: SkipCount) -> tuple[Curve, ...]:
    lines = list(read_records(path, skipped))
    names = {name for line in lines for name in line}
    collector = CurveCollector({name: name for name in names})
    for line in lines:
        kimg = number(line.get("kimg"))
        if kimg is None:
            skipped.lines += 1
            continue
        for name, value in line.items():
            point = number(value)
            if name != "kimg" and point is not None:
                collector.add(name, kimg, point)
    return collector.finish()


def _measurements(scores: tuple[Curve, ...], snapshots: dict[float, Path]) -> tuple[Measurement, ...]:
    def nearest(moment: float) -> Path | None:
        return next((path for kimg, path in snapshots.items() if abs(kimg - moment) < 0.0015), None)

    return tuple(
        Measurement(curve.name, moment, value, nearest(moment))
        for curve in scores
        if curve.name in _SCORES
        for moment, value in zip(curve.moments, curve.values, strict=True)
    )


def _tile(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 < value <= 4096 else None


RUN_READERS.add("ganstudio", GanstudioRun())
