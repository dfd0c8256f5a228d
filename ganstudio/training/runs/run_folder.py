"""The folder of one training run: all that training writes, readable by a person and by later programs.

```
run.json             configuration, what the data was, program and machine
scalars.jsonl        one line per point of the curves: {"kimg": ..., "loss_generator": ...}
scores.jsonl         one line per measurement against held-out pictures
samples/000012.500.png       sheet of the fixed latents after 12.5 thousand pictures
snapshots/000010.000.safetensors   the averaged generator; opens anywhere
state/000010.000.safetensors       everything needed to go on; the two newest are kept
best/000008.000.safetensors        the state of the best score
set-aside/1/...                    what came after the moment that one went back to
tensorboard/events.out.tfevents...  the same for TensorBoard, where that is asked for
changes.jsonl        settings that were changed on the way
warnings.jsonl       what went wrong on the way
notes.txt            what its person wrote about it
lock                 held by the process that trains
```
"""

import contextlib
import json
import os
import re
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import filelock

from ganstudio.errors import GanStudioError
from ganstudio.files import FileWriteError, sweep_temporary, write_text_atomically
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import RunFolderError, RunLockedError

SCHEMA = 1
KEPT_STATES = 2
LONGEST_NOTE = 10_000  # characters
_LOCK_SECONDS = 0.3  # longer than somebody else's look at whether it is locked
_TIME = "%Y-%m-%dT%H:%M:%S%z"
_STAMP = re.compile(r"^(\d{6}\.\d{3})$")


