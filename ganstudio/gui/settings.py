"""What a person set up: one dataclass, one JSON file with a schema number, never a reason not to start."""

import dataclasses
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from ganstudio.animation.control.setup import LiveSetup
from ganstudio.devices import DEVICE_NAMES
from ganstudio.errors import GanStudioError
from ganstudio.files import user_settings_dir, write_text_atomically

logger = logging.getLogger(__name__)

SCHEMA = 1
RECENT_LENGTH = 12
RECENT_PROJECTS = 8
THEME_NAMES = ("system", "dark", "light")
_SAVE_DELAY_MS = 1500
_PATHS = ("recent", "recent_projects", "watched")


class SettingsError(GanStudioError):
    """A settings file that cannot be read; its values fall back to the defaults."""


@dataclass(frozen=True)
class Settings:
    """All settings; a value that a file holds wrongly falls back to what stands here.

    Attributes:
        theme: "dark", "light" or "system".
        device: What computes: "auto", "cpu" or "cuda".
        workspace: The workspace shown last.
        recent: Checkpoints opened, newest first.
        recent_projects: Projects opened or saved, newest first.
        watched: Folders whose models are listed.
        smooth: Whether the canvas magnifies smoothly instead of showing pixels as squares.
        histogram: Whether the histogram of the picture is shown.
        folder: Where a file was chosen last.
        geometry: Qt's record of the window's place, in base64.
        layouts: Qt's record of the docks by workspace, in base64.
        live: What moves pictures from outside; all off at first.
    """

    theme: str = "dark"
    device: str = "auto"
    workspace: str = "explore"
    recent: tuple[str, ...] = ()
    recent_projects: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()
    smooth: bool = True
    histogram: bool = False
    folder: str = ""
    geometry: str = ""
    layouts: tuple[tuple[str, str], ...] = field(default=())
    live: LiveSetup = field(default_factory=LiveSetup)

    def __post_init__(self) -> None:
        _check_choice("theme", self.theme, THEME_NAMES)
        _check_choice("device", self.device, DEVICE_NAMES)
        for name in ("smooth", "histogram"):
            if not isinstance(getattr(self, name), bool):
                raise SettingsError(name, "it is neither true nor false")
        for name in ("workspace", "folder", "geometry"):
            if not isinstance(getattr(self, name), str):
                raise SettingsError(name, "it is not a text")
        for name in _PATHS:
            if not all(isinstance(path, str) for path in getattr(self, name)):
                raise SettingsError(name, "they are not all paths")
        if not all(len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in self.layouts):
            raise SettingsError("layouts", "they are not texts by workspace")


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SettingsError(name, f"{value!r} is none", f"choose one of: {', '.join(choices)}")


class SettingsStore(QObject):
    """The settings of this window: `values` to read, `update` to change; written a moment later and at close.

    Signals:
        changed(old, new): Some setting was changed.
    """

    changed = Signal(object, object)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path or user_settings_dir() / "settings.json"
        self.warning: str | None = None
        self.values = self._load()
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_DELAY_MS)
        self._timer.timeout.connect(self.save)

    def update(self, **changes: Any) -> None:
        """Change settings by name; raises SettingsError for a value that none can have."""
        old, self.values = self.values, replace(self.values, **changes)
        if old != self.values:
            self._timer.start()
            self.changed.emit(old, self.values)

    def add_recent(self, path: Path) -> None:
        """Note that a checkpoint was opened."""
        kept = [known for known in self.values.recent if known != str(path)]
        self.update(recent=(str(path), *kept)[:RECENT_LENGTH])

    def forget_recent(self, path: Path) -> None:
        """Take a checkpoint off the list."""
        self.update(recent=tuple(known for known in self.values.recent if known != str(path)))

    def add_recent_project(self, path: Path) -> None:
        """Note that a project was opened or saved."""
        kept = [known for known in self.values.recent_projects if known != str(path)]
        self.update(recent_projects=(str(path), *kept)[:RECENT_PROJECTS])

    def forget_recent_project(self, path: Path) -> None:
        """Take a project off the list."""
        self.update(recent_projects=tuple(known for known in self.values.recent_projects if known != str(path)))

    def replace_recent(self, old: Path, new: Path) -> None:
        """Note that a checkpoint is somewhere else now."""
        moved = (str(new) if known == str(old) else known for known in self.values.recent)
        self.update(recent=tuple(dict.fromkeys(moved)))

    def watch(self, folder: Path) -> None:
        """List the models of a folder from now on."""
        self.update(watched=tuple(dict.fromkeys((*self.values.watched, str(folder)))))

    def unwatch(self, folder: Path) -> None:
        """List them no longer."""
        self.update(watched=tuple(known for known in self.values.watched if known != str(folder)))

    def save(self) -> None:
        """Write the file now; a full disk is logged, for settings are not worth stopping for."""
        self._timer.stop()
        values = {**dataclasses.asdict(self.values), "live": self.values.live.to_json()}
        text = json.dumps({"schema": SCHEMA, **values}, indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_text_atomically(self.path, text)
        except (OSError, GanStudioError) as error:
            logger.warning("Settings were not saved: %s", error)

    def _load(self) -> Settings:
        try:
            return read_settings(self.path)
        except SettingsError as error:
            kept = self._set_aside()
            self.warning = f"{error.reason}. The defaults are used" + (
                f"; the old file is kept as {kept.name}" if kept else ""
            )
            logger.warning("%s: %s", self.path, self.warning)
            return Settings()

    def _set_aside(self) -> Path | None:
        aside = self.path.with_suffix(".damaged.json")
        try:
            return self.path.replace(aside)
        except OSError:
            return None


def read_settings(path: Path) -> Settings:
    """Read a settings file; one that is not there gives the defaults.

    Raises:
        SettingsError: No JSON, of another schema, or with a value that no setting can have.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        raise SettingsError(path, "The settings file could not be read") from error
    if not isinstance(values, Mapping) or values.get("schema") != SCHEMA:
        raise SettingsError(path, "The settings file is of another version")
    known = {item.name: values[item.name] for item in dataclasses.fields(Settings) if item.name in values}
    try:
        for name in _PATHS:
            known[name] = tuple(known.get(name, ()))
        known["layouts"] = tuple((pair[0], pair[1]) for pair in known.get("layouts", ()))
        known["live"] = LiveSetup.from_json(known.get("live", {}))
        return Settings(**known)
    except (GanStudioError, TypeError, ValueError, IndexError, KeyError) as error:
        raise SettingsError(path, f"The settings file holds a wrong value ({error})") from error
