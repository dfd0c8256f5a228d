"""The runs in a folder at a glance: how far each is, its best score, what its person noted; and names for new ones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ganstudio.errors import GanStudioError
from ganstudio.files import user_data_dir
from ganstudio.training.config import TrainingConfig
from ganstudio.training.runs.run_folder import RunFolder

_LONGEST_NAME = 80


@dataclass(frozen=True)
class RunSummary:
    """A run on disk.

    Attributes:
        path: Its folder.
        kimg: How far it is.
        planned_kimg: How long it is to be.
        locked: Whether it is being trained right now.
        config: Its settings; None where they are damaged.
        place: Where its pictures came from, or "".
        pictures: How many there were, or 0.
        best: The lowest kernel distance to held-out pictures, as (kimg, distance); None before one counts.
        note: What its person wrote about it.
        begun: When it was begun, as an ISO time; "" where that is not known.
        problem: Why it cannot be read, or "".
    """

    path: Path
    kimg: float = 0.0
    planned_kimg: float = 0.0
    locked: bool = False
    config: TrainingConfig | None = None
    place: str = ""
    pictures: int = 0
    best: tuple[float, float] | None = None
    note: str = ""
    begun: str = ""
    problem: str = ""

    @property
    def is_finished(self) -> bool:
        """Whether it came to its planned end."""
        return not self.problem and self.kimg >= self.planned_kimg - 1e-6

    @property
    def can_go_on(self) -> bool:
        """Whether it can be resumed from here."""
        return not (self.problem or self.locked or self.is_finished)

    @property
    def state(self) -> str:
        """How it stands, in a word."""
        if self.problem:
            return "damaged"
        return "being trained" if self.locked else "finished" if self.is_finished else "stopped"


def runs_folder() -> Path:
    """Where this person's runs are kept."""
    return user_data_dir() / "runs"


def list_runs(folder: Path) -> list[RunSummary]:
    """All runs in a folder, those changed last first; a damaged one says why."""
    return list(look_through(folder))


def look_through(folder: Path) -> Iterator[RunSummary]:
    """The same one by one, each read when it is asked for."""
    try:
        folders = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return
    yield from (summarise(run) for path in folders if (run := RunFolder(path)).exists)


def summarise(run: RunFolder) -> RunSummary:
    """One run at a glance; a damaged one says why it cannot be read."""
    try:
        config, about = run.config(), run.about()
    except GanStudioError as error:
        return RunSummary(run.path, note=run.note(), problem=error.reason)
    stamps = [pairs[-1][0] for pairs in (run.states(), run.samples()) if pairs]
    origin = about.get("origin")
    pictures = about.get("pictures")
    return RunSummary(
        run.path,
        max(stamps, default=0.0),
        config.kimg,
        run.is_locked(),
        config,
        str(origin.get("place", "")) if isinstance(origin, dict) else "",
        pictures if isinstance(pictures, int) else 0,
        best_score(run, config),
        run.note(),
        str(about.get("begun", "")),
    )


def best_score(run: RunFolder, config: TrainingConfig) -> tuple[float, float] | None:
    """The lowest of the kernel distances by which a run's moments are compared, as (kimg, distance), or None."""
    scores = [(float(line["kid"]), float(line["kimg"])) for line in run.ranked_scores(config)]
    distance, kimg = min(scores, default=(0.0, None))
    return None if kimg is None else (kimg, distance)


def next_name(folder: Path, place: str, taken: frozenset[str] = frozenset()) -> str:
    """A name for the next run on the pictures of a place: what they are called, and a number that is free.

    Args:
        folder: Where runs are kept.
        place: As in `origin.Origin`.
        taken: Names that are promised already.
    """
    stem = safe_name(place.split(":", maxsplit=1)[0] if place.startswith("avatars") else Path(place).stem)
    number = 1
    while f"{stem}-{number}" in taken or (folder / f"{stem}-{number}").exists():
        number += 1
    return f"{stem}-{number}"


def safe_name(name: str) -> str:
    """Turn what a person typed into the name of a folder."""
    cleaned = re.sub(r"[^\w\- .]+", "-", name).strip(" .-")[:_LONGEST_NAME]
    return cleaned or "run"