class RunFolder:
    """Paths and records of one run; makes nothing until `create`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        """What the run is called: its folder's name."""
        return self.path.name

    @property
    def exists(self) -> bool:
        """Whether a run was created here."""
        return (self.path / "run.json").is_file()

    def create(self, config: TrainingConfig, about: Mapping[str, Any]) -> None:
        """Make the folder and write `run.json`.

        Args:
            config: All settings, threads resolved.
            about: What the data was, program version and machine.

        Raises:
            RunFolderError: There is a run here already, or the folder cannot be made.
        """
        if self.exists:
            raise RunFolderError(
                self.path, "there is a run in this folder already", "resume it or choose another folder"
            )
        try:
            for folder in ("samples", "snapshots", "state", "best"):
                (self.path / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunFolderError(self.path, f"it cannot be made ({error.strerror})", "choose another folder") from error
        self._write_record(config, {"begun": time.strftime(_TIME), **about})

    def replace_config(self, config: TrainingConfig) -> None:
        """Change the settings on record, for a run that goes on with others (longer, say)."""
        self._write_record(config, self.about())

    def add_about(self, values: Mapping[str, Any]) -> None:
        """Put more on record of what the run is made of."""
        self._write_record(self.config(), {**self.about(), **values})

    def config(self) -> TrainingConfig:
        """Read the settings.

        Raises:
            RunFolderError: No run here, or `run.json` is damaged.
        """
        try:
            return TrainingConfig.from_json(self._record()["config"])
        except (KeyError, TypeError, GanStudioError) as error:
            raise RunFolderError(
                self.path / "run.json", f"its settings cannot be read ({error})", "restore it"
            ) from error

    def about(self) -> dict[str, Any]:
        """Read what the data was, program version and machine; empty where the record lacks it."""
        about = self._record().get("about", {})
        return about if isinstance(about, dict) else {}

    def note(self) -> str:
        """What its person wrote about it, or ""."""
        try:
            return (self.path / "notes.txt").read_text(encoding="utf-8", errors="replace")[:LONGEST_NOTE]
        except OSError:
            return ""

    def write_note(self, text: str) -> None:
        """Keep a note about the run, also while it is trained.

        Raises:
            RunFolderError: The run is gone.
            FileWriteError: The folder cannot be written.
        """
        if not self.exists:
            raise RunFolderError(self.path, "there is no training run in it any more", "choose another run")
        write_text_atomically(self.path / "notes.txt", text[:LONGEST_NOTE])

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run for writing.

        Raises:
            RunLockedError: Another process or window trains here.
        """
        lock = filelock.FileLock(self.path / "lock", timeout=_LOCK_SECONDS, thread_local=False)
        try:
            lock.acquire(poll_interval=0.02)
        except filelock.Timeout as error:
            reason = f"this run is being trained already{self._holder()}"
            raise RunLockedError(self.path, reason, "stop it there first, or watch it here") from error
        except OSError as error:
            raise RunFolderError(self.path, f"it cannot be locked ({error.strerror})", "check the folder") from error
        try:
            sweep_temporary(self.path)
            for folder in ("samples", "snapshots", "state", "best"):
                sweep_temporary(self.path / folder)
            with contextlib.suppress(OSError):
                (self.path / "holder").write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
            yield
        finally:
            with contextlib.suppress(OSError):
                (self.path / "holder").unlink()
            lock.release()

    def is_locked(self) -> bool:
        """Whether somebody trains here right now."""
        if not (self.path / "lock").exists():
            return False
        lock = filelock.FileLock(self.path / "lock", timeout=0, thread_local=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            return True
        except OSError:
            return False
        lock.release()
        return False

    def sample_path(self, kimg: float) -> Path:
        """Where the sample sheet of this moment goes."""
        return self.path / "samples" / f"{kimg:010.3f}.png"

    def snapshot_path(self, kimg: float) -> Path:
        """Where the snapshot of this moment goes."""
        return self.path / "snapshots" / f"{kimg:010.3f}.safetensors"

    def state_path(self, kimg: float) -> Path:
        """Where the state of this moment goes."""
        return self.path / "state" / f"{kimg:010.3f}.safetensors"

    def best_path(self, kimg: float) -> Path:
        """Where the state of the best score goes."""
        return self.path / "best" / f"{kimg:010.3f}.safetensors"

    def best(self) -> tuple[float, Path] | None:
        """The state of the best score as (kimg, path), or None before there is one."""
        return max(_stamped(self.path / "best", ".safetensors"), default=None)

    def remove_former_best(self) -> None:
        """Keep only the newest of the best states."""
        for _, path in _stamped(self.path / "best", ".safetensors")[:-1]:
            with contextlib.suppress(OSError):
                path.unlink()

    def samples(self) -> tuple[tuple[float, Path], ...]:
        """Sample sheets as (kimg, path), oldest first."""
        return _stamped(self.path / "samples", ".png")

    def snapshots(self) -> tuple[tuple[float, Path], ...]:
        """Snapshots as (kimg, path), oldest first."""
        return _stamped(self.path / "snapshots", ".safetensors")

    def states(self) -> tuple[tuple[float, Path], ...]:
        """States to resume from as (kimg, path), oldest first."""
        return _stamped(self.path / "state", ".safetensors")

    def remove_old_states(self) -> None:
        """Keep only the newest states."""
        for _, path in self.states()[:-KEPT_STATES]:
            with contextlib.suppress(OSError):
                path.unlink()

    def append(self, record: str, values: Mapping[str, Any]) -> None:
        """Add one line to `<record>.jsonl`.

        Raises:
            FileWriteError: The folder is gone or the disk is full.
        """
        try:
            if not self.path.is_dir():
                raise FileNotFoundError(2, "the run folder is gone")
            with (self.path / f"{record}.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(values) + "\n")
        except OSError as error:
            remedy = "free some space or restore the folder"
            raise FileWriteError(
                self.path / f"{record}.jsonl", f"it cannot be written ({error.strerror})", remedy
            ) from error

    def read(self, record: str) -> list[dict[str, Any]]:
        """Read the lines of `<record>.jsonl` ("scalars", "scores", "warnings"); a half-written line is passed over."""
        try:
            text = (self.path / f"{record}.jsonl").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        lines = (_parse_line(line) for line in text.splitlines())
        return [line for line in lines if line is not None]

    def ranked_scores(self, config: TrainingConfig) -> list[dict[str, Any]]:
        """The scores by which moments of a run with these settings are compared, oldest first.

        The very first of fresh networks says nothing, and a grey blur may score well: it is left out.
        """
        scores = [
            line
            for line in self.read("scores")
            if isinstance(line.get("kid"), int | float) and isinstance(line.get("kimg"), int | float)
        ]
        return scores if config.start_from else scores[1:]

    def forget_after(self, kimg: float) -> None:
        """Drop what is later than `kimg`, which a run that goes on makes again, and lines that a kill cut."""
        for path in self.path.glob("*.jsonl"):
            latest = kimg if path.stem in ("scalars", "scores") else float("inf")
            kept = [line for line in self.read(path.stem) if float(line.get("kimg", 0.0)) <= latest + 1e-6]
            text = "".join(json.dumps(line) + "\n" for line in kept)
            if text != path.read_text(encoding="utf-8", errors="replace"):
                write_text_atomically(path, text)
        best = _stamped(self.path / "best", ".safetensors")
        for stamp, path in self.samples() + self.snapshots() + self.states() + best:
            if stamp > kimg + 1e-3:
                with contextlib.suppress(OSError):
                    path.unlink()

    def _write_record(self, config: TrainingConfig, about: Mapping[str, Any]) -> None:
        record = {"schema": SCHEMA, "config": config.to_json(), "about": dict(about)}
        record["written"] = time.strftime(_TIME)
        write_text_atomically(self.path / "run.json", json.dumps(record, indent=2) + "\n")

    def _record(self) -> dict[str, Any]:
        path = self.path / "run.json"
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise RunFolderError(
                self.path, "there is no training run in it", "choose a folder with a run.json"
            ) from error
        except (OSError, ValueError, RecursionError) as error:
            raise RunFolderError(path, f"it cannot be read ({error})", "restore it from a copy") from error
        if not isinstance(record, dict) or record.get("schema") != SCHEMA:
            raise RunFolderError(path, "it is of another schema", "open it with the GANStudio that wrote it")
        return record

    def _holder(self) -> str:
        try:
            return f" by {(self.path / 'holder').read_text(encoding='utf-8')[:100]}"
        except OSError:
            return ""


def _stamped(folder: Path, suffix: str) -> tuple[tuple[float, Path], ...]:
    try:
        paths = [path for path in folder.iterdir() if path.suffix == suffix and _STAMP.match(path.stem)]
    except OSError:
        return ()
    return tuple(sorted((float(path.stem), path) for path in paths))


def _parse_line(line: str) -> dict[str, Any] | None:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def is_snapshot(checkpoint: Path) -> bool:
    """Whether a checkpoint file lies where runs keep theirs, by its name alone."""
    return checkpoint.parent.name == "snapshots" and bool(_STAMP.match(checkpoint.stem))


def title_of(checkpoint: Path) -> str:
    """What a person calls a checkpoint file: run and thousands of pictures for a snapshot, else its name."""
    if is_snapshot(checkpoint):
        return f"{checkpoint.parent.parent.name}, {round(float(checkpoint.stem), 1):g} kimg"
    return checkpoint.stem
