"""All that can be moved from outside, with its OSC address and what is bound to it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.animation.control.addresses import COMMANDS, address_of
from ganstudio.animation.control.binding import words_for
from ganstudio.gui.document import Document
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.project.state import Project

_TARGET = Qt.ItemDataRole.UserRole


class LiveAddressesPage(QWidget):
    """A table that can be searched, copied from and learned for.

    Args:
        live: Knows what is bound.
        document: Says what there is to be moved.
    """

    def __init__(self, live: LiveControl, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live, self._document = live, document
        self._listed: tuple[tuple[str, str, str, str], ...] = ()
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search addresses")
        self.search.setClearButtonEnabled(True)
        self.table = QTreeWidget(self)
        self.table.setAccessibleName("What can be moved")
        self.table.setHeaderLabels(["What", "Address", "Values", "Bound to"])
        self.table.setRootIsDecorated(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.copy = self._make_button("Copy Address", self.copy_addresses)
        self.learn = self._make_button("Learn Control", self._on_learn_clicked)
        self.learn.setToolTip("The next MIDI control or OSC address of another program that moves is bound to it")
        self.hint = QLabel(self, wordWrap=True)
        self.hint.setProperty("role", "muted")
        row = QHBoxLayout()
        row.addWidget(self.hint, 1)
        row.addWidget(self.copy)
        row.addWidget(self.learn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(row)
        self.search.textChanged.connect(self._filter)
        self.table.itemSelectionChanged.connect(self._show_buttons)
        live.changed.connect(self.show_state)
        document.model_changed.connect(self.show_state)
        document.changed.connect(self._on_document_changed)
        self.show_state()

    @property
    def targets(self) -> tuple[str, ...]:
        """What is selected."""
        return tuple(str(item.data(0, _TARGET)) for item in self.table.selectedItems())

    def choose(self, target: str) -> None:
        """Select one."""
        for row in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(row)
            if item is not None:
                item.setSelected(item.data(0, _TARGET) == target)

    def copy_addresses(self) -> None:
        """Put the addresses of what is selected on the clipboard, one a line."""
        QGuiApplication.clipboard().setText("\n".join(address_of(target) for target in self.targets))

    def show_state(self, *_what: object) -> None:
        """List all there is."""
        rows = [
            (choice.name, choice.title, _say_range(choice.limits), self._say_bound(choice.name))
            for choice in self._live.choices()
        ]
        rows += [(name, title, "1, or no value", self._say_bound(name)) for name, title in COMMANDS.items()]
        if tuple(rows) != self._listed:
            self._listed = tuple(rows)
            self._fill()
        self._show_buttons()

    def _fill(self) -> None:
        chosen = set(self.targets)
        self.table.clear()
        for target, title, values, bound in self._listed:
            item = QTreeWidgetItem([title, address_of(target), values, bound])
            item.setData(0, _TARGET, target)
            self.table.addTopLevelItem(item)
            item.setSelected(target in chosen)
        self._filter()

    def _filter(self) -> None:
        words = self.search.text().lower().split()
        for row in range(self.table.topLevelItemCount()):
            item = self.table.topLevelItem(row)
            if item is not None:
                text = " ".join(item.text(column) for column in range(4)).lower()
                item.setHidden(not all(word in text for word in words))

    def _say_bound(self, target: str) -> str:
        return ", ".join(words_for(binding.control) for binding in self._live.setup.bindings_of(target))

    def _show_buttons(self) -> None:
        learning, count = self._live.learning, len(self.targets)
        self.copy.setEnabled(count > 0)
        self.copy.setText("Copy Addresses" if count > 1 else "Copy Address")
        self.learn.setEnabled(count == 1 or learning is not None)
        self.learn.setText("Stop Learning" if learning is not None else "Learn Control")
        if learning is not None:
            self.hint.setText(f"Move a control for {self._live.title_of(learning)}…")
        elif self._document.description is None:
            self.hint.setText("Directions are listed when a model is open.")
        else:
            self.hint.setText("Numbers are in the slider's own unit.")

    def _on_learn_clicked(self) -> None:
        is_learning = self._live.learning is not None
        self._live.learn(None if is_learning else self.targets[0])

    def _on_document_changed(self, old: Project, new: Project) -> None:
        fields = ("directions", "sliders", "checkpoint")
        if any(getattr(old, name) is not getattr(new, name) for name in fields):
            self.show_state()

    def _make_button(self, text: str, run: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: run())  # type: ignore[operator] # it is called
        return button


def _say_range(limits: tuple[float, float] | None) -> str:
    return "" if limits is None else f"{limits[0]:g} to {limits[1]:g}"
