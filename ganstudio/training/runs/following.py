"""Following a run from its folder while somebody else trains it: what is new is read, and nothing twice."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory

_FEW = 64  # bytes that tell whether a record was written anew


@dataclass
class _Growing:
    """A record of lines that grows at its end, and is now and then replaced."""

    path: Path
    offset: int = 0
    start: bytes = b""
    identity: tuple[int, int] = (0, 0)

    def changed_before(self) -> bool:
        """Whether what was read already is not there any more, because the run went back."""
        try:
            status = self.path.stat()
            with self.path.open("rb") as file:
                start = file.read(min(_FEW, self.offset))
        except OSError:
            return self.offset > 0
        same_file = self.offset == 0 or (status.st_dev, status.st_ino) == self.identity
        return status.st_size < self.offset or start != self.start or not same_file

    def read_new(self) -> list[dict[str, Any]]:
        """The whole lines since the last time; one half written waits."""
        try:
            with self.path.open("rb") as file:
                status = self.path.stat()
                file.seek(self.offset)
                text = file.read()
        except OSError:
            return []
        whole = text[: text.rfind(b"\n") + 1]
        if self.offset == 0:
            self.identity = (status.st_dev, status.st_ino)
        self.start = (self.start + whole)[:_FEW]
        self.offset += len(whole)
        return [values for line in whole.splitlines() if isinstance(values := _parse(line), dict)]


class RunFollower:
    """Keeps the history of a run up to date.

    Attributes:
        history: What is known of it.

    Args:
        run: Its folder.

    Raises:
        RunFolderError: There is no run, or its settings are damaged.
    """

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._settings_stamp = 0
        self._records: dict[str, _Growing] = {}
        self.history = RunHistory()
        self._begin()

    def poll(self) -> bool:
        """Read what is new.

        Returns:
            Whether there was something.

        Raises:
            RunFolderError: The run is gone, or its settings are damaged.
        """
        if any(record.changed_before() for record in self._records.values()):
            self._begin()
            return True
        is_new = self._read_settings()
        for name, record in self._records.items():
            lines = record.read_new()
            self.history.add_lines(name, lines)
            is_new = is_new or bool(lines)
        return self.history.look_for_files(self._run) or is_new

    def _begin(self) -> None:
        self.history = RunHistory()
        self._settings_stamp = 0
        self._read_settings()
        self._records = {name: _Growing(self._run.path / f"{name}.jsonl") for name in RunHistory.RECORDS}
        for name, record in self._records.items():
            self.history.add_lines(name, record.read_new())
        self.history.look_for_files(self._run)

    def _read_settings(self) -> bool:
        try:
            stamp = (self._run.path / "run.json").stat().st_mtime_ns
        except OSError:
            stamp = -1  # reading it says what is wrong
        if stamp == self._settings_stamp:
            return False
        config = self._run.config()
        self._settings_stamp = stamp
        self.history.config, self.history.planned_kimg = config, config.kimg
        self.history.taken = str(self._run.about().get("taken", ""))
        return True


def _parse(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
