"""Runs of FastGAN: `models/{it}.pth` (and `all_{it}.pth` with the optimisers), `images/{it}.jpg`, `args.txt`."""

from pathlib import Path

from ganstudio.training.runs.readers.base import RUN_READERS, RunRecord
from ganstudio.training.runs.readers.numbered import PICTURES, has_numbered, list_numbered

_MODEL = r"(\d{1,9})\.pth"


class FastganRun:
    """Reads the two folders."""

    def detect(self, folder: Path) -> bool:
        """See `RunReader`."""
        return has_numbered(folder / "models", _MODEL) or has_numbered(folder / "models", r"all_(\d{1,9})\.pth")

    def read(self, folder: Path) -> RunRecord:
        """See `RunReader`."""
        models = folder / "models"
        return RunRecord(
            path=folder,
            format="fastgan",
            title=folder.name,
            unit="iterations",
            sheets=list_numbered(folder / "images", rf"(\d{{1,9}}){PICTURES}"),
            snapshots=list_numbered(models, _MODEL) or list_numbered(models, r"all_(\d{1,9})\.pth"),
        )


RUN_READERS.add("fastgan", FastganRun())
