"""All runs in a table that sorts by any column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from ganstudio.training.runs.comparing import recipe_of
from ganstudio.training.runs.run_list import RunSummary

_KEY = Qt.ItemDataRole.UserRole
_PATH = Qt.ItemDataRole.UserRole + 1
_WIDEST = 240


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        title: Its head.
        text: What a run says in it.
        key: What it sorts by.
        tip: What it means.
        is_number: Whether it stands on the right.
    """

    title: str
    text: Callable[[RunSummary], str]
    key: Callable[[RunSummary], Any]
    tip: str = ""
    is_number: bool = False


def _say_best(summary: RunSummary) -> str:
    return "" if summary.best is None else f"{1000 * summary.best[1]:.2f} at {summary.best[0]:.4g} kimg"


def _say_pictures(summary: RunSummary) -> str:
    name = "avatars" if summary.place.split(":")[0] == "avatars" else Path(summary.place).name
    size = summary.config.network_config.get("resolution", "") if summary.config is not None else ""
    count = f", {summary.pictures:,}" if summary.pictures else ""
    return f"{name}{count}{f', {size} px' if size else ''}"


def _say_recipe(summary: RunSummary) -> str:
    return "" if summary.config is None else recipe_of(summary.config)


def _say_progress(summary: RunSummary) -> str:
    return "" if summary.problem else f"{summary.kimg:,.5g} of {summary.planned_kimg:,.5g}"


def _first_line(text: str) -> str:
    return next(iter(text.strip().splitlines()), "")


COLUMNS = (
    Column("Run", lambda run: run.path.name, lambda run: run.path.name.lower()),
    Column("State", lambda run: run.state, lambda run: run.state),
    Column("kimg", _say_progress, lambda run: run.kimg, "Thousands of pictures shown, and planned", is_number=True),
    Column(
        "Best distance",
        _say_best,
        lambda run: run.best[1] if run.best is not None else float("inf"),
        "Lowest kernel distance (KID × 1000) to held-out pictures. Compare only runs on the same pictures and size",
        is_number=True,
    ),
    Column("Note", lambda run: _first_line(run.note), lambda run: run.note.lower()),
    Column("Pictures", _say_pictures, _say_pictures),
    Column("Recipe", _say_recipe, _say_recipe),
    Column("Begun", lambda run: run.begun[:16].replace("T", " "), lambda run: run.begun),
)


class _Row(QTreeWidgetItem):
    """Sorts by what a column means, not by what it says."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        tree = self.treeWidget()
        column = 0 if tree is None else tree.sortColumn()
        return bool(self.data(column, _KEY) < other.data(column, _KEY))


class RunTable(QTreeWidget):
    """The runs; one or several can be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("All runs")
        self.setHeaderLabels([column.title for column in COLUMNS])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for index, column in enumerate(COLUMNS):
            self.headerItem().setToolTip(index, column.tip)
        self.header().setSortIndicatorShown(True)
        self.setSortingEnabled(True)
        self.sortByColumn(len(COLUMNS) - 1, Qt.SortOrder.DescendingOrder)

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Show these runs; those that were chosen stay chosen."""
        chosen = set(self.chosen())
        is_first = self.topLevelItemCount() == 0
        self.blockSignals(True)
        self.setSortingEnabled(False)
        self.clear()
        self.addTopLevelItems([_make_row(run) for run in runs])
        self.setSortingEnabled(True)
        for row in self._rows():
            row.setSelected(row.data(0, _PATH) in chosen)
        self.blockSignals(False)
        if is_first and runs:
            self._fit_columns()
        self.itemSelectionChanged.emit()

    def chosen(self) -> list[Path]:
        """The folders of the chosen runs, in the order in which they are shown."""
        return [row.data(0, _PATH) for row in self._rows() if row.isSelected()]

    def choose(self, path: Path) -> None:
        """Choose this run alone."""
        for row in self._rows():
            row.setSelected(row.data(0, _PATH) == path)

    def _rows(self) -> list[QTreeWidgetItem]:
        return [row for index in range(self.topLevelItemCount()) if (row := self.topLevelItem(index)) is not None]

    def _fit_columns(self) -> None:
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for index in range(len(COLUMNS)):
            self.resizeColumnToContents(index)
            self.setColumnWidth(index, min(self.columnWidth(index) + 8, _WIDEST))


def _make_row(run: RunSummary) -> QTreeWidgetItem:
    row = _Row()
    for index, column in enumerate(COLUMNS):
        text = column.text(run)
        row.setText(index, text)
        row.setToolTip(index, run.problem or text)
        row.setData(index, _KEY, column.key(run))
        if column.is_number:
            row.setTextAlignment(index, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.setToolTip(0, f"{run.path}{f': {run.problem}' if run.problem else ''}")
    row.setToolTip(4, run.note)
    row.setData(0, _PATH, run.path)
    return row
