"""Frames on the disk beside a film that is not done: what a resumed export goes on from, and what shards are joined of.

FILE.frames/ holds one PNG file a frame, `0000012.png`, its number counted in the film of the whole timeline, and
`export.json`, which says what was drawn. Each file says it as well, so that frames of another film are never mixed in,
also where folders of several machines are copied into one.
"""

import io
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.base import Pixels
from ganstudio.animation.formats.png_frames import encode_png
from ganstudio.files import (
    TEMPORARY_PREFIX,
    TEMPORARY_SUFFIX,
    FileWriteError,
    explain_write_error,
    sweep_abandoned,
    write_text_atomically,
)
from ganstudio.picture_texts import KEY

_RECORD = "export.json"
_SUFFIX = ".frames"
_SCHEMA = 1
_NAMED = 5


@dataclass(frozen=True)
class DrawnBy:
    """What decides about the bits of frames.

    Attributes:
        key: See `ExportPlan.key`.
        width: Of the frames, in pixels.
        height: Likewise.
        channels: 3, or 4 with alpha.
        group: How many were drawn in one go.
        device: What computed: "cpu", or the product name of a GPU.
        threads: Of the processor.
        torch: Its version and what it can use of the processor.
    """

    key: str
    width: int
    height: int
    channels: int
    group: int
    device: str
    threads: int
    torch: str

    @property
    def film(self) -> tuple[object, ...]:
        """What has to be the same for frames of one film."""
        return self.key, self.width, self.height, self.channels, self.group

    @property
    def machine(self) -> str:
        """What decides about the last bits."""
        return f"{self.device}, {self.threads} threads, torch {self.torch}"


class KeptFrames:
    """The frames of one film.

    Args:
        output: The film.

    Attributes:
        folder: Where they are.
        machines: What drew the frames that were read, in words.
    """

    def __init__(self, output: Path) -> None:
        self.folder = output.with_name(output.name + _SUFFIX)
        self.machines: set[str] = set()

    def record(self) -> DrawnBy | None:
        """What drew the frames that are there; None where there are none.

        Raises:
            AnimationError: It cannot be read.
        """
        path = self.folder / _RECORD
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            if values.pop("schema") != _SCHEMA:
                raise ValueError("another schema")
            return DrawnBy(**values)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise AnimationError(
                path, f"it cannot be read ({error})", f"delete {self.folder.name} to begin anew"
            ) from error

    def begin(self, drawn_by: DrawnBy) -> None:
        """Begin, or go on where the same film was begun.

        Raises:
            AnimationError: The frames that are there are of another film.
            FileWriteError: The disk is full, or the folder not writable.
        """
        before = self.record()
        if before is None:
            self._make_folder()
            values = {"schema": _SCHEMA, **asdict(drawn_by)}
            write_text_atomically(self.folder / _RECORD, json.dumps(values, indent=1))
            return
        sweep_abandoned(self.folder)
        if before.film != drawn_by.film:
            reason = "the frames in it are of another film: project, model, rate or size differ"
            raise AnimationError(self.folder, reason, "delete it to begin anew, or export as it was begun")

    def missing(self, numbers: Iterable[int]) -> list[int]:
        """Those of some frames that are not there."""
        return [number for number in numbers if not self._path(number).is_file()]

    def keep(self, numbers: Sequence[int], frames: Sequence[Pixels], drawn_by: DrawnBy) -> None:
        """Write frames; raises FileWriteError."""
        self.machines.add(drawn_by.machine)
        text = json.dumps(asdict(drawn_by))
        temporary = self.folder / f"{TEMPORARY_PREFIX}{os.getpid()}-{TEMPORARY_SUFFIX}"
        try:
            for number, pixels in zip(numbers, frames, strict=True):
                temporary.write_bytes(encode_png(pixels, text=text))
                temporary.replace(self._path(number))  # a power cut may spoil it: then it is drawn again
        except OSError as error:
            raise FileWriteError(self.folder, *explain_write_error(error)) from error

    def read(self, number: int, drawn_by: DrawnBy) -> Pixels | None:
        """A frame as it was drawn; None where it is not there, damaged, or of another film."""
        try:
            with Image.open(io.BytesIO(self._path(number).read_bytes())) as picture:
                picture.load()
                pixels: Pixels = np.asarray(picture)
                by = DrawnBy(**json.loads(picture.info[KEY]))
        except (OSError, ValueError, KeyError, TypeError, SyntaxError, Image.DecompressionBombError):
            return None
        if by.film != drawn_by.film or pixels.shape != (drawn_by.height, drawn_by.width, drawn_by.channels):
            return None
        self.machines.add(by.machine)
        return pixels

    def remove(self) -> None:
        """Delete all; what cannot be deleted stays."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise AnimationError(
                self.folder, f"it cannot be made ({error.strerror})", "choose another folder"
            ) from error

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:07d}.png"


def say_numbers(numbers: Sequence[int]) -> str:
    """Say which frames: "0-15, 32 and 8 more"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return ", ".join(texts[:_NAMED]) + more
