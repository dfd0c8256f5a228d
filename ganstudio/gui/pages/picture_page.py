"""The single picture of the canvas: a strip of controls over it, figures under it, what it is compared with."""

from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QActionGroup, QImage
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from ganstudio.gui.actions import Actions
from ganstudio.gui.document import Document
from ganstudio.gui.pages.region_bar import RegionBar
from ganstudio.gui.services.rendering_service import Reference, RenderingService
from ganstudio.gui.settings import Settings, SettingsStore
from ganstudio.gui.widgets.canvas_strip import CanvasStrip
from ganstudio.gui.widgets.caption_line import CaptionLine
from ganstudio.gui.widgets.histogram import HistogramCard
from ganstudio.gui.widgets.picture_canvas import Compare, PictureCanvas
from ganstudio.gui.widgets.pixels import Channel, count_channels, magnified, to_image
from ganstudio.gui.widgets.region_painter import RegionPainter
from ganstudio.project import edits
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Rendered

CHANNEL_NAMES: dict[Channel, str] = {
    "colour": "RGB",
    "red": "Red",
    "green": "Green",
    "blue": "Blue",
    "luminance": "Luma",
    "alpha": "Alpha",
}


class PicturePage(QWidget):
    """One picture at a time, or two to compare.

    Args:
        document: What is to be seen.
        rendering: Draws it.
        settings: Say whether it is magnified smoothly, and whether the histogram is shown.

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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._rendering = rendering
        self._settings = settings
        self._compare: Compare = "off"
        self._channel: Channel = "colour"
        self._pinned: tuple[str | None, Look] | None = None
        self._shown_reference: Reference | None = None
        self._window = (1.0, (0.5, 0.5))
        self.picture = PictureCanvas(self)
        self.strip = CanvasStrip(self)
        self.caption = CaptionLine(self)
        self.histogram = HistogramCard(self)
        self.region = RegionPainter(self.picture)
        self.region_bar = RegionBar(self.region, self)
        self.region_bar.hide()
        self.region_bar.closed.connect(lambda: self.paint_region(is_wanted=False))
        self.channel_button: QToolButton | None = None
        self.zoom_button: QToolButton | None = None
        self._channel_actions: list[QAction] = []
        self._lay_out()
        self.strip.hide()
        self.picture.pointed.connect(self.caption.show_reading)
        self.picture.scale_changed.connect(self._on_scale_changed)
        rendering.reference_ready.connect(self._show_reference)
        settings.changed.connect(self._on_settings_changed)
        self.picture.set_smooth(settings.values.smooth)

    @property
    def compare(self) -> Compare:
        """How the picture and the one before are shown."""
        return self._compare

    @property
    def pinned(self) -> Look | None:
        """The picture of the open model that others are compared with; None: their own without the sliders."""
        if self._pinned is None or self._pinned[0] != self._document.state.checkpoint:
            return None
        return self._pinned[1]

    def use_actions(self, actions: Actions) -> None:
        """Fill the strip; the actions exist only when the panels do."""
        for name in ("view.divider", "view.side_by_side", "picture.pin"):
            self.strip.add_button(actions[name])
        self.strip.addSeparator()
        self._channel_actions = [actions[f"view.channel_{channel}"] for channel in CHANNEL_NAMES]
        group = QActionGroup(self)  # one of them is on
        for action in self._channel_actions:
            group.addAction(action)
        self.channel_button = self.strip.add_menu("Channel", "Which channel is shown", self._channel_actions, "Green")
        self.strip.add_button(actions["view.histogram"])
        self.strip.add_space()
        self.strip.add_button(actions["view.smooth"])
        names = ("fit", "half_size", "actual_size", "double_size")
        scales: list[QAction | None] = [actions[f"view.{name}"] for name in names]
        steps = [actions["view.zoom_in"], actions["view.zoom_out"]]
        hint = "How large the picture is shown: screen pixels for one of its own"
        self.zoom_button = self.strip.add_menu("Zoom", hint, [*scales, None, *steps], "6400\N{NO-BREAK SPACE}%")
        self.strip.add_button(actions["view.output"])
        self._on_scale_changed(self.picture.scale)
        self._show_channel()

    def paint_region(self, is_wanted: bool) -> None:
        """Let a region be painted on the picture, or look at the picture again; what is painted stays."""
        is_wanted = is_wanted and not self.picture.image.isNull()
        self.region_bar.setVisible(is_wanted)
        if is_wanted:
            self.set_compare("off")
            self.region.begin()
        else:
            self.region.hide()
            self.picture.setFocus()
        self.view_changed.emit()

    def toggle_region(self) -> None:
        """Begin to paint a region, or end."""
        self.paint_region(is_wanted=self.region.isHidden())

    def marks(self) -> dict[str, bool]:
        """Which of the checkable actions of the page are on."""
        channels = {f"view.channel_{name}": name == self._channel for name in CHANNEL_NAMES}
        return {
            "view.divider": self._compare == "divider",
            "view.side_by_side": self._compare == "side",
            "view.histogram": self._settings.values.histogram,
            "picture.pin": self.pinned is not None,
            "picture.region": not self.region.isHidden(),
            **channels,
        }

    def show_rendered(self, rendered: Rendered) -> None:
        """Show the picture of an answer, coarse or in full."""
        self._show_reference()
        image = magnified(to_image(rendered.pixels[0]), *self._window)
        self._show(image, _full_size(image, rendered.full_px))

    def set_window(self, zoom: float, centre: tuple[float, float]) -> bool:
        """Show a part of the pictures that come from now on; returns whether it is another one than before."""
        is_other, self._window = self._window != (zoom, centre), (zoom, centre)
        return is_other

    def show_preview(self, image: QImage) -> None:
        """Show a picture that no answer has brought."""
        self._show(image, image.size())

    def show_text(self, text: str) -> None:
        """Show a sentence instead of a picture."""
        self._shown_reference = None
        self.picture.show_text(text)
        self.caption.show_size(QSize())
        self.histogram.show_image(QImage())
        self._show_furniture()

    def set_compare(self, compare: Compare) -> None:
        """Compare the picture with the one before, or show it alone."""
        if compare == self._compare:
            return
        self._compare = compare
        self._rendering.compare_with(None if compare == "off" else self._before_of)
        self._show_reference()
        self.picture.set_compare(compare)
        self.view_changed.emit()

    def toggle_compare(self, compare: Compare) -> None:
        """Compare in this way, or no longer."""
        self.set_compare("off" if compare == self._compare else compare)

    def toggle_pin(self) -> None:
        """Compare with the picture that is shown from now on; or again with each without its sliders."""
        state = self._document.state
        self._pinned = (state.checkpoint, state.look) if self.pinned is None else None
        if self._compare != "off":
            self._rendering.compare_with(self._before_of)
            self._show_reference()
        self.view_changed.emit()

    def pin(self, look: Look) -> None:
        """Compare with this picture of the open model from now on, side by side where nothing is compared yet."""
        self._pinned = (self._document.state.checkpoint, look)
        if self._compare == "off":
            self.set_compare("side")
        else:
            self._rendering.compare_with(self._before_of)
            self._show_reference()
            self.view_changed.emit()

    def swap(self) -> None:
        """Go to the picture that is pinned, and pin the one that was shown: A becomes B."""
        look, pinned = self._document.state.look, self.pinned
        if pinned is not None:
            self._pinned = (self._document.state.checkpoint, look)
            self._document.apply("Swap A and B", edits.set_look(self._document.state, pinned))
            if self._compare != "off":
                self._rendering.compare_with(self._before_of)
                self._show_reference()

    def set_channel(self, channel: Channel) -> None:
        """Show one channel as grey, or the colours."""
        self._channel = channel
        self.picture.set_channel(channel)
        self._show_channel()
        self.view_changed.emit()

    def hold_before(self, held: bool) -> None:
        """Show the picture before for a while; side by side it is there already."""
        held = held and self._compare != "side"
        look = self._document.state.look
        self._rendering.show_instead(self._before_of(look) if held else None)
        self.picture.set_badge(("Before: pinned" if self.pinned else "Before: without the sliders") if held else "")

    def _before_of(self, look: Look) -> Look:
        return replace(look, edits=()) if self.pinned is None else self.pinned

    def _show(self, image: QImage, full_size: QSize) -> None:
        self.picture.show_image(image, full_size)
        self.caption.show_size(full_size)
        self.histogram.show_image(image)
        self._show_furniture()
        self._show_channel()

    def _show_reference(self) -> None:
        """Hand the picture to compare with to the canvas, if it is another one than before."""
        self.picture.name_before("Before" if self.pinned is None else f"Pinned: seed {self.pinned.seed}")
        found = None if self._compare == "off" else self._rendering.reference
        if found is not None and found.path != self._document.state.checkpoint:
            found = None
        if found is self._shown_reference:
            return
        self._shown_reference = found
        if found is None:
            self.picture.show_before(None)
        else:
            image = to_image(found.pixels)
            self.picture.show_before(image, _full_size(image, found.full_px))

    def _show_furniture(self) -> None:
        has_picture = not self.picture.image.isNull()
        self.strip.setVisible(has_picture)
        self.histogram.setVisible(has_picture and self._settings.values.histogram)

    def _show_channel(self) -> None:
        """Say on the button which channel is seen, and offer those that the picture has."""
        if self.channel_button is None or self.picture.image.isNull():
            return
        count = count_channels(self.picture.image)
        for action, name in zip(self._channel_actions, CHANNEL_NAMES, strict=True):
            action.setVisible(count == 4 if name == "alpha" else count > 1 or name == "colour")
        self.channel_button.setText(CHANNEL_NAMES[self._channel] if count > 1 else "Grey")
        self.channel_button.setEnabled(count > 1)

    def _on_scale_changed(self, scale: float) -> None:
        if self.zoom_button is not None:
            self.zoom_button.setText(f"{scale:.0%}".replace("%", "\N{NO-BREAK SPACE}%"))

    def _on_settings_changed(self, old: Settings, new: Settings) -> None:
        if old.smooth != new.smooth:
            self.picture.set_smooth(new.smooth)
        if old.histogram != new.histogram:
            self._show_furniture()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.picture, 1)
        middle.addWidget(self.histogram)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.region_bar)
        column.addLayout(middle, 1)
        column.addWidget(self.caption)


def _full_size(image: QImage, full_px: int) -> QSize:
    """The size that a picture has in full, where its image may be coarse."""
    return image.size() if full_px <= image.height() else QSize(full_px, full_px)
