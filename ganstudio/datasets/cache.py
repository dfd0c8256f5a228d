"""Writing prepared pictures to a folder: in one pass, in little memory, whole or not at all."""

import contextlib
import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from ganstudio.datasets.base import DatasetError, FactorArray, PictureSource, Pixels, Skipped
from ganstudio.datasets.fitting import PreparationConfig
from ganstudio.datasets.prepared import (
    FACTORS_FILE,
    LABELS_FILE,
    META_FILE,
    PIXELS_FILE,
    SCHEMA,
    PreparedDataset,
    open_prepared,
    spot_check,
)
from ganstudio.files import TEMPORARY_PREFIX, TEMPORARY_SUFFIX, sync_folder, user_cache_dir

_KEPT_SKIPPED = 1000
_RESERVE_BYTES = 16 << 20  # labels, names and what other programs write meanwhile
_STALE_SECONDS = 24 * 3600.0
_ANOTHER_PLACE = "free some space, or set XDG_CACHE_HOME to a larger disk"


def default_cache_folder() -> Path:
    """Where prepared pictures are kept when nobody says otherwise."""
    return user_cache_dir() / "datasets"


def check_space(cache: Path, source: PictureSource, config: PreparationConfig) -> None:
    """Refuse to begin what cannot end.

    Raises:
        DatasetError: The disk has not room enough for all pictures, or the folder cannot be made.
    """
    needed = len(source) * (config.resolution**2 * config.channels + 8 + 4 * len(source.factor_names)) + _RESERVE_BYTES
    try:
        cache.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(cache).free
    except OSError as error:
        raise DatasetError(
            cache, f"the folder cannot be used ({error.strerror or error})", "choose another cache folder"
        ) from error
    if needed > free:
        text = f"the prepared pictures need {_megabytes(needed)}, but only {_megabytes(free)} are free"
        raise DatasetError(cache, text, f"{_ANOTHER_PLACE}, or choose a lower resolution")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


def sweep_stale(cache: Path) -> None:
    """Remove what a killed preparation left behind a day or more ago."""
    for folder in cache.glob(f"{TEMPORARY_PREFIX}*{TEMPORARY_SUFFIX}"):
        try:
            changed = max(path.stat().st_mtime for path in (folder, *folder.glob(PIXELS_FILE)))
        except OSError:  # another process swept it
            continue
        if time.time() - changed > _STALE_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass
class CacheWriter:
    """One preparation on its way to `target`; nothing is there before `finish`, nothing is left after `discard`."""

    target: Path
    source: PictureSource
    config: PreparationConfig
    labels: list[int] = field(default_factory=list)
    factors: list[FactorArray] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    count: int = 0

    def __post_init__(self) -> None:
        for skipped in self.source.left_out:
            self.skip(skipped)
        self._digest = hashlib.blake2b(digest_size=16)
        parent = self.target.parent
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, suffix=TEMPORARY_SUFFIX, dir=parent))
        except OSError as error:
            raise explain_write(parent, error) from error
        try:
            self._file: BinaryIO = (self._folder / PIXELS_FILE).open("wb")
            self._header_bytes = self._write_header(len(self.source))
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise explain_write(parent, error) from error

    def add(self, index: int, pixels: Pixels) -> None:
        """Append the prepared picture of number `index`."""
        block = np.ascontiguousarray(pixels).data
        self._digest.update(block)
        try:
            self._file.write(block)
        except OSError as error:
            raise explain_write(self.target.parent, error) from error
        label, factors = self.source.label(index), self.source.factors(index)
        if label is not None:
            self.labels.append(label)
        if factors is not None:
            self.factors.append(factors)
        self.count += 1

    def skip(self, skipped: Skipped) -> None:
        """Remember what was left out."""
        self.skipped_count += 1
        if len(self.skipped) < _KEPT_SKIPPED:
            self.skipped.append(skipped)

    def finish(self) -> PreparedDataset:
        """Flush everything to the disk and give it its name.

        Raises:
            DatasetError: The disk is full.
        """
        try:
            self._write_rest()
            self._publish()
        except OSError as error:
            raise explain_write(self.target.parent, error) from error
        return open_prepared(self.target)

    def discard(self) -> None:
        """Remove the temporary folder, if it is still there."""
        with contextlib.suppress(OSError):  # what does not fit a full disk is thrown away anyway
            self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write_header(self, count: int) -> int:
        """Write the npy header; numpy pads it so that a smaller count takes the same room."""
        side = self.config.resolution
        shape = (count, side, side, self.config.channels)
        np.lib.format.write_array_header_1_0(self._file, {"descr": "|u1", "fortran_order": False, "shape": shape})
        return self._file.tell()

    def _write_rest(self) -> None:
        with self._file as file:
            file.seek(0)
            if self._write_header(self.count) != self._header_bytes:
                raise DatasetError(
                    self.target, "its header changed its size", "report this as a mistake of the program"
                )
            file.flush()
            os.fsync(file.fileno())
        names = [PIXELS_FILE]
        if len(self.labels) == self.count:
            names.append(self._save(LABELS_FILE, np.array(self.labels, np.int64)))
        if len(self.factors) == self.count:
            names.append(self._save(FACTORS_FILE, np.stack(self.factors).astype(np.float32)))
        text = json.dumps(self._meta(names), ensure_ascii=True, indent=1)
        with (self._folder / META_FILE).open("w", encoding="utf-8") as meta:
            meta.write(text)
            meta.flush()
            os.fsync(meta.fileno())

    def _save(self, name: str, array: npt.NDArray[np.generic]) -> str:
        self._digest.update(np.ascontiguousarray(array).data)
        with (self._folder / name).open("wb") as file:
            np.save(file, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        return name

    def _meta(self, names: list[str]) -> dict[str, object]:
        return {
            "schema": SCHEMA,
            "source": self.source.title,
            "location": self.source.location,
            "preparation": vars(self.config),
            "count": self.count,
            "class_names": self.source.class_names if LABELS_FILE in names else (),
            "factor_names": self.source.factor_names if FACTORS_FILE in names else (),
            "skipped_count": self.skipped_count,
            "skipped": [(skipped.name, skipped.reason) for skipped in self.skipped],
            "digest": self._digest.hexdigest(),
            "sizes": {name: (self._folder / name).stat().st_size for name in names},
            "spots": spot_check(self._folder / PIXELS_FILE),
        }

    def _publish(self) -> None:
        """Rename into place; where another process was first, its pictures are as good as these."""
        self._folder.chmod(0o755)
        try:
            self._folder.rename(self.target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise
            if is_whole(self.target):
                return
            clear_damaged(self.target)
            self._folder.rename(self.target)
        sync_folder(self.target.parent)


def is_whole(folder: Path) -> bool:
    """Whether a cache folder can be opened."""
    try:
        open_prepared(folder).close()
    except DatasetError:
        return False
    return True


def clear_damaged(folder: Path) -> None:
    """Move a damaged cache folder out of the way at once, then remove it."""
    aside = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, suffix=TEMPORARY_SUFFIX, dir=folder.parent))
    with contextlib.suppress(FileNotFoundError):  # another process was quicker
        folder.rename(aside / folder.name)
    shutil.rmtree(aside, ignore_errors=True)


def explain_write(place: Path, error: OSError) -> DatasetError:
    """Word a failed write for people."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DatasetError(place, "the disk became full while pictures were prepared", _ANOTHER_PLACE)
    reason = f"prepared pictures cannot be written there ({error.strerror or error})"
    return DatasetError(place, reason, "check the folder and its permissions")
