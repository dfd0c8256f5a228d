"""Pictures for the window: asks a renderer in a worker thread for what the document wants to see."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import LatestOnly
from ganstudio.gui.widgets.picture_grid import to_image
from ganstudio.project.state import Project
from ganstudio.rendering.layer_request import LayerMaps, LayerRequest
from ganstudio.rendering.opening import draw_fitting
from ganstudio.rendering.request import Look, Rendered, RenderRequest
from ganstudio.rendering.shelf import RendererShelf, stamp_of

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

THUMBNAIL_SIZE = 72
_KEPT_THUMBNAILS = 600
_THUMBNAILS_AT_ONCE = 16
_THUMBNAILS_MS = 30.0  # a new wish for the canvas never waits longer than about this for thumbnails
_IDLE_MS = 150


@dataclass(frozen=True)
class Ask:
    """A request and what it is for.

    Attributes:
        request: What to draw, or which layer to look into.
        for_canvas: Whether it goes to the canvas; else its pictures become thumbnails only.
        asked_at: When, by `time.perf_counter`.
    """

    request: RenderRequest | LayerRequest
    for_canvas: bool
    asked_at: float


class RenderingService(QObject):
    """Keeps the canvas up to date with the document; the newest wish replaces one that waits.

    Signals:
        picture_ready(rendered): What the canvas should show now (`Rendered`).
        latency_measured(ms, per_second): From the change to the answer, and answers a second while they follow closely.
        device_known(text): The engine has started, and on what.
        thumbnail_ready(look): `thumbnail` of this look has come to be.
        loading_changed(path): The worker reads this model itself, which undo asked back; None when it has.
        failed(error): The picture could not be drawn.
        layers_ready(maps): The answer to `ask_layers` (`LayerMaps`).
        layers_failed(request, error): It has none.
    """

    picture_ready = Signal(object)
    latency_measured = Signal(float, float)
    device_known = Signal(str)
    thumbnail_ready = Signal(object)
    loading_changed = Signal(object)
    failed = Signal(object)
    layers_ready = Signal(object)
    layers_failed = Signal(object, object)

    def __init__(self, document: Document, device: str = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.device = device
        self.shelf = RendererShelf()
        self._expected: str | None = None
        self._brought: Rendered | None = None
        self._loading: str | None = None
        self._instead: Look | None = None
        self._worker: LatestOnly | None = None
        self._thumbnails: dict[tuple[str, Look], QImage] = {}
        self._wanted: list[Look] = []
        self._last_answer_at = 0.0
        self._told_device = ""
        self._told_error = ""
        self._asked: RenderRequest | None = None
        self._awaited: Ask | None = None
        self._layers: LayerRequest | None = None
        self._picture_ms = _THUMBNAILS_MS
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(self._draw_thumbnails)
        self._is_shut_down = False
        document.changed.connect(self._on_document_changed)

    def start(self) -> None:
        """Begin to draw; loads torch in the worker, so call it when the window is on the screen."""
        if self._worker is None and not self._is_shut_down:
            self._worker = LatestOnly(lambda: _make_answerer(self.device, self.shelf), "renderer", self)
            self._worker.answered.connect(self._on_worker_answered)
            self._worker.failed.connect(self._on_worker_failed)
            self.refresh()

    def expect(self, path: str | None) -> None:
        """Do not open this model, for somebody else is about to bring it with `adopt`; None: nobody is."""
        self._expected = path

    def adopt(self, path: str, renderer: "Renderer", stamp: int, first: Rendered) -> None:
        """Take over a renderer that was made elsewhere, with its first picture: nothing is opened or drawn twice.

        Args:
            path: Its file.
            renderer: Drawn with by nobody else from now on.
            stamp: `stamp_of` the file, from before it was read.
            first: A picture that it has drawn; shown, if it is what the document wants to see.
        """
        self.shelf.put(path, renderer, stamp)
        self._brought = first
        if self._expected == path:
            self._expected = None
        if self._document.state.checkpoint == path:
            self.refresh()

    def forget(self, path: str) -> None:
        """Know nothing of a model any more, because its file is to be read in another way."""
        self.shelf.drop(path)
        self._thumbnails = {key: image for key, image in self._thumbnails.items() if key[0] != path}

    def refresh(self) -> None:
        """Ask for what the document wants to see."""
        self._asked = self._current_request()
        self._awaited = None
        if self._asked is None or self._asked.checkpoint_path == self._expected:
            return
        if self._brought is not None and self._brought.request == self._asked:
            QTimer.singleShot(0, self, self._show_brought)  # when all others have heard of the change, too
        elif self._worker is not None:
            self._idle.stop()
            self._tell_loading(self._asked.checkpoint_path)
            self._awaited = Ask(self._asked, for_canvas=True, asked_at=time.perf_counter())
            self._worker.submit(self._awaited)

    def ask_layers(self, request: LayerRequest | None) -> None:
        """Look into the open model when nothing else is to do; the newest request replaces one before it."""
        self._layers = request
        self._plan_layers()

    def show_instead(self, look: Look | None) -> None:
        """Show another look than the document's for a while ("before"); None goes back."""
        if look != self._instead:
            self._instead = look
            self.refresh()

    def thumbnail(self, look: Look) -> QImage | None:
        """The small picture of a look with the open model, or None: it is then drawn when nothing else is to do."""
        key = (self._document.state.checkpoint or "", look)
        found = self._thumbnails.pop(key, None)
        if found is not None:
            self._thumbnails[key] = found  # asked for again, so the last to be forgotten
        elif look not in self._wanted:
            self._wanted.append(look)
            self._plan_thumbnails()
        return found

    def begin_shutdown(self) -> None:
        """Stop drawing, because the window closes."""
        self._is_shut_down = True
        self._idle.stop()
        if self._worker is not None:
            self._worker.close(0)

    def is_shut_down(self) -> bool:
        """Whether the worker has ended."""
        return self._worker is None or self._worker.close(0)

    def _current_request(self) -> RenderRequest | None:
        state = self._document.state
        if state.checkpoint is None or self._document.description is None:
            return None
        looks = state.grid_looks if state.view == "grid" else (self._instead or state.look,)
        return RenderRequest(state.checkpoint, looks)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if new.checkpoint != old.checkpoint:
            self._wanted.clear()
            self._told_error = ""
        if self._current_request() != self._asked:
            self.refresh()

    def _show_brought(self) -> None:
        rendered, self._brought = self._brought, None
        if rendered is not None and rendered.request == self._asked:
            self._take(rendered, for_canvas=True)

    def _plan_layers(self) -> None:
        """Hand the wish for layers to the worker, unless the canvas waits; asked again where it was replaced there."""
        if self._layers is not None and self._awaited is None and self._worker is not None and not self._is_shut_down:
            self._idle.stop()
            self._worker.submit(Ask(self._layers, for_canvas=False, asked_at=time.perf_counter()))

    def _on_worker_answered(self, ask: Ask, rendered: Rendered | LayerMaps) -> None:
        if isinstance(rendered, LayerMaps):
            if rendered.request == self._layers:
                self._layers = None
                self.layers_ready.emit(rendered)
            self._plan_thumbnails()
            return
        self._settle(ask)
        if ask.request.checkpoint_path != self._document.state.checkpoint:
            return
        if ask.for_canvas:
            self._tell_latency(ask)
        self._take(rendered, ask.for_canvas)

    def _take(self, rendered: Rendered, for_canvas: bool) -> None:
        self._told_error = ""
        self._picture_ms = rendered.elapsed_ms / max(1, len(rendered.pixels))
        if rendered.device != self._told_device:
            self._told_device = rendered.device
            self.device_known.emit(rendered.device)
        if for_canvas:
            self.picture_ready.emit(rendered)
        self._keep_thumbnails(rendered)
        self._plan_thumbnails()

    def _settle(self, ask: Ask) -> None:
        if ask is self._awaited:
            self._awaited = None
            self._tell_loading(None)
            self._plan_layers()

    def _tell_loading(self, path: str | None) -> None:
        loading = path if path is not None and self.shelf.find(path) is None else None
        if loading != self._loading:
            self._loading = loading
            self.loading_changed.emit(None if loading is None else Path(loading))

    def _tell_latency(self, ask: Ask) -> None:
        now = time.perf_counter()
        is_first, gap = self._last_answer_at == 0.0, now - self._last_answer_at
        self._last_answer_at = now
        if is_first:
            return  # it waited for the engine to load, which says nothing about drawing
        self.latency_measured.emit((now - ask.asked_at) * 1000, 1 / gap if 0 < gap < 0.5 else 0.0)

    def _keep_thumbnails(self, rendered: Rendered) -> None:
        path = rendered.request.checkpoint_path
        for look, pixels in zip(rendered.request.looks, rendered.pixels, strict=True):
            key = (path, look)
            if key in self._thumbnails:
                continue
            self._thumbnails[key] = _shrink(to_image(pixels))
            if look in self._wanted:
                self._wanted.remove(look)
            self.thumbnail_ready.emit(look)
        while len(self._thumbnails) > _KEPT_THUMBNAILS:
            self._thumbnails.pop(next(iter(self._thumbnails)))

    def _plan_thumbnails(self) -> None:
        is_free = self._awaited is None and self._layers is None
        if self._wanted and is_free and not self._idle.isActive() and not self._is_shut_down:
            self._idle.start()

    def _draw_thumbnails(self) -> None:
        """Draw a few of the thumbnails that are still of use; never in the place of a waiting wish for the canvas."""
        state = self._document.state
        if self._worker is None or state.checkpoint is None or self._awaited or self._layers:
            return
        self._wanted = [look for look in self._wanted if look in state.history or look in state.favourites]
        count = min(max(1, int(_THUMBNAILS_MS / max(self._picture_ms, 1e-3))), _THUMBNAILS_AT_ONCE)
        looks = tuple(self._wanted[:count])
        if looks:
            request = RenderRequest(state.checkpoint, looks)
            self._worker.submit(Ask(request, for_canvas=False, asked_at=time.perf_counter()))

    def _on_worker_failed(self, ask: Ask, error: BaseException) -> None:
        self._settle(ask)
        if isinstance(ask.request, LayerRequest):
            self._layers = None if ask.request == self._layers else self._layers
            self.layers_failed.emit(ask.request, error)
        elif not ask.for_canvas:
            self._wanted = [look for look in self._wanted if look not in ask.request.looks]
        elif ask.request.checkpoint_path == self._document.state.checkpoint and str(error) != self._told_error:
            self._told_error = str(error)  # a drag that fails is told once, not at every step
            self.failed.emit(error)


def _shrink(image: QImage) -> QImage:
    height = THUMBNAIL_SIZE * 2
    if image.height() <= height:
        return image
    return image.scaledToHeight(height, Qt.TransformationMode.SmoothTransformation)


def _make_answerer(device: str, shelf: RendererShelf) -> Callable[[Ask], Rendered | LayerMaps]:
    """Make the function that draws; runs in the worker, which opens a model itself where nobody brought it."""
    import torch

    from ganstudio.devices import default_threads
    from ganstudio.rendering.renderer import Renderer

    torch.set_num_threads(default_threads())

    def answer(ask: Ask) -> Rendered | LayerMaps:
        path = ask.request.checkpoint_path
        renderer = shelf.find(path)
        if renderer is None:
            stamp = stamp_of(path)
            renderer = Renderer(Path(path), device)
            shelf.put(path, renderer, stamp)
        if isinstance(ask.request, LayerRequest):
            from ganstudio.rendering.layer_view import look_into  # late: few look

            return look_into(renderer, ask.request)
        return draw_fitting(renderer, ask.request)

    return answer
