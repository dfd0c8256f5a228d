"""What the search found for a file is kept in the cache: a file costs seconds of searching once, not each time."""

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import ganstudio
from ganstudio.checkpoints.errors import AssumptionError, CheckpointError
from ganstudio.checkpoints.opened_file import OpenedFile
from ganstudio.checkpoints.rebuilding.candidates import CandidateEvent, CandidateFound, search_opened
from ganstudio.errors import GanStudioError
from ganstudio.files import user_cache_dir, write_text_atomically

_LARGEST = 1 << 16


@dataclass(frozen=True)
class Guess:
    """The best candidate of a full search: what was assumed, how probable it was among all, and why."""

    assumptions: dict[str, str]
    confidence: float
    reasons: tuple[str, ...]


def search_guessed(file: OpenedFile, chosen: Mapping[str, str]) -> Iterator[CandidateEvent]:
    """Search as `search_opened` does; where the same search was done before, only its best network is made again.

    Raises:
        CheckpointError: See `search_opened`.
    """
    place = _place(file.path, chosen)
    if (guess := _read(place)) is not None:
        with contextlib.suppress(
            CheckpointError, AssumptionError
        ):  # one of another version, say: then the search is done anew
            for event in search_opened(file, guess.assumptions):
                if isinstance(event, CandidateFound):
                    found = replace(event.candidate, confidence=guess.confidence, reasons=guess.reasons)
                    yield CandidateFound(0, found)
                    return
                yield event
    for event in search_opened(file, chosen):
        if isinstance(event, CandidateFound) and event.rank == 0:
            found = event.candidate
            _keep(place, Guess(dict(found.assumptions), found.confidence, found.reasons))
        yield event


def _place(path: Path, chosen: Mapping[str, str]) -> Path:
    """Where the guess for a file is kept; another place when the file or the program changes."""
    about = path.stat()
    words = (
        f"{path.absolute()}\n{about.st_size}\n{about.st_mtime_ns}\n{ganstudio.__version__}\n{sorted(chosen.items())}"
    )
    name = hashlib.sha256(words.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return user_cache_dir() / "guesses" / f"{name}.json"


def _read(place: Path) -> Guess | None:
    try:
        if place.stat().st_size > _LARGEST:
            return None
        values = json.loads(place.read_text(encoding="utf-8"))
        assumptions = {str(name): str(value) for name, value in values["assumptions"].items()}
        confidence = float(values["confidence"])
        reasons = tuple(str(reason) for reason in values["reasons"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Guess(assumptions, confidence, reasons) if 0.0 <= confidence <= 1.0 else None


def _keep(place: Path, guess: Guess) -> None:
    with contextlib.suppress(OSError, GanStudioError):  # a cache that cannot be written to is done without
        place.parent.mkdir(parents=True, exist_ok=True)
        values = {"assumptions": guess.assumptions, "confidence": guess.confidence, "reasons": list(guess.reasons)}
        write_text_atomically(place, json.dumps(values))
