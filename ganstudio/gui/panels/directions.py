"""Directions: a slider for each latent direction that the open model or the project has, and the steps taken so far."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.gui import icons
from ganstudio.gui.actions import Actions
from ganstudio.gui.document import Document
from ganstudio.gui.panels.direction_acts import DirectionActs
from ganstudio.gui.panels.direction_files import DirectionFiles
from ganstudio.gui.panels.direction_groups import DirectionGroups, Sliders
from ganstudio.gui.panels.direction_menu import SliderMenu
from ganstudio.gui.panels.direction_strips import DirectionStrips
from ganstudio.gui.panels.edit_stack import EditStack
from ganstudio.gui.panels.finding_place import FindingPlace
from ganstudio.gui.services.direction_export import DirectionExport
from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.number_adder import NumberAdder
from ganstudio.project.slider_list import count_of_other_models, list_sliders
from ganstudio.project.state import Project
from ganstudio.rendering.looks.single_number import SingleNumber, single_number

_IN_MENU = (
    "directions.import", "directions.paste", "directions.export", "directions.export_used", "directions.save_model",
)  # fmt: skip
_EDITS_SHARE = 0.45  # of the height, where the list of edits is open
_MANY = 20  # sliders, from which on they are searched


class DirectionsPanel(QWidget):
    """From top to bottom: where directions are found, a search field where they are many, sliders in groups, edits.

    Args:
        document: Holds the directions and the strengths.
        finding: Finds directions for a model that has none.
        export: Writes directions into files.
        rendering: Draws what sliders do.

    Signals:
        menu_made(menu, direction): A slider's menu is about to be shown; others may add to it.
    """

    menu_made = Signal(object, str)

    def __init__(
        self,
        *,
        document: Document,
        finding: DirectionFinding,
        export: DirectionExport,
        rendering: RenderingService,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._document = document
        self.acts = DirectionActs(document)
        self.files = DirectionFiles(document, export, self, lambda: self.groups.sliders)
        self.finding_place = FindingPlace(finding, self)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search directions")
        self.search.setAccessibleName("Search directions")
        self.search.setClearButtonEnabled(True)
        self.numbers = NumberAdder(self)
        self.groups = DirectionGroups(self.acts, self.numbers, self)
        self.strips = DirectionStrips(document, rendering, self.groups, self)
        self.edits = EditStack(document, self.acts, self)
        self.more = QToolButton(self)
        self.more.setToolTip("Import, export, paste")
        self.more.setAccessibleName("Directions: import, export, paste")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._left_out = QLabel(self)
        self._left_out.setProperty("role", "muted")
        self._scroll = self._make_scroll()
        self._lay_out()
        self._connect()
        self._show()

    @property
    def sliders(self) -> Sliders:
        """All sliders by the names of their directions."""
        return self.groups.sliders

    @property
    def reset_button(self) -> QPushButton:
        """Takes all steps away."""
        return self.edits.reset_button

    @property
    def find_button(self) -> QPushButton | None:
        """Starts a search for directions, where one is offered."""
        return self.finding_place.button

    def use_actions(self, actions: Actions) -> None:
        """Offer what can be done with all directions."""
        menu = QMenu(self.more)
        for name in _IN_MENU:
            menu.addAction(actions[name])
        self.more.setMenu(menu)
        self._draw_icons()

    def menu_of(self, name: str) -> SliderMenu:
        """The menu of a slider."""
        menu = SliderMenu(self.groups.entries[name], self._document, self.acts, self.files, self.groups)
        self.menu_made.emit(menu, name)
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, D102, N802 - Qt's name
        if event.type() == QEvent.Type.Resize:
            self._show_part()
        return False

    def changeEvent(self, event: QEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.groups.redraw_marks()
            self._draw_icons()

    def _draw_icons(self) -> None:
        self.more.setIcon(icons.icon("more"))

    def _make_scroll(self) -> QScrollArea:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.groups)
        scroll.viewport().installEventFilter(self)
        scroll.verticalScrollBar().valueChanged.connect(self._show_part)
        scroll.verticalScrollBar().setSingleStep(20)
        return scroll

    def _lay_out(self) -> None:
        self.head = QHBoxLayout()
        self.head.setContentsMargins(12, 0, 12, 0)
        self.head.addWidget(self.search, 1)
        self.finding_place.put_beside(self.more)
        self._left_out.setContentsMargins(12, 0, 12, 4)
        upper = QWidget(self)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._left_out)
        self._splitter = splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(upper)
        splitter.addWidget(self.edits)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.finding_place)
        layout.addLayout(self.head)
        layout.addWidget(splitter, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self.groups.filter)
        self.edits.fold.toggled.connect(self._on_edits_toggled)
        self.numbers.wanted.connect(self._on_number_wanted)
        self.groups.menu_wanted.connect(self._on_menu_wanted)
        self.groups.part_wanted.connect(self._show_part)
        self.groups.dragged_to.connect(lambda y: self._scroll.ensureVisible(0, y, 0, 40))
        self._document.model_changed.connect(self._show)
        self._document.changed.connect(self._on_document_changed)

    def _on_edits_toggled(self, is_open: bool) -> None:
        height = self._splitter.height()
        share = _EDITS_SHARE if is_open else 0.0
        self._splitter.setSizes([round(height * (1 - share)), round(height * share)])

    def _show(self) -> None:
        description, state = self._document.description, self._document.state
        entries = list_sliders(state, description)
        names = None if description is None else description.class_names
        self._show_numbers(description)
        self.search.setVisible(len(entries) > _MANY)
        if self.search.isHidden():
            self.search.clear()
        self.finding_place.show_need(description is not None, any(entry.info is not None for entry in entries))
        self.groups.show_look(state.look)
        self.groups.show_entries(entries, names)
        others = count_of_other_models(state, description)
        self._left_out.setText(f"{others} direction{'s' if others > 1 else ''} of another model left out")
        self._left_out.setVisible(others > 0)

    def _show_numbers(self, description: CheckpointDescription | None) -> None:
        if description is not None:
            spec = description.spec
            sizes = {"z": (spec.z_dim,), "w": (spec.w_dim,), "style": spec.style_widths}
            self.numbers.set_sizes({space: size for space, size in sizes.items() if any(size)})

    def _show_part(self) -> None:
        top = self._scroll.verticalScrollBar().value()
        self.groups.show_part(top, top + self._scroll.viewport().height())

    def _on_number_wanted(self, space: str, layer: int, index: int) -> None:
        number = SingleNumber(space, index, max(layer, 0) if space == "style" else None)
        if number.name not in self.groups.entries:
            self.acts.add_number(number.name, number.title)
        if number.name in self.groups.entries:
            slider = self.groups.reveal(number.name)
            self._scroll.ensureWidgetVisible(slider)

    def _on_menu_wanted(self, name: str, place: QPoint) -> None:
        self.menu_of(name).open_at(place)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.look.edits != new.look.edits:
            self.groups.show_look(new.look)
        is_list_other = any(getattr(old, name) is not getattr(new, name) for name in ("directions", "sliders"))
        if is_list_other or self._numbers_in(old) != self._numbers_in(new):
            self._show()

    def _numbers_in(self, state: Project) -> frozenset[str]:
        """Single numbers that the picture goes along: their sliders are there as long as it does."""
        description = self._document.description
        names = (edit.direction for edit in state.look.edits if ":" in edit.direction)
        return frozenset(
            name for name in names if description is not None and single_number(name, description.spec) is not None
        )
