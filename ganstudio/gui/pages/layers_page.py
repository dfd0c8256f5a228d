"""The canvas's view into the network: the feature maps of any layer as pictures, with their spectrum."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ganstudio import images
from ganstudio.errors import GanStudioError
from ganstudio.gui.document import Document
from ganstudio.gui.picture_export import PictureExport
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.widgets.empty_state import EmptyState
from ganstudio.gui.widgets.picture_canvas import PictureCanvas
from ganstudio.gui.widgets.picture_grid import GridItem, PictureGrid
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.project.picture_files import MadePicture
from ganstudio.project.recipe import Recipe
from ganstudio.project.state import Project
from ganstudio.rendering.layer_request import LayerMaps, LayerRequest, NetworkLayer
from ganstudio.rendering.request import Rendered

_REST_MS = 200  # a slider that has stood still for so long has been let go of, or is looked at
_SIDE_WIDTH = 232
_WAITING = "Looking into the network…"


class LayersPage(QWidget):
    """Follows the picture whenever it rests.

    Args:
        document: Whose picture it is.
        rendering: Looks into the network.
    """

    def __init__(self, *, document: Document, rendering: RenderingService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._document, self._rendering = document, rendering
        self._export = PictureExport(document, self)
        self._layers: dict[str, tuple[NetworkLayer, ...]] = {}
        self._chosen: dict[str, str] = {}
        self._maps: LayerMaps | None = None
        self._channel: int | None = None
        self._look: Rendered | None = None
        self.layer_box = _make_box(self, "Layer")
        self.order_box = _make_box(self, "Which maps", ("Most varied", "varied"), ("First", "first"))
        self.range_box = _make_box(self, "Range of grey", ("Own range", False), ("One range", True))
        self.grid = PictureGrid(is_clickable=True, parent=self)
        self.map_view = PictureCanvas(self)
        self.back_button = QPushButton("All Maps", self)
        self.words = QLabel(self, wordWrap=True)
        self._spectrum_place = QVBoxLayout()
        self._spectrum: QWidget | None = None
        self._views = QStackedWidget(self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._connect()
        self._show_document()

    @property
    def maps(self) -> LayerMaps | None:
        """What is shown."""
        return self._maps

    @property
    def channel(self) -> int | None:
        """The channel that is shown alone, or None."""
        return self._channel

    def sheet(self) -> MadePicture | None:
        """The maps on one sheet, or the one that is shown alone, with the recipe of their picture."""
        if self._maps is None:
            return None
        request, place = self._maps.request, self._open_place()
        pixels = images.tile(self._maps.pixels) if place is None else self._maps.pixels[place]
        return MadePicture(Recipe(request.look, request.checkpoint_path), pixels)

    def copy(self) -> None:
        """Put what is shown on the clipboard."""
        made = self.sheet()
        if made is not None:
            self._export.copy(made, "The maps are")

    def open_map(self, place: int) -> None:
        """Show one map alone, large, with its own spectrum."""
        if self._maps is not None and place < len(self._maps.channels):
            self._channel = self._maps.channels[place]
            self._show_maps(self._maps)
            self.map_view.setFocus()

    def close_map(self) -> None:
        """Show all maps again."""
        self._channel = None
        if self._maps is not None:
            self._show_maps(self._maps)
            self.grid.setFocus()

    def refresh(self) -> None:
        """Ask for what is to be seen, where somebody sees it."""
        state = self._document.state
        if not self.isVisible() or state.checkpoint is None:
            return
        path = state.checkpoint
        request = LayerRequest(
            path,
            state.look,
            self._chosen.get(path, ""),
            self.order_box.currentData(),
            self.range_box.currentData(),
            channel=self._channel,
            lists_layers=path not in self._layers,
            directions=state.directions_of((state.look,)),
        )
        if self._maps is None or self._maps.request != request:
            self._rendering.ask_layers(request)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().showEvent(event)
        if self._spectrum is None:
            from ganstudio.gui.widgets.spectrum_view import SpectrumView  # late: pyqtgraph takes long to load

            self._spectrum = SpectrumView(self)
            self._spectrum_place.addWidget(self._spectrum, 1)
            self._show_look()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: D102, N802 - Qt's name
        super().hideEvent(event)
        self._rest.stop()
        self._rendering.ask_layers(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: D102, N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape and self._channel is not None:
            self.close_map()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        self.grid.setAccessibleName("Feature maps")
        self.map_view.setAccessibleName("Feature map")
        self.words.setProperty("role", "muted")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.layer_box, 1)
        for widget in (self.order_box, self.range_box):
            top.addWidget(widget)
        single = QWidget(self)
        column = QVBoxLayout(single)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.map_view, 1)
        column.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        for view in (self.grid, single):
            self._views.addWidget(view)
        side = QWidget(self)
        side.setFixedWidth(_SIDE_WIDTH)
        side.setLayout(self._spectrum_place)
        self._spectrum_place.setContentsMargins(0, 0, 0, 0)
        self._spectrum_place.setSpacing(8)
        self._spectrum_place.addWidget(self.words)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self._views, 1)
        middle.addWidget(side)
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addLayout(middle, 1)
        text = "What every layer of the network makes of a picture will be here, as pictures. Open a checkpoint first."
        self._stack.addWidget(content)
        self._stack.addWidget(EmptyState("No Model Is Open", text))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _connect(self) -> None:
        self._rest.timeout.connect(self.refresh)
        self._document.changed.connect(self._on_document_changed)
        self._rendering.layers_ready.connect(self._on_layers_ready)
        self._rendering.layers_failed.connect(self._on_layers_failed)
        self._rendering.picture_ready.connect(self._on_picture_ready)
        self.grid.clicked.connect(self.open_map)
        self.back_button.clicked.connect(self.close_map)
        self.layer_box.activated.connect(self._on_layer_activated)
        for box in (self.order_box, self.range_box):
            box.activated.connect(self.refresh)

    def _show_document(self) -> None:
        """Begin anew with the model that is open, or without one."""
        checkpoint = self._document.state.checkpoint
        self._stack.setCurrentIndex(1 if checkpoint is None else 0)
        self._maps, self._channel = None, None
        self._views.setCurrentIndex(0)
        self.grid.show_empty(_WAITING)
        self.words.clear()
        self._fill_layers(self._layers.get(checkpoint or "", ()))

    def _fill_layers(self, layers: tuple[NetworkLayer, ...]) -> None:
        """List what makes maps in the order in which it runs, then what makes vectors."""
        self.layer_box.clear()
        with_maps = [layer for layer in layers if layer.has_maps]
        vectors = [layer for layer in layers if not layer.has_maps]
        for group in (with_maps, vectors):
            if group and self.layer_box.count():
                self.layer_box.insertSeparator(self.layer_box.count())
            for layer in group:
                self.layer_box.addItem(f"{layer.name}   {layer.size}", layer.name)
                tip = f"{layer.kind.capitalize()}, {'maps' if layer.has_maps else 'vector'} {layer.size}"
                self.layer_box.setItemData(self.layer_box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.layer_box.setEnabled(bool(layers))

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if new.checkpoint != old.checkpoint:
            self._show_document()
        if new.look != old.look or new.checkpoint != old.checkpoint:
            self._rest.start()

    def _on_picture_ready(self, rendered: Rendered) -> None:
        if len(rendered.request.looks) == 1 and not rendered.is_coarse:
            self._look = rendered
            if self.isVisible():
                self._show_look()

    def _on_layer_activated(self, index: int) -> None:
        name = self.layer_box.itemData(index)
        if name and self._document.state.checkpoint is not None:
            self._chosen[self._document.state.checkpoint] = name
            self._channel = None
            self.refresh()

    def _on_layers_ready(self, maps: LayerMaps) -> None:
        path = maps.request.checkpoint_path
        if path != self._document.state.checkpoint:
            return
        if maps.layers:
            self._layers[path] = maps.layers
            self._fill_layers(maps.layers)
        self._chosen[path] = maps.layer.name
        self._maps = maps
        self._show_maps(maps)

    def _on_layers_failed(self, request: LayerRequest, error: BaseException) -> None:
        if request.checkpoint_path == self._document.state.checkpoint:
            self._chosen.pop(request.checkpoint_path, None)
            self._maps, self._channel = None, None
            self._views.setCurrentIndex(0)
            known = f"{error.reason.capitalize()}: {error.remedy}." if isinstance(error, GanStudioError) else str(error)
            self.grid.show_empty(known)

    def _show_maps(self, maps: LayerMaps) -> None:
        self.layer_box.setCurrentIndex(self.layer_box.findData(maps.layer.name))
        self._tell(maps)
        items = [
            GridItem(to_image(pixels), f"Channel {channel}", f"{low:.3g} to {high:.3g}")
            for pixels, channel, (low, high) in zip(maps.pixels, maps.channels, maps.ranges, strict=True)
        ]
        self.grid.show_items(items)
        place = self._open_place()
        self._views.setCurrentIndex(0 if place is None else 1)
        if place is not None:
            image = items[place].image
            if image is not None:
                self.map_view.show_image(image)
            self.map_view.set_badge(f"Channel {maps.channels[place]}: {items[place].note}")
        self._show_spectrum(maps, place)

    def _open_place(self) -> int | None:
        """Where the map that is shown alone stands among the maps; None where none is, or it is not there."""
        if self._maps is None or self._channel not in self._maps.channels:
            return None
        return self._maps.channels.index(self._channel)

    def _tell(self, maps: LayerMaps) -> None:
        shown, all_maps = len(maps.channels), maps.layer.shape[0]
        what = f"{shown} of {all_maps} maps" if maps.layer.has_maps else f"A vector of {all_maps}"
        lines = [f"{maps.layer.kind.capitalize()}  ·  {what}"]
        lines.append(f"Mean {maps.mean:.3g}  ·  deviation {maps.deviation:.3g}")
        if maps.layer.has_maps:
            dead = f"{maps.dead:.0%} of the maps are" if maps.dead else "No map is"
            lines.append(f"{dead} zero everywhere")
        self.words.setText("\n".join(lines))

    def _show_spectrum(self, maps: LayerMaps, place: int | None) -> None:
        spectra = maps.spectra
        if self._spectrum is None:
            return
        if spectra is None:
            self._spectrum.show_spectrum({}, None)  # type: ignore[attr-defined] # SpectrumView, imported on first show
            return
        x = spectra.frequencies.tolist()
        curves = {"mean": (x, spectra.mean_curve.tolist())}
        if place is not None:
            curves["map"] = (x, spectra.curves[place].tolist())
        pixels = spectra.mean_picture if place is None else spectra.pictures[place]
        self._spectrum.show_spectrum(curves, to_image(pixels))  # type: ignore[attr-defined]

    def _show_look(self) -> None:
        if self._spectrum is not None and self._look is not None:
            self._spectrum.show_look(to_image(self._look.pixels[0]))  # type: ignore[attr-defined]


def _make_box(parent: QWidget, name: str, *choices: tuple[str, object]) -> QComboBox:
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setToolTip(name)
    for text, value in choices:
        box.addItem(text, value)
    if not choices:
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(16)
    return box
