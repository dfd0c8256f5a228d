"""Runs of NVIDIA's StyleGAN programs: stylegan2-ada-pytorch and stylegan3, their descendants, and the TensorFlow ones.

`stats.jsonl` (older: `training_stats.jsonl`) holds a line a tick, each key with num, mean and std; `log.txt` is the
fallback. `metric-*.jsonl` (TensorFlow: `metric-*.txt`) hold the metrics of snapshots.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ganstudio.training.runs.readers.base import RUN_READERS, Curve, Measurement, RunRecord, Stamped
from ganstudio.training.runs.readers.curves import CurveCollector
from ganstudio.training.runs.readers.lines import SkipCount, number, read_lines, read_object, read_records
from ganstudio.training.runs.readers.numbered import PICTURES, existing, has_numbered, list_names, list_numbered

_SNAPSHOT = r"network-snapshot-(\d{1,9})\.pkl"
_STATS = ("stats.jsonl", "training_stats.jsonl")
_ROLES = {
    "Loss/G/loss": "loss_generator",
    "Loss/D/loss": "loss_discriminator",
    "Loss/scores/real": "score_real",
    "Loss/scores/fake": "score_fake",
    "Loss/r1_penalty": "r1_penalty",
    "Progress/augment": "augment_probability",
    "Timing/sec_per_kimg": "seconds_per_kimg",
    "sec/kimg": "seconds_per_kimg",
    "augment": "augment_probability",
}
_LOG_PAIR = re.compile(r"([A-Za-z][\w/]*)\s+(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\b")
_TF_METRIC = re.compile(r"network-snapshot-(\d{1,9})\s+time\s.+?\s(\S+)\s+(-?\d+(?:\.\d+)?)\s*$")
_NOT_CURVES = ("tick", "kimg", "time")


class NvlabsRun:
    """Reads runs of StyleGAN1, 2, 2-ADA, 3, XL and R3GAN."""

    def detect(self, folder: Path) -> bool:
        """See `RunReader`."""
        if (folder / "training_options.json").is_file() or any((folder / name).is_file() for name in _STATS):
            return True
        return has_numbered(folder, _SNAPSHOT)

    def read(self, folder: Path) -> RunRecord:
        """See `RunReader`."""
        skipped = SkipCount()
        options = read_object(folder / "training_options.json")
        snapshots = _snapshots(folder)
        curves = _curves(folder, skipped)
        damaged = (folder / "training_options.json").is_file() and not options
        return RunRecord(
            path=folder,
            format="nvlabs",
            title=folder.name,
            unit="kimg",
            planned=number(options.get("total_kimg")),
            curves=curves,
            measurements=_measurements(folder, snapshots, skipped),
            sheets=list_numbered(folder, rf"fakes(\d{{1,9}}){PICTURES}"),
            tile_px=_tile(options),
            reals=existing(folder / "reals.png") or existing(folder / "reals.jpg"),
            snapshots=snapshots,
            facts=_facts(options),
            skipped_lines=skipped.lines,
            warnings=("training_options.json is damaged",) if damaged else (),
        )


def _snapshots(folder: Path) -> Stamped:
    numbered = list_numbered(folder, _SNAPSHOT)
    best = existing(folder / "best_model.pkl")  # StyleGAN-XL keeps one file instead
    if best is None:
        return numbered
    images = next(read_lines(folder / "best_nimg.txt", SkipCount()), "").strip()
    moment = float(images) / 1000 if images.isdecimal() and len(images) < 16 else 0.0
    return tuple(sorted((*numbered, (moment, best))))


def _curves(folder: Path, skipped: SkipCount) -> tuple[Curve, ...]:
    collector = CurveCollector(_ROLES)
    for name in _STATS:
        for record in read_records(folder / name, skipped):
            _add_stats(record, collector, skipped)
    curves = collector.finish()
    if curves:
        return curves
    for line in read_lines(folder / "log.txt", skipped):
        _add_log_line(line, collector)
    return collector.finish()


def _add_stats(record: dict[str, Any], collector: CurveCollector, skipped: SkipCount) -> None:
    kimg = _mean(record.get("Progress/kimg"))
    if kimg is None:
        skipped.lines += 1
        return
    for name, value in record.items():
        mean = _mean(value)
        if mean is not None and name not in ("timestamp", "Progress/kimg"):
            collector.add(name[:200], kimg, mean)


def _mean(value: object) -> float | None:
    return number(value.get("mean")) if isinstance(value, dict) else number(value)


def _add_log_line(line: str, collector: CurveCollector) -> None:
    if not line.startswith("tick "):
        return
    pairs = [(name, float(value)) for name, value in _LOG_PAIR.findall(line[:2000])]
    kimg = dict(pairs).get("kimg")
    if kimg is None:
        return
    for name, value in pairs:
        if name not in _NOT_CURVES:
            collector.add(name, kimg, value)


def _measurements(folder: Path, snapshots: Stamped, skipped: SkipCount) -> tuple[Measurement, ...]:
    by_name = {path.name: (moment, path) for moment, path in snapshots}
    found: list[Measurement] = []
    for name in sorted(list_names(folder)):
        if name.startswith("metric-") and name.endswith(".jsonl"):
            for record in read_records(folder / name, skipped):
                found += _measurements_of(record, by_name)
        elif name.startswith("metric-") and name.endswith(".txt"):
            found += _measurements_of_text(folder / name, by_name, skipped)
    return tuple(sorted(found, key=lambda measured: (measured.metric, measured.moment)))


def _measurements_of(record: dict[str, Any], by_name: dict[str, tuple[float, Path]]) -> Iterator[Measurement]:
    results, pickle = record.get("results"), record.get("snapshot_pkl")
    if not isinstance(results, dict):
        return
    name = pickle.replace("\\", "/").rsplit("/", 1)[-1] if isinstance(pickle, str) else ""
    numbered = re.fullmatch(_SNAPSHOT, name)
    moment, path = by_name.get(name, (float(numbered[1]) if numbered else 0.0, None))
    for metric, value in results.items():
        result = number(value)
        if result is not None:
            yield Measurement(metric[:100], moment, result, path)


def _measurements_of_text(
    path: Path, by_name: dict[str, tuple[float, Path]], skipped: SkipCount
) -> Iterator[Measurement]:
    """Lines of the TensorFlow programs: `network-snapshot-000200  time 10m 40s  fid50k 30.1234`."""
    for line in read_lines(path, skipped):
        match = _TF_METRIC.match(line.strip()[:1000])
        if match:
            _, snapshot = by_name.get(f"network-snapshot-{match[1]}.pkl", (0.0, None))
            yield Measurement(match[2], float(match[1]), float(match[3]), snapshot)


def _tile(options: dict[str, Any]) -> int | None:
    data = options.get("training_set_kwargs")
    resolution = data.get("resolution") if isinstance(data, dict) else None
    return resolution if isinstance(resolution, int) and 0 < resolution <= 8192 else None


def _facts(options: dict[str, Any]) -> dict[str, Any]:
    """The settings that people compare runs by."""
    facts: dict[str, Any] = {}
    for group, names in {
        "training_set_kwargs": ("path", "resolution", "max_size", "xflip", "use_labels"),
        "G_kwargs": ("class_name", "z_dim", "w_dim", "channel_base", "channel_max"),
        "loss_kwargs": ("class_name", "r1_gamma", "style_mixing_prob", "pl_weight"),
        "G_opt_kwargs": ("lr",),
        "D_opt_kwargs": ("lr",),
    }.items():
        part = options.get(group)
        if isinstance(part, dict):
            facts.update({f"{group}.{name}": part[name] for name in names if _is_plain(part.get(name))})
    for name in ("num_gpus", "batch_size", "total_kimg", "ema_kimg", "ada_target", "augment_p", "resume_pkl"):
        if _is_plain(options.get(name)):
            facts[name] = options[name]
    return facts


def _is_plain(value: object) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) < 1000)


RUN_READERS.add("nvlabs", NvlabsRun())
