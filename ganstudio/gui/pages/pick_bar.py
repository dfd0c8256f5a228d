"""The bar over the grid while pictures are marked: how many, what they lack, and the direction that they make."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.services.direction_events import FoundSlider, SlidersFound
from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.gui.services.direction_ways import Marks, Wanted, marks_of
from ganstudio.gui.widgets.picture_strip import PictureStrip
from ganstudio.project import direction_edits, edits
from ganstudio.project.state import Project

_HOW_GOOD = (
    "Of 4,000 other avatars, directions of 6 clear marks told 69 % right, of 12 marks 73 %, of 24 marks 77 %; of marks "
    "that were no clear cases somewhat fewer (AUC 0.67, 0.73, 0.78)."
)
_NOTHING = Marks(0, 0)


class PickBar(QFrame):
    """Appears with the first mark, and goes with the last.

    Args:
        document: Says what is marked.
        finding: Makes the direction.
    """

    def __init__(self, *, document: Document, finding: DirectionFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._finding = document, finding
        self._made: FoundSlider | None = None
        self.setProperty("role", "card")
        self.words = QLabel(self)
        self.words.setProperty("role", "heading")
        self.hint = QLabel(self, wordWrap=True)
        self.hint.setProperty("role", "muted")
        self.make_button = QPushButton("Make Direction", self)
        self.make_button.setProperty("role", "primary")
        self.make_button.clicked.connect(finding.start_from_picks)
        self.clear_button = QPushButton("Clear Marks", self)
        self.clear_button.setProperty("role", "flat")
        self.clear_button.clicked.connect(self._on_clear_clicked)
        self.name = QLineEdit(self)
        self.name.setAccessibleName("Name of the direction")
        self.name.setMaximumWidth(200)
        self.name.editingFinished.connect(self._on_name_finished)
        self.facts = QLabel(self, wordWrap=True)
        self.facts.setProperty("role", "muted")
        self.strip = PictureStrip(48, self)
        self._lay_out()
        document.changed.connect(self._on_document_changed)
        finding.changed.connect(self._show)
        finding.sliders_found.connect(self._on_sliders_found)
        finding.strip_ready.connect(self._on_strip_ready)
        finding.names_suggested.connect(self._on_names_suggested)
        self._show()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.words)
        top.addWidget(self.hint, 1)
        top.addWidget(self.clear_button)
        top.addWidget(self.make_button)
        self._result = QWidget(self)
        below = QHBoxLayout(self._result)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(16)
        below.addWidget(self.name, 1)
        below.addWidget(self.strip)
        below.addWidget(self.facts, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._result)

    def _show(self) -> None:
        marks = marks_of(self._document.state)
        self.setVisible(bool(marks.liked or marks.disliked))
        running = self._finding.progress_of("picks")
        self.words.setText(f"{marks.liked} +, {marks.disliked} −")
        self.hint.setText(running[0] if running else marks.missing or self._say_how_many(marks))
        self.hint.setToolTip(_HOW_GOOD)
        self.make_button.setEnabled(not running and not marks.missing)
        self.make_button.setToolTip(marks.missing or "A slider of what the + pictures have and the − pictures have not")
        self._show_result()

    def _say_how_many(self, marks: Marks) -> str:
        count = marks.liked + marks.disliked
        share = "69" if count < 12 else "73" if count < 24 else "77"
        return f"So many clear marks told about {share} % of other pictures right in a trial"

    def _show_result(self) -> None:
        made = self._made
        own = None if made is None else self._document.state.direction_of(made.direction.name)
        self._result.setVisible(own is not None)
        if made is None or own is None:
            return
        title = self._document.state.slider_of(own.name).title or own.info.title
        if self.name.text() != title and not self.name.hasFocus():
            self.name.setText(title)
        self.strip.show_images(self._finding.strips.get(own.name, ()))
        self.facts.setText("; ".join(made.facts))

    def _on_sliders_found(self, wanted: Wanted, found: SlidersFound) -> None:
        if wanted.way != "picks" or not found.sliders:
            return
        self._made = made = found.sliders[0]
        self.name.setText(made.direction.info.title)
        self.name.setToolTip("No direction that has a name is like it")
        self._show_result()
        if self.isVisible():
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.name.selectAll()

    def _on_names_suggested(self) -> None:
        suggestion = None if self._made is None else self._finding.suggestions.get(self._made.direction.name)
        if suggestion is None or self._made is None:
            return
        self.name.setToolTip(f"Suggested: {suggestion}")
        if self.name.text() == self._made.direction.info.title:  # nobody has typed yet
            self.name.setText(suggestion.title)
            self.name.selectAll()

    def _on_strip_ready(self, name: str) -> None:
        if self._made is not None and self._made.direction.name == name:
            self._show_result()

    def _on_name_finished(self) -> None:
        made, text = self._made, self.name.text().strip()
        if made is None or self._document.state.direction_of(made.direction.name) is None:
            return
        name = made.direction.name
        shown = self._document.state.slider_of(name).title or made.direction.info.title
        if text and text != shown:
            self._document.apply("Rename Slider", direction_edits.rename_slider(self._document.state, name, text[:100]))

    def _on_clear_clicked(self) -> None:
        self._made = None
        self._document.apply("Clear Marks", edits.clear_examples(self._document.state))

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if (old.liked, old.disliked) != (new.liked, new.disliked):
            if not (old.liked or old.disliked):
                self._finding.get_ready()
            self._made = None  # it was made of other marks
            self._show()
        elif old.checkpoint != new.checkpoint:
            self._show()
        elif old.directions != new.directions or old.sliders != new.sliders:
            self._show_result()
