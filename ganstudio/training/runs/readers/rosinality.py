"""Runs of rosinality's stylegan2-pytorch: `checkpoint/000000.pt` and `sample/000000.png` by iteration, no log."""

from pathlib import Path

from ganstudio.training.runs.readers.base import RUN_READERS, RunRecord
from ganstudio.training.runs.readers.numbered import PICTURES, has_numbered, list_numbered

_CHECKPOINT = r"(\d{4,9})\.pt"


class RosinalityRun:
    """Reads the two folders."""

    def detect(self, folder: Path) -> bool:
        """See `RunReader`."""
        return has_numbered(folder / "checkpoint", _CHECKPOINT)

    def read(self, folder: Path) -> RunRecord:
        """See `RunReader`."""
        return RunRecord(
            path=folder,
            format="rosinality",
            title=folder.name,
            unit="iterations",
            sheets=list_numbered(folder / "sample", rf"(\d{{4,9}}){PICTURES}"),
            snapshots=list_numbered(folder / "checkpoint", _CHECKPOINT),
        )


RUN_READERS.add("rosinality", RosinalityRun())
