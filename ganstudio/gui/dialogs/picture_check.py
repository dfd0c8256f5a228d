"""Copies and outliers of the chosen pictures, to look at and to leave out; beside the window."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ganstudio.datasets.checking import FoundPicture, SetChecked
from ganstudio.gui.services.picture_check import PictureCheck
from ganstudio.gui.widgets.clearing import clear_layout
from ganstudio.gui.widgets.picture_browser import PictureBrowser
from ganstudio.gui.widgets.picture_grid import GridItem
from ganstudio.gui.widgets.pixels import to_image

_GROUPS_A_PAGE = 12
_SHOWN_OF_GROUP = 24
_ROW_HEIGHT = 76
_HELP = "A click leaves a picture out (−) or takes it again."
_OUTLIERS_HELP = (
    "Pictures whose nearest neighbour is much farther away than is usual here. A few are no harm; ones that do not "
    "belong to the set are."
)


class FoundPictures(PictureBrowser):
    """Pictures of which a click leaves one out, or takes it again.

    Args:
        check: Knows which are left out.
        pictures: What is shown.
    """

    def __init__(self, check: PictureCheck, pictures: Sequence[FoundPicture], parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._check, self._pictures = check, pictures
        self.show_items([_to_item(picture) for picture in pictures])
        self.clicked.connect(self._toggle)
        self.refresh()

    def refresh(self) -> None:
        """Mark what is left out."""
        self.set_badges(
            {place: "-" for place, picture in enumerate(self._pictures) if picture.name in self._check.left_out}
        )

    def _toggle(self, place: int) -> None:
        name = self._pictures[place].name
        self._check.leave_out([name], name not in self._check.left_out)


class PictureCheckDialog(QDialog):
    """Shows what was found, a page of groups at a time.

    Args:
        check: What was found.
        parent: The window.
    """

    def __init__(self, check: PictureCheck, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Copies and Outliers")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 560)
        self._check = check
        self._shown: SetChecked | None = None
        self._page = 0
        self._grids: list[FoundPictures] = []
        self.words = QLabel(self, wordWrap=True)
        self._help = QLabel(_HELP, self, wordWrap=True)
        self._help.setProperty("role", "muted")
        self.tabs = QTabWidget(self)
        self._groups, self._outliers = QVBoxLayout(), QVBoxLayout()
        self.back_button, self.forth_button = self._make_button("Back", -1), self._make_button("Next", 1)
        self._pages = QLabel(self)
        self.copies_button = QPushButton("Leave Out All Copies", self)
        self.copies_button.setToolTip("Of each group only the first picture is used")
        self.copies_button.clicked.connect(lambda: check.leave_out(check.extra_copies()))
        self.keep_button = QPushButton("Take All", self)
        self.keep_button.setToolTip("Leave nothing out")
        self.keep_button.clicked.connect(lambda: check.leave_out(check.left_out, is_out=False))
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self._lay_out()
        check.changed.connect(self.refresh)
        self._show_found()
        self.refresh()

    def _make_button(self, text: str, step: int) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(lambda: self._turn(step))
        return button

    def _lay_out(self) -> None:
        for title, column in (("Groups", self._groups), ("Outliers", self._outliers)):
            content = QWidget(self)
            content.setLayout(column)
            scroll = QScrollArea(self)
            scroll.setWidgetResizable(True)
            scroll.setFrameShape(QScrollArea.Shape.NoFrame)
            scroll.setWidget(content)
            self.tabs.addTab(scroll, title)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self.back_button, self._pages, self.forth_button):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.keep_button)
        row.addWidget(self.copies_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.words)
        layout.addWidget(self._help)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(row)

    def refresh(self) -> None:
        """Show what was found, and what is left out of it."""
        found = self._check.found
        if found is not self._shown:
            self._shown, self._page = found, 0
            self._show_found()
        for grid in self._grids:
            grid.refresh()
        self.words.setText(self._say())
        self.copies_button.setEnabled(bool(self._check.extra_copies() - self._check.left_out))
        self.keep_button.setEnabled(bool(self._check.left_out))

    def _say(self) -> str:
        if self._check.is_active:
            return "Looking through the pictures… The status bar shows how far, and can cancel it."
        if self._shown is None:
            return "These pictures were not looked through yet."
        out = len(self._check.left_out)
        return f"{say_found(self._shown)} {f'{out:,} left out.' if out else 'Nothing is left out.'}"

    def _turn(self, step: int) -> None:
        self._page += step
        self._show_found()

    def _show_found(self) -> None:
        for column in (self._groups, self._outliers):
            clear_layout(column)
        self._grids = []
        found = self._shown
        groups = found.groups if found is not None else ()
        last = max(0, (len(groups) - 1) // _GROUPS_A_PAGE)
        for group in groups[self._page * _GROUPS_A_PAGE : (self._page + 1) * _GROUPS_A_PAGE]:
            self._add_group(group)
        if found is not None and not groups:
            self._add(self._groups, "No two pictures are the same, or nearly.", None, 0)
        self._groups.addStretch(1)
        if found is not None and found.outliers:
            self._add(self._outliers, _OUTLIERS_HELP, FoundPictures(self._check, found.outliers, self), 0)
        elif found is not None:
            self._add(self._outliers, "No picture stands far from all others.", None, 0)
            self._outliers.addStretch(1)
        self._pages.setText(f"{self._page + 1} of {last + 1}")
        for button, is_on in ((self.back_button, self._page > 0), (self.forth_button, self._page < last)):
            button.setEnabled(is_on)
            button.setVisible(last > 0)
        self._pages.setVisible(last > 0)

    def _add_group(self, group: Sequence[FoundPicture]) -> None:
        names = ", ".join(picture.name for picture in group[:3])
        more = f" and {len(group) - 3} more" if len(group) > 3 else ""
        grid = FoundPictures(self._check, group[:_SHOWN_OF_GROUP], self)
        self._add(self._groups, f"{len(group)} alike: {names}{more}", grid, _ROW_HEIGHT)

    def _add(self, column: QVBoxLayout, text: str, grid: FoundPictures | None, height: int) -> None:
        label = QLabel(text, self, wordWrap=True)
        label.setProperty("role", "muted")
        column.addWidget(label)
        if grid is not None:
            if height:
                grid.setMinimumHeight(height)
                grid.setFixedHeight(height)
            self._grids.append(grid)
            column.addWidget(grid, 0 if height else 1)


def say_found(found: SetChecked) -> str:
    """What was found, in a sentence."""
    alike = sum(map(len, found.groups))
    nearly = "" if found.only_exact else ", or nearly"
    number = f"{len(found.groups):,} group{'s' if len(found.groups) != 1 else ''}"
    groups = f"{alike:,} of {found.count:,} pictures are the same as others{nearly}, in {number}"
    copies = f" ({found.copies:,} exact copies)" if found.copies and not found.only_exact else ""
    told = f"{groups}{copies}" if found.groups else f"None of {found.count:,} pictures is the same as another{nearly}"
    stand = "stands" if len(found.outliers) == 1 else "stand"
    outliers = f"; {len(found.outliers)} {stand} far from all others" if found.outliers else ""
    return f"{told}{outliers}."


def _to_item(picture: FoundPicture) -> GridItem:
    return GridItem(None if picture.pixels is None else to_image(picture.pixels), picture.name)
