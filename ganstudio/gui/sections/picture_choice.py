"""The choice of a picture: the one on the canvas, one of the history or of the favourites, or a seed."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.sections.rows import new_seed
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.picture_buttons import PictureButtons
from ganstudio.project.state import Entry, Project
from ganstudio.rendering.looks.checking import SEED_RANGE
from ganstudio.rendering.looks.look import Look

_SIDE = 40
_OFFERED = 12


class PictureChoice(QWidget):
    """A letter, a small picture, what it is, and a menu to choose another.

    Args:
        letter: Names it ("A").
        document: Says what there is to choose.
        rendering: Draws it small.
        nothing: What to say while none is chosen.

    Signals:
        changed(): Another picture is chosen.
        pressed(): The person wants to go to it.
    """

    changed = Signal()
    pressed = Signal()

    def __init__(
        self,
        letter: str,
        document: Document,
        rendering: RenderingService,
        parent: QWidget,
        nothing: str = "not chosen",
    ) -> None:
        super().__init__(parent)
        self._nothing = nothing
        self._letter, self._document, self._rendering = letter, document, rendering
        self.look: Look | None = None
        self._picture = PictureButtons(1, 1, _SIDE, self)
        self._name = QLabel(nothing, self)
        self._name.setProperty("role", "muted")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        title = QLabel(letter, self)
        title.setProperty("role", "heading")
        title.setFixedWidth(14)
        title.setVisible(bool(letter))
        self.button = QToolButton(self)
        self.button.setText("Choose")
        self.button.setObjectName("choose_picture")
        self.button.setProperty("role", "menu")
        self.button.setAccessibleName(f"Choose picture {letter}")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setMenu(QMenu(self.button))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (title, self._picture):
            row.addWidget(widget)
        row.addWidget(self._name, 1)
        row.addWidget(self.button)
        menu = self.button.menu()
        if menu is not None:
            menu.aboutToShow.connect(self._fill_menu)
        self._picture.pressed.connect(lambda _place: self.pressed.emit())
        rendering.thumbnail_ready.connect(self._on_thumbnail_ready)
        document.changed.connect(self._on_document_changed)
        self._show()

    def choose(self, look: Look | None) -> None:
        """Take another picture."""
        if look != self.look:
            self.look = look
            self._rendering.watch(f"choice {id(self)}", () if look is None else (look,))
            self._show()
            self.changed.emit()

    def take_shown(self) -> None:
        """Take what the canvas shows."""
        self.choose(self._rendering.moment or self._document.state.look)

    def _show(self) -> None:
        look = self.look
        words = self._nothing if look is None else _say(look, self._document.state)
        self._name.setText(words)
        self._name.setToolTip(words)
        self._picture.show_names([f"Picture {self._letter}: {words}"])
        self._picture.show_image(0, None if look is None else self._rendering.thumbnail(look))

    def _fill_menu(self) -> None:
        menu = self.button.menu()
        if menu is None:
            return
        menu.clear()
        menu.addAction("The Picture on the Canvas").triggered.connect(lambda _checked=False: self.take_shown())
        menu.addAction("A Random One").triggered.connect(lambda _checked=False: self.choose(self._of_seed(new_seed())))
        menu.addAction("Seed…").triggered.connect(lambda _checked=False: self._ask_seed())
        state = self._document.state
        for title, entries in (("Favourites", state.favourites), ("History", state.history[::-1])):
            own = [entry for entry in entries if entry.checkpoint in (state.checkpoint, None)]
            place = menu.addMenu(title)
            place.setEnabled(bool(own))
            for entry in own[:_OFFERED]:
                self._offer(place, entry)

    def _offer(self, menu: QMenu, entry: Entry) -> None:
        words = entry.name or _say(entry.look, self._document.state)
        action = menu.addAction(words.replace("&", "&&")[:60])
        action.triggered.connect(lambda _checked=False: self.choose(entry.look))

    def _of_seed(self, seed: int) -> Look:
        return replace(self._document.state.look.from_seed, seed=seed, mix=None)

    def _ask_seed(self) -> None:
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(f"Picture {self._letter}")
        dialog.setLabelText("Seed")
        dialog.setInputMode(QInputDialog.InputMode.TextInput)
        dialog.textValueSelected.connect(self._on_seed_chosen)
        dialog.open()

    def _on_seed_chosen(self, text: str) -> None:
        seed = text.strip()
        if seed.isascii() and seed.isdigit() and int(seed) <= SEED_RANGE[1]:
            self.choose(self._of_seed(int(seed)))

    def _on_thumbnail_ready(self, look: Look) -> None:
        if look == self.look:
            self._picture.show_image(0, self._rendering.thumbnail(look))

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if new.checkpoint != old.checkpoint:
            self._show()


def _say(look: Look, state: Project) -> str:
    """A picture in a few words: its name, or its seed."""
    named = next((entry.name for entry in (*state.favourites, *state.history) if entry.look == look and entry.name), "")
    if named:
        return named
    return f"between {len(look.between.parts)}" if look.between is not None else f"seed {look.seed}"
