"""Finding directions: the ways there are, what each does and needs, and what was found; beside the window."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.gui.document import Document
from ganstudio.gui.pages.channel_candidates import ChannelCandidates
from ganstudio.gui.pages.found_sliders import FoundSliders
from ganstudio.gui.pages.way_inputs import Chosen, WayInputs
from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.gui.services.direction_ways import HELP, WAYS, Way, what_lacks
from ganstudio.project.slider_list import list_sliders
from ganstudio.project.state import Project
from ganstudio.training.direction_finding.known_pictures import trained_on

_WAYS_WIDTH = 200
_KEY = Qt.ItemDataRole.UserRole


class FindDirectionsDialog(QDialog):
    """Lets a way be chosen and set, searches, and lists what was found; searches go on when it is closed.

    Args:
        document: Says what is open, and gets what is found.
        finding: Searches.
        parent: The window.
    """

    def __init__(self, document: Document, finding: DirectionFinding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Find Directions")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 620)
        self._document, self._finding = document, finding
        self.ways = QListWidget(self)
        self.ways.setAccessibleName("Ways of finding directions")
        self.ways.setFixedWidth(_WAYS_WIDTH)
        self.ways.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.title, self.words, self.lacks = QLabel(self), QLabel(self, wordWrap=True), QLabel(self, wordWrap=True)
        for label, role in ((self.title, "heading"), (self.words, "muted"), (self.lacks, "warning")):
            label.setProperty("role", role)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.inputs: WayInputs | None = None
        self._chosen: dict[str, Chosen] = {}
        self._place = QScrollArea(self)
        self._place.setWidgetResizable(True)
        self._place.setFrameShape(QFrame.Shape.NoFrame)
        self._place.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.find_button = QPushButton("Find", self)
        self.find_button.setProperty("role", "primary")
        self.find_button.clicked.connect(self.start)
        self.cancel_button = QPushButton("Cancel", self)
        self.cancel_button.clicked.connect(lambda: finding.cancel(self.way.name))
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setRange(0, 1000)
        self.doing = QLabel(self)
        self.doing.setProperty("role", "muted")
        self.found = FoundSliders(document=document, finding=finding, parent=self)
        self.candidates = ChannelCandidates(finding=finding, parent=self)
        self._lay_out()
        for way in WAYS.values():
            item = QListWidgetItem(way.title)
            item.setData(_KEY, way.name)
            item.setSizeHint(QSize(0, 30))
            self.ways.addItem(item)
        self.ways.currentItemChanged.connect(self._on_way_changed)
        finding.changed.connect(self._show_state)
        finding.layers_listed.connect(self._on_layers_listed)
        document.changed.connect(self._on_document_changed)
        document.model_changed.connect(self._on_way_changed)
        self.choose("pca")

    @property
    def way(self) -> Way:
        """The way that is chosen."""
        item = self.ways.currentItem()
        return WAYS[item.data(_KEY)] if item is not None else next(iter(WAYS.values()))

    def choose(self, name: str) -> None:
        """Choose a way by its name."""
        for row in range(self.ways.count()):
            if self.ways.item(row).data(_KEY) == name:
                self.ways.setCurrentRow(row)

    def start(self) -> None:
        """Search as it is set."""
        wanted = self._finding.wanted(self.way.name)
        if wanted is not None and self.inputs is not None and not self._missing():
            self._finding.start(self.inputs.apply_to(wanted))

    def _lay_out(self) -> None:
        run = QHBoxLayout()
        run.setSpacing(12)
        self._room = QWidget(self)
        run.addWidget(self._room, 1)
        run.addWidget(self.find_button)
        run.addWidget(self.doing, 2)
        run.addWidget(self.bar, 1)
        run.addWidget(self.cancel_button)
        right = QVBoxLayout()
        right.setSpacing(8)
        for widget in (self.title, self.words, self.lacks):
            right.addWidget(widget)
        right.addWidget(self._place, 1)
        right.addLayout(run)
        above = QWidget(self)
        row = QHBoxLayout(above)
        row.setContentsMargins(0, 0, 0, 8)
        row.setSpacing(16)
        row.addWidget(self.ways)
        row.addLayout(right, 1)
        halves = QSplitter(Qt.Orientation.Vertical, self)
        halves.setChildrenCollapsible(False)
        halves.addWidget(above)
        self._results = QStackedWidget(self)
        self._results.addWidget(self.found)
        self._results.addWidget(self.candidates)
        halves.addWidget(self._results)
        halves.setSizes([340, 240])
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(halves)
        for button in (self.find_button, self.cancel_button):
            button.setAutoDefault(False)

    def _on_way_changed(self, *_what: object) -> None:
        way, document = self.way, self._document
        self.title.setText(way.title)
        self.words.setText("\n".join(filter(None, (way.help, way.needs, HELP.get(way.name, "")))))
        place = trained_on(document.description) if way.name == "factors" and document.description else ""
        if self.inputs is not None:
            self._chosen[self.inputs.way.name] = self.inputs.chosen()
        self.inputs = WayInputs(way, document.state, document.description, place, self)
        if way.name in self._chosen:
            self.inputs.show_chosen(self._chosen[way.name])
        self.inputs.edited.connect(self._show_state)
        self.inputs.painting_wanted.connect(self._finding.show_painting)
        self._results.setCurrentWidget(self.candidates if way.name == "channels" else self.found)
        self._place.setWidget(self.inputs)
        if way.name == "layer" and document.description is not None:
            self._finding.list_layers()
        self._show_state()

    def _missing(self) -> str:
        state, inputs = self._document.state, self.inputs
        lacks = what_lacks(self.way, self._document.description, state)
        if lacks or inputs is None:
            return lacks
        if self.way.name != "channels":
            return inputs.missing()
        if inputs.form.value.by == "picks":
            return "" if state.liked and not state.has_marks_elsewhere else "Mark pictures + in the grid."
        return "" if self._finding.region is not None else "Paint over a part of the picture."

    def _show_state(self) -> None:
        running, missing = self._finding.progress_of(self.way.name), self._missing()
        self.lacks.setText(missing)
        self.lacks.setVisible(bool(missing))
        self.find_button.setEnabled(running is None and not missing)
        self.find_button.setVisible(running is None)
        self._room.setVisible(running is None)
        for widget in (self.cancel_button, self.bar, self.doing):
            widget.setVisible(running is not None)
        if running is not None:
            self.doing.setText(running[0])
            self.bar.setValue(round(1000 * running[1]))

    def _on_layers_listed(self, names: list[str]) -> None:
        if self.inputs is not None:
            self.inputs.show_layers(names)
        self._show_state()

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if self.inputs is not None and (old.directions, old.sliders) != (new.directions, new.sliders):
            self.inputs.show_known(list_sliders(new, self._document.description))
        fields = ("liked", "disliked")
        if any(getattr(old, name) != getattr(new, name) for name in fields):
            self._show_state()
