"""Canvas: the picture of the look, or a grid of neighbours; what is shown can be copied, saved and dragged out."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ganstudio.checkpoints.builtin import builtin_path, builtin_preview_path
from ganstudio.gui.actions import Actions
from ganstudio.gui.document import Document
from ganstudio.gui.output_screen import OutputScreen
from ganstudio.gui.pages.layers_page import LayersPage
from ganstudio.gui.pages.map_page import MapPage
from ganstudio.gui.pages.picture_grid_page import PictureGridPage
from ganstudio.gui.pages.picture_page import PicturePage
from ganstudio.gui.picture_export import PictureExport
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.settings import Settings, SettingsStore
from ganstudio.gui.widgets.notice_bar import NoticeBar
from ganstudio.project.picture_files import MadePicture
from ganstudio.project.recipe import Recipe
from ganstudio.project.state import Project, View
from ganstudio.rendering.request import Rendered

_LASTING: tuple[View, ...] = ("layers", "map")
_EMPTY = "Open a checkpoint, or drop one anywhere."


@dataclass(frozen=True)
class ViewPages:
    """The pages of the views that are not the single picture."""

    grid: PictureGridPage
    layers: LayersPage
    map: MapPage


class CanvasPanel(QWidget):
    """The middle of the Explore and the Animate workspace.

    Args:
        document: What is to be seen.
        rendering: Draws it.
        settings: Say how it is shown.
        views: Take the place of the picture in the other views.

    Signals:
        view_changed(): How the picture is looked at has changed: `marks` gives other values.
    """

    view_changed = Signal()

    def __init__(
        self,
        *,
        document: Document,
        rendering: RenderingService,
        settings: SettingsStore,
        views: ViewPages,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._rendering = rendering
        self._rendered: Rendered | None = None
        self._is_animating = False
        self.page = PicturePage(document=document, rendering=rendering, settings=settings, parent=self)
        self.picture = self.page.picture
        self.output = OutputScreen(self, settings)
        self._export = PictureExport(document, self)
        self.views = views
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._stack = QStackedWidget(self)
        for page in (self.page, views.grid, views.layers, views.map):
            self._stack.addWidget(page)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._stack)
        self.notice = NoticeBar(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notice)
        layout.addWidget(self._pages)
        self._connect()
        settings.changed.connect(self._on_settings_changed)
        views.grid.grid.set_smooth(settings.values.smooth)
        self._show_start()

    @property
    def rendered(self) -> Rendered | None:
        """What is on the canvas."""
        return self._rendered

    def use_actions(self, actions: Actions) -> None:
        """Show the actions of the canvas in its strip."""
        self.page.use_actions(actions)

    def marks(self) -> dict[str, bool]:
        """Which of the checkable actions of the canvas are on."""
        return {**self.page.marks(), "view.output": self.output.output is not None}

    def show_waiting(self, path: Path) -> None:
        """Say what is being opened, where there is no picture to look at meanwhile."""
        if self._rendered is None and self.picture.image.isNull():
            self.page.show_text(f"Opening {path.name}…")

    @property
    def is_animating(self) -> bool:
        """Whether it shows an animation."""
        return self._is_animating

    def set_animating(self, is_animating: bool) -> None:
        """Show only the single picture, and leave the space bar to whoever plays; or as the document says."""
        self._is_animating = is_animating
        self._hold(None)
        self._show_view(self._document.state.view)

    def show_frame(self, rendered: Rendered, zoom: float, centre: tuple[float, float]) -> None:
        """Show a frame of an animation that was drawn before."""
        self._rendered = rendered
        self.page.set_window(zoom, centre)
        self.page.show_rendered(rendered)
        self._show_output()
        self._show_view("single")

    def set_window(self, zoom: float, centre: tuple[float, float]) -> None:
        """Show a part of the picture."""
        if self.page.set_window(zoom, centre) and self._rendered is not None and len(self._rendered.request.looks) == 1:
            self.page.show_rendered(self._rendered)
            self._show_output()

    def show_page(self, page: QWidget) -> None:
        """Lay a page over the picture, until `close_page`; it takes the place of one that is there."""
        self.close_page()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def close_page(self) -> None:
        """Show the picture again."""
        while self._pages.count() > 1:
            page = self._pages.widget(1)
            if page is None:
                return
            self._pages.removeWidget(page)
            page.deleteLater()

    def copy(self) -> None:
        """Put what is shown on the clipboard."""
        page = self._stack.currentWidget()
        if isinstance(page, PictureGridPage | LayersPage | MapPage):
            page.copy()
        elif (made := self._shown()) is not None:
            self._export.copy(made)

    def ask_and_save(self) -> None:
        """Ask for a file name and save what is shown, with its recipe."""
        if self._rendered is not None and (path := self._export.ask_path(self._file_name())):
            self.save(path)

    def save(self, path: Path) -> None:
        """Save what is shown: one picture, or the sheet of the grid."""
        made = self._shown()
        if made is not None:
            self.views.grid.saving.save(path, made)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self.window().installEventFilter(self)  # B works wherever the focus is, but for fields that take letters

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self.window().removeEventFilter(self)
        self._hold(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102, N802 - Qt's name
        if event.type() == QEvent.Type.WindowDeactivate:
            self._hold(None)
        elif isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            held = (Qt.Key.Key_B,) if self._is_animating else (Qt.Key.Key_B, Qt.Key.Key_Space)
            if event.key() in held and is_plain and not event.isAutoRepeat():
                self._hold(Qt.Key(event.key()) if event.type() == QEvent.Type.KeyPress else None)
                return True
        return super().eventFilter(watched, event)

    def _hold(self, key: Qt.Key | None) -> None:
        """Do what is done while a key is down that the widget with the focus has no use for."""
        self.page.hold_before(key == Qt.Key.Key_B)
        self.picture.hold_to_pan(key == Qt.Key.Key_Space)

    def _connect(self) -> None:
        self._rendering.picture_ready.connect(self._on_picture_ready)
        self._document.changed.connect(self._on_document_changed)
        self.picture.drag_out_wanted.connect(self._drag_out)
        self.output.picture_wanted.connect(self._show_output)
        self.output.toggled.connect(self.view_changed)
        self.page.view_changed.connect(self.view_changed)

    def _show_start(self) -> None:
        state = self._document.state
        self._show_view(state.view)
        preview = QImage(str(builtin_preview_path()))
        if state.checkpoint == str(builtin_path()) and not preview.isNull():
            self.page.show_preview(preview)
        else:
            self.page.show_text(_EMPTY if state.checkpoint is None else "Starting the engine…")

    def _on_settings_changed(self, old: Settings, new: Settings) -> None:
        if old.smooth != new.smooth:
            self.views.grid.grid.set_smooth(new.smooth)

    def _on_picture_ready(self, rendered: Rendered) -> None:
        if not rendered.is_coarse:
            self._rendered = rendered  # so that what is copied and saved is always a whole picture
        is_grid = len(rendered.request.looks) > 1
        if not is_grid:
            self.page.show_rendered(rendered)
            self._show_output()
        self._show_view("grid" if is_grid else "single")

    def _show_view(self, view: View) -> None:
        """Show a view; layers and map are shown as long as the document says so, whatever is drawn meanwhile."""
        pages: dict[View, QWidget] = {
            "single": self.page,
            "grid": self.views.grid,
            "layers": self.views.layers,
            "map": self.views.map,
        }
        wanted: View = "single" if self._is_animating else self._document.state.view
        view = "single" if self._is_animating else view
        self._stack.setCurrentWidget(pages[wanted if wanted in _LASTING else view])

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if new.checkpoint is None and old.checkpoint is not None:
            self._rendered = None
            self.page.show_text(_EMPTY)
            self._show_output()
            self._show_view("single")
        elif new.checkpoint != old.checkpoint and self._document.description is None:
            self._show_missing(Path(new.checkpoint or ""))
        elif new.checkpoint != old.checkpoint and self._rendered is None:
            self._show_start()
        elif new.view != old.view and (new.view != "single" or old.view in _LASTING):
            self._show_view(new.view)  # the grid fills while it is looked at

    def _show_missing(self, model: Path) -> None:
        """Show no picture of another model for one whose model is not there."""
        self._rendered = None
        self.page.show_text(f"{model.name} is not there to draw this.")
        self._show_output()
        self._show_view("single")

    def _show_output(self) -> None:
        self.output.show_image(self.picture.image, self.picture.full_size)

    def _shown(self) -> MadePicture | None:
        """What is seen: one picture, or the sheet of the grid."""
        page = self._stack.currentWidget()
        if isinstance(page, PictureGridPage | LayersPage | MapPage):
            return page.sheet()
        if self._rendered is None or not len(self._rendered.pixels):
            return None
        request = self._rendered.request
        return MadePicture(Recipe(request.looks[0], request.checkpoint_path), self._rendered.pixels[0])

    def _file_name(self) -> str:
        state = self._document.state
        model = Path(state.checkpoint).stem if state.checkpoint else "picture"
        return f"{model}-seed{state.look.seed}{'' if state.view == 'single' else f'-{state.view}'}.png"

    def _drag_out(self) -> None:
        made = self._shown()
        if made is not None:
            self._export.drag_out({self._file_name(): made}, made)
