"""Canvas: the picture of the look, or a grid of neighbours; copy, save and drag out."""

import contextlib
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from ganstudio.checkpoints.builtin import builtin_path, builtin_preview_path
from ganstudio.errors import GanStudioError
from ganstudio.files import user_cache_dir
from ganstudio.gui.document import Document
from ganstudio.gui.panels.layers_page import LayersPage
from ganstudio.gui.panels.picture_grid_page import PictureGridPage
from ganstudio.gui.rendering_service import RenderingService
from ganstudio.gui.settings import Settings, SettingsStore
from ganstudio.gui.widgets.file_drag import drag_files
from ganstudio.gui.widgets.picture_canvas import PictureCanvas
from ganstudio.gui.widgets.picture_grid import to_image
from ganstudio.project.picture_files import MadePicture, write_picture
from ganstudio.project.recipe import Recipe
from ganstudio.project.state import Project, View
from ganstudio.rendering.request import Rendered

_EMPTY = "Open a checkpoint, or drop one anywhere."
_SAVE_KINDS = "PNG (*.png);;WebP (*.webp);;JPEG (*.jpg)"


class CanvasPanel(QWidget):
    """The middle of the Explore workspace.

    Args:
        document: What is to be seen.
        rendering: Draws it.
        settings: Say whether it is magnified smoothly.
        grid_page: Takes the place of the picture in the grid view.
        layers_page: Likewise in the layers view.
    """

    def __init__(
        self,
        *,
        document: Document,
        rendering: RenderingService,
        settings: SettingsStore,
        grid_page: PictureGridPage,
        layers_page: LayersPage,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._rendering = rendering
        self._rendered: Rendered | None = None
        self.picture = PictureCanvas(self)
        self.grid_page = grid_page
        self.layers_page = layers_page
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.picture)
        for page in (grid_page, layers_page):
            self._stack.addWidget(page)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self._connect()
        settings.changed.connect(self._on_settings_changed)
        for view in (self.picture, grid_page.grid):
            view.set_smooth(settings.values.smooth)
        self._show_start()

    @property
    def rendered(self) -> Rendered | None:
        """What is on the canvas."""
        return self._rendered

    def show_waiting(self, path: Path) -> None:
        """Say what is being opened, where there is no picture to look at meanwhile."""
        if self._rendered is None and self.picture.image.isNull():
            self.picture.show_text(f"Opening {path.name}…")

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

    def fit(self) -> None:
        """Show the whole picture."""
        self.picture.fit()

    def show_actual_size(self) -> None:
        """Show one picture pixel on one screen pixel."""
        self.picture.show_actual_size()

    def copy(self) -> None:
        """Put what is shown on the clipboard."""
        page = self._stack.currentWidget()
        if isinstance(page, PictureGridPage | LayersPage):
            page.copy()
            return
        made = self._shown()
        if made is not None:
            QGuiApplication.clipboard().setImage(to_image(made.pixels))
            self._document.announced.emit("The picture is on the clipboard")

    def ask_and_save(self) -> None:
        """Ask for a file name and save what is shown, with its recipe."""
        if self._rendered is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        start = str(Path(folder) / self._file_name())
        name, kind = QFileDialog.getSaveFileName(self, "Save Picture", start, _SAVE_KINDS)
        if name:
            path = Path(name)
            suffix = {"P": ".png", "W": ".webp", "J": ".jpg"}[kind[:1] or "P"]
            self.save(path if path.suffix else path.with_suffix(suffix))

    def save(self, path: Path) -> None:
        """Save what is shown: one picture, or the sheet of the grid."""
        made = self._shown()
        if made is not None and self._write(path, made):
            self._document.announced.emit(f"Saved {path.name}")

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        self.window().installEventFilter(self)  # B works wherever the focus is, but for fields that take letters

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self.window().removeEventFilter(self)
        self._show_before(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: D102, N802 - Qt's name
        kind = event.type()
        if kind == QEvent.Type.WindowDeactivate:
            self._show_before(False)
        elif isinstance(event, QKeyEvent) and kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if event.key() == Qt.Key.Key_B and is_plain and not event.isAutoRepeat():
                self._show_before(kind == QEvent.Type.KeyPress)
                return True
        return super().eventFilter(watched, event)

    def _show_before(self, shown: bool) -> None:
        look = replace(self._document.state.look, strengths=())
        self._rendering.show_instead(look if shown else None)
        self.picture.set_badge("Before: without the sliders" if shown else "")

    def _write(self, path: Path, made: MadePicture) -> bool:
        """Write a picture with the recipe that it was made by, which may be behind what the document says now."""
        try:
            write_picture(path, made)
        except GanStudioError as error:
            self._document.failed.emit(error)
            return False
        return True

    def _connect(self) -> None:
        self._rendering.picture_ready.connect(self._on_picture_ready)
        self._document.changed.connect(self._on_document_changed)
        self.picture.drag_out_wanted.connect(self._drag_out)

    def _show_start(self) -> None:
        state = self._document.state
        self._show_view(state.view)
        preview = QImage(str(builtin_preview_path()))
        if state.checkpoint == str(builtin_path()) and not preview.isNull():
            self.picture.show_image(preview)
        else:
            self.picture.show_text(_EMPTY if state.checkpoint is None else "Starting the engine…")

    def _on_settings_changed(self, old: Settings, new: Settings) -> None:
        if old.smooth != new.smooth:
            self.picture.set_smooth(new.smooth)
            self.grid_page.grid.set_smooth(new.smooth)

    def _on_picture_ready(self, rendered: Rendered) -> None:
        if rendered.is_coarse:
            self._show_coarse(rendered)
            return
        self._rendered = rendered
        is_grid = len(rendered.request.looks) > 1
        if not is_grid:
            self.picture.show_image(to_image(rendered.pixels[0]))
        self._show_view("grid" if is_grid else "single")

    def _show_view(self, view: View) -> None:
        """Show a view; what the layers make is shown as long as the document says so, whatever is drawn meanwhile."""
        pages: dict[View, QWidget] = {"single": self.picture, "grid": self.grid_page, "layers": self.layers_page}
        self._stack.setCurrentWidget(pages["layers" if self._document.state.view == "layers" else view])

    def _show_coarse(self, rendered: Rendered) -> None:
        """Show what will soon be replaced; what is copied and saved is the last whole picture."""
        size = QSize(rendered.full_px, rendered.full_px)
        smooth = Qt.TransformationMode.SmoothTransformation
        self.picture.show_image(to_image(rendered.pixels[0]).scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
        self._show_view("single")

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if new.checkpoint is None and old.checkpoint is not None:
            self._rendered = None
            self.picture.show_text(_EMPTY)
            self._show_view("single")
        elif new.checkpoint != old.checkpoint and self._rendered is None:
            self._show_start()
        elif new.view != old.view and (new.view != "single" or old.view == "layers"):
            self._show_view(new.view)  # the grid fills while it is looked at

    def _shown(self) -> MadePicture | None:
        """What is seen: one picture, or the sheet of the grid."""
        page = self._stack.currentWidget()
        if isinstance(page, PictureGridPage | LayersPage):
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
        path = user_cache_dir() / "dragged" / self._file_name()
        with contextlib.suppress(OSError):  # writing tells why it fails
            path.parent.mkdir(parents=True, exist_ok=True)
        if made is not None and self._write(path, made):
            drag_files(self, [path], to_image(made.pixels))
