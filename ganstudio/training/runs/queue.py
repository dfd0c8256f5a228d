"""Runs that wait until the one before has ended; kept in a file, so that they outlive the program."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.errors import GanStudioError
from ganstudio.files import write_text_atomically
from ganstudio.training.errors import TrainingError
from ganstudio.training.origin import Origin
from ganstudio.training.plan import Plan

logger = logging.getLogger(__name__)

SCHEMA = 1
LONGEST = 200


@dataclass(frozen=True)
class QueuedRun:
    """A run that waits.

    Attributes:
        name: Its folder's name.
        origin: Its pictures; None for a run that is on disk already and is to go on.
        plan: What it is to be; None likewise.
    """

    name: str
    origin: Origin | None = None
    plan: Plan | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it is a run on disk that is to go on."""
        return self.origin is None or self.plan is None

    def to_json(self) -> dict[str, Any]:
        """Values for a file; `from_json` reads them back."""
        own = {} if self.origin is None or self.plan is None else {
            "origin": self.origin.to_json(), "plan": self.plan.to_json()
        }  # fmt: skip
        return {"name": self.name, **own}

    @classmethod
    def from_json(cls, values: Any) -> "QueuedRun":
        """Make one of values from a file.

        Raises:
            GanStudioError: They cannot be read.
        """
        if not isinstance(values, dict) or not isinstance(values.get("name"), str):
            raise TrainingError("queue", "one of its runs has no name", "add it anew")
        if "origin" not in values:
            return cls(values["name"])
        return cls(values["name"], Origin.from_json(values["origin"]), Plan.from_json(values.get("plan")))


class RunQueue:
    """Waiting runs, first in, first out.

    Args:
        path: The file that keeps them; made when there is something to keep.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._runs: list[QueuedRun] = list(_read(path))

    def __len__(self) -> int:
        return len(self._runs)

    def __iter__(self) -> Iterator[QueuedRun]:
        return iter(tuple(self._runs))

    def names(self) -> frozenset[str]:
        """The names that are promised."""
        return frozenset(waiting.name for waiting in self._runs)

    def add(self, waiting: QueuedRun) -> None:
        """Put a run at the end.

        Raises:
            TrainingError: The name waits already, or too many do.
            FileWriteError: The file cannot be written; the run is not added.
        """
        if waiting.name in self.names():
            raise TrainingError(waiting.name, "a run of this name waits already", "choose another name")
        if len(self) >= LONGEST:
            raise TrainingError(waiting.name, f"{LONGEST} runs wait already", "remove some")
        self._replace([*self._runs, waiting])

    def remove(self, name: str) -> None:
        """Take a run out; nothing where it is not there.

        Raises:
            FileWriteError: The file cannot be written.
        """
        self._replace([waiting for waiting in self._runs if waiting.name != name])

    def move_up(self, name: str) -> None:
        """Let a run come one earlier.

        Raises:
            FileWriteError: The file cannot be written.
        """
        runs = list(self._runs)
        place = next((index for index, waiting in enumerate(runs) if waiting.name == name), 0)
        if place > 0:
            runs[place - 1], runs[place] = runs[place], runs[place - 1]
            self._replace(runs)

    def take(self) -> QueuedRun | None:
        """Take out the next one, or None where none waits.

        Raises:
            FileWriteError: The file cannot be written; the run still waits.
        """
        if not self._runs:
            return None
        first = self._runs[0]
        self._replace(self._runs[1:])
        return first

    def _replace(self, runs: list[QueuedRun]) -> None:
        text = json.dumps({"schema": SCHEMA, "runs": [waiting.to_json() for waiting in runs]}, indent=2)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_text_atomically(self._path, text + "\n")
        self._runs = runs


def _read(path: Path) -> Iterator[QueuedRun]:
    """What a file keeps; what cannot be read is passed over with a warning in the log."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        lines = record["runs"] if record["schema"] == SCHEMA else []
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        logger.warning("the queue %s cannot be read (%s)", path, error)
        return
    for values in lines[:LONGEST] if isinstance(lines, list) else []:
        try:
            yield QueuedRun.from_json(values)
        except GanStudioError as error:
            logger.warning("a run of the queue %s cannot be read (%s)", path, error)
