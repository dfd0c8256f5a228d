"""Runs of lucidrains' lightweight-gan and stylegan2-pytorch: `model_N.pt` beside `.config.json`, pictures in `results`.

The folder is `models/NAME`; its pictures are in `results/NAME` next to `models`.
"""

from pathlib import Path

from ganstudio.training.runs.readers.base import RUN_READERS, RunRecord
from ganstudio.training.runs.readers.lines import number, read_object
from ganstudio.training.runs.readers.numbered import PICTURES, has_numbered, list_numbered

_MODEL = r"model_(\d{1,9})\.pt"


class LucidrainsRun:
    """Reads a folder of numbered models."""

    def detect(self, folder: Path) -> bool:
        """See `RunReader`."""
        return has_numbered(folder, _MODEL)

    def read(self, folder: Path) -> RunRecord:
        """See `RunReader`."""
        config = read_object(folder / ".config.json")
        pictures = folder.parent.parent / "results" / folder.name
        averaged = list_numbered(pictures, rf"(\d{{1,9}})-ema{PICTURES}")
        size = number(config.get("image_size"))
        return RunRecord(
            path=folder,
            format="lucidrains",
            title=folder.name,
            unit="snapshots",
            sheets=averaged or list_numbered(pictures, rf"(\d{{1,9}}){PICTURES}"),
            tile_px=int(size) if size and 0 < size <= 8192 else None,
            snapshots=list_numbered(folder, _MODEL),
            facts={name: value for name, value in config.items() if isinstance(value, bool | int | float | str)},
        )


RUN_READERS.add("lucidrains", LucidrainsRun())
