"""What is said, and can be done, when a picture or a project needs a model that is not there, or when it is another."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from ganstudio.gui import icons, theme
from ganstudio.gui.document import Document
from ganstudio.gui.services.opening import Opener
from ganstudio.gui.services.opening_work import ModelMissing
from ganstudio.gui.settings import SettingsStore
from ganstudio.gui.widgets.notice_bar import Choice, NoticeBar

_LOOKED_IN = "It was looked for among recent models, in watched folders and beside the file"


class ModelDesk(QObject):
    """Shows a bar over the canvas, with what a person can choose.

    Args:
        document: Which models the project was made with.
        opener: Goes on when a model was located.
        settings: Remember the folder.
        bar: Where it is said.
        window: Over which a file is asked for.
    """

    def __init__(
        self, document: Document, opener: Opener, settings: SettingsStore, bar: NoticeBar, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._opener, self._settings, self._bar = document, opener, settings, bar
        self._window = window
        opener.model_missing.connect(self._on_model_missing)
        document.model_differs.connect(self._on_model_differs)
        document.model_changed.connect(self._on_model_changed)
        self._told_of = ""

    def _on_model_missing(self, missing: ModelMissing) -> None:
        wish, found = missing.wish, missing.sought
        if wish.sought is None:
            return
        locate = ("Locate…", partial(self._locate, missing))
        if found.path is None:
            title = f"{wish.path.name}, which {wish.sought.what}, is not there any more"
            more = f"It was {wish.path}. {_LOOKED_IN}{_if_bytes(missing)}."
            self._say(wish.path, title, more, (locate, *self._without(missing)))
        else:
            title = f"{found.path.name} is another model than the one that {wish.sought.what}"
            more = f"{found.path} holds other bytes, so its pictures will be others."
            use = ("Use It Anyway", partial(self._opener.open_elsewhere, missing))
            self._say(wish.path, title, more, (locate, use))

    def _on_model_differs(self, path: str) -> None:
        model = Path(path)
        title = f"{model.name} is another model than the one that this project was made with"
        more = f"{model} holds other bytes than before, so its pictures are others."
        keep = ("Keep Using It", partial(self._document.accept, path))
        self._say(model, title, more, (("Locate the Original…", partial(self._relocate, model)), keep))

    def _on_model_changed(self, description: object) -> None:
        """Say no more of a model that is open by now."""
        if description is not None and self._document.state.checkpoint == self._told_of:
            self._bar.hide()

    def _say(self, model: Path, title: str, more: str, choices: tuple[Choice, ...]) -> None:
        self._told_of = str(model)
        self._bar.say(title, more, choices, icons.draw("warning", theme.current().warning, 20))

    def _without(self, missing: ModelMissing) -> tuple[Choice, ...]:
        edit = missing.wish.without
        if edit is None or self._document.description is None:
            return ()
        text = missing.wish.text
        return (("Use the Open Model", lambda: self._document.apply(text, edit(self._document.state))),)

    def _locate(self, missing: ModelMissing) -> None:
        if path := self._ask(missing.wish.path):
            self._opener.open_elsewhere(missing, path)
        else:
            self._on_model_missing(missing)

    def _relocate(self, model: Path) -> None:
        if path := self._ask(model):
            self._opener.relocate(model, path)
        else:
            self._on_model_differs(str(model))

    def _ask(self, model: Path) -> Path | None:
        folder = str(model.parent) if model.parent.is_dir() else self._settings.values.folder
        name, _kind = QFileDialog.getOpenFileName(self._window, f"Locate {model.name}", folder, "All files (*)")
        return Path(name) if name else None


def _if_bytes(missing: ModelMissing) -> str:
    sought = missing.wish.sought
    return ", whatever it is called" if sought is not None and sought.fingerprint else ", by its name"
