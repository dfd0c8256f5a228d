"""Workspaces: arrangements of docks round a central page, remembered for each, and back to the first at will."""

import base64
import binascii
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QStackedWidget, QTabWidget, QWidget

from ganstudio.gui.settings import SettingsStore
from ganstudio.gui.widgets.dock_title import DockTitle
from ganstudio.gui.widgets.scrolling_column import ScrollingColumn

LAYOUT_VERSION = 4  # raise it when docks change, and old layouts are dropped
_HIGHEST = 0.6  # of the window, where a dock grows by itself
_NARROWEST = 0.85  # of a dock's first width; narrower, texts are clipped


@dataclass(frozen=True)
class DockPlace:
    """Where a dock stands at first.

    Attributes:
        name: Names it in stored layouts.
        title: Its heading.
        panel: What is in it.
        area: Edge of the window.
        size: Width at the sides, height at the bottom, in pixels.
        share: Its part of the height among docks of the same side; no meaning at the bottom.
        spans: Whether it takes the whole width, at the bottom, and those at the sides end above it.
        tab_of: The dock that it lies behind, as a tab; "" for one that is seen by itself.
    """

    name: str
    title: str
    panel: QWidget
    area: Qt.DockWidgetArea
    size: int
    share: int = 1
    tab_of: str = ""
    spans: bool = False


class Workspaces(QObject):
    """Switches between workspaces of a window.

    Signals:
        switched(name): Another workspace is shown.
    """

    switched = Signal(str)

    def __init__(self, window: QMainWindow, settings: SettingsStore) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._layouts = dict(settings.values.layouts)
        self._stack = QStackedWidget(window)
        self._pages: dict[str, QWidget] = {}
        self._docks: dict[str, list[tuple[DockPlace, QDockWidget]]] = {}
        self._made: dict[str, QDockWidget] = {}
        self.current = ""
        window.setCentralWidget(self._stack)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._set_corners(spans=False)

    def add(self, name: str, page: QWidget, places: list[DockPlace]) -> None:
        """Add a workspace: its central page and its docks.

        A page or a panel that another workspace has as well is one and the same in both, so that what is in it stays
        when somebody goes from one to the other.
        """
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._pages[name] = page
        tabs = {place.tab_of for place in places} | {place.name for place in places if place.tab_of}
        self._docks[name] = [(place, self._dock_of(place, place.name in tabs)) for place in places]

    def show(self, name: str) -> None:
        """Switch to a workspace, the way it was left."""
        if name == self.current or name not in self._pages:
            return
        self.remember()
        self._window.setUpdatesEnabled(False)
        try:
            self.current = name
            self._show_page(name)
            if not self._restore(name):
                self.reset()
        finally:
            self._window.setUpdatesEnabled(True)
        self.switched.emit(name)

    def _show_page(self, name: str) -> None:
        shown = self._pages[name]
        for page in self._pages.values():
            policy = QSizePolicy.Policy.Preferred if page is shown else QSizePolicy.Policy.Ignored
            page.setSizePolicy(policy, policy)  # a page that is not seen must not keep the window large
        self._stack.setCurrentWidget(shown)

    def remember(self) -> None:
        """Keep how the docks stand in the workspace that is shown."""
        if self.current:
            state = self._window.saveState(LAYOUT_VERSION)
            self._layouts[self.current] = base64.b64encode(state.data()).decode()
            self._settings.update(layouts=tuple(self._layouts.items()), workspace=self.current)

    def reset(self) -> None:
        """Put the docks of this workspace back to where they stood at first."""
        self._layouts.pop(self.current, None)
        for dock in self._made.values():
            self._window.removeDockWidget(dock)
        docks = self._docks[self.current]
        self._set_corners(spans=any(place.spans for place, _dock in docks))
        for place, dock in docks:
            dock.setFloating(False)
            self._window.addDockWidget(place.area, dock)
            dock.show()
        self._tabify(docks)
        for area in {place.area for place, _dock in docks}:
            self._set_sizes([pair for pair in docks if pair[0].area == area and not pair[0].tab_of], area)

    def _set_corners(self, *, spans: bool) -> None:
        """Give the lower corners to the bottom, or to the sides."""
        bottom, left, right = (
            Qt.DockWidgetArea.BottomDockWidgetArea,
            Qt.DockWidgetArea.LeftDockWidgetArea,
            Qt.DockWidgetArea.RightDockWidgetArea,
        )
        self._window.setCorner(Qt.Corner.BottomLeftCorner, bottom if spans else left)
        self._window.setCorner(Qt.Corner.BottomRightCorner, bottom if spans else right)

    def _tabify(self, docks: list[tuple[DockPlace, QDockWidget]]) -> None:
        """Lay docks behind those that they are tabs of, which stay in front."""
        named = {place.name: dock for place, dock in docks}
        for place, dock in docks:
            if place.tab_of:
                self._window.tabifyDockWidget(named[place.tab_of], dock)
        for place, _dock in docks:
            if place.tab_of:
                named[place.tab_of].raise_()

    def _set_sizes(self, docks: list[tuple[DockPlace, QDockWidget]], area: Qt.DockWidgetArea) -> None:
        widgets = [dock for _place, dock in docks]
        if area == Qt.DockWidgetArea.BottomDockWidgetArea:
            self._window.resizeDocks(widgets, [place.size for place, _dock in docks], Qt.Orientation.Vertical)
            return
        self._window.resizeDocks(widgets, [place.size for place, _dock in docks], Qt.Orientation.Horizontal)
        self._window.resizeDocks(widgets, [place.share * 100 for place, _dock in docks], Qt.Orientation.Vertical)

    def _restore(self, name: str) -> bool:
        try:
            state = base64.b64decode(self._layouts.get(name, ""), validate=True)
        except (binascii.Error, ValueError):
            return False
        if not state or not self._window.restoreState(QByteArray(state), LAYOUT_VERSION):
            return False
        shown = {place.name for place, _dock in self._docks[name]}
        for places in self._docks.values():
            for place, dock in places:
                if place.name not in shown:
                    dock.hide()
        return True

    def _give_room(self, dock: QDockWidget, column: ScrollingColumn) -> None:
        """Let a dock grow with what was unfolded in it, as far as the docks beside it can do with less."""
        wanted = dock.height() + column.sizeHint().height() - column.height()
        highest = round(self._window.height() * _HIGHEST)
        if dock.isVisible() and dock.height() < min(wanted, highest):
            self._window.resizeDocks([dock], [min(wanted, highest)], Qt.Orientation.Vertical)

    def _dock_of(self, place: DockPlace, is_tab: bool) -> QDockWidget:
        if place.name not in self._made:
            self._made[place.name] = self._make_dock(place, is_tab)
        return self._made[place.name]

    def _make_dock(self, place: DockPlace, is_tab: bool) -> QDockWidget:
        dock = QDockWidget(place.title, self._window)
        dock.setObjectName(place.name)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        dock.setTitleBarWidget(QWidget(dock) if is_tab else DockTitle(dock))  # the tab is title enough
        if place.area in (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea):
            narrowest = max(round(place.size * _NARROWEST), place.panel.minimumSizeHint().width())
            place.panel.setMinimumWidth(narrowest)
        place.panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        dock.setWidget(place.panel)
        for column in place.panel.findChildren(ScrollingColumn):
            column.grown.connect(partial(self._give_room, dock, column))
        dock.hide()
        return dock
