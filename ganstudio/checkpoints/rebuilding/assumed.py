"""What a person chose for files that do not say it themselves, kept by the files' content in the settings folder."""

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.files import user_settings_dir, write_text_atomically

logger = logging.getLogger(__name__)

SCHEMA = 1
MOST_FILES = 500
MAX_BYTES = 4_000_000
_MOST_VALUES = 40


def store_path() -> Path:
    """The file that keeps them."""
    return user_settings_dir() / "assumed.json"


def recall(path: Path) -> dict[str, str]:
    """What was chosen for a file of this content; {} where nothing was. A garbled store is as good as an empty one."""
    kept = _read()
    return kept.get(content_hash(path), {}) if kept else {}


def remember(path: Path, assumptions: Mapping[str, str]) -> None:
    """Keep what was chosen for a file; the oldest choices go where there are more than 500 files.

    Raises:
        CheckpointError: The file cannot be read.
        FileWriteError: The settings folder is not writable; what was kept before still is.
    """
    kept = _read()
    key = content_hash(path)
    kept.pop(key, None)
    if assumptions:
        kept[key] = dict(assumptions)
    store = store_path()
    store.parent.mkdir(parents=True, exist_ok=True)
    files = dict(list(kept.items())[-MOST_FILES:])
    write_text_atomically(store, json.dumps({"schema": SCHEMA, "files": files}, indent=1))


def forget(path: Path) -> None:
    """Keep nothing for a file any more; errors as for `remember`."""
    remember(path, {})


def content_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        CheckpointError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CheckpointError(path, f"it cannot be read ({error.strerror})", "check the disk") from error


def _read() -> dict[str, dict[str, str]]:
    store = store_path()
    try:
        if not store.is_file() or store.stat().st_size > MAX_BYTES:
            return {}
        content = json.loads(store.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        logger.warning("%s is unreadable; choices for files are asked for again", store)
        return {}
    files = content.get("files") if isinstance(content, dict) and content.get("schema") == SCHEMA else None
    if not isinstance(files, dict):
        return {}
    return {key: values for key, values in files.items() if _is_choice(values)}


def _is_choice(values: Any) -> bool:
    return (
        isinstance(values, dict)
        and len(values) <= _MOST_VALUES
        and all(isinstance(value, str) and len(value) <= 2000 for value in values.values())
    )
