"""Pictures for the window: asks a renderer in a worker thread for what the document wants to see."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import LatestOnly
from ganstudio.gui.widgets.picture_grid import to_image
from ganstudio.project.state import Project
from ganstudio.rendering.request import Look, Rendered, RenderRequest

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

THUMBNAIL_SIZE = 72
_KEPT_THUMBNAILS = 1000
_THUMBNAILS_AT_ONCE = 8
_KEPT_RENDERERS = 2
_IDLE_MS = 150


@dataclass(frozen=True)
class Ask:
    """A request and what it is for.

    Attributes:
        request: What to draw.
        for_canvas: Whether it goes to the canvas; else its pictures become thumbnails only.
        asked_at: When, by `time.perf_counter`.
    """

    request: RenderRequest
    for_canvas: bool
    asked_at: float


class RenderingService(QObject):
    """Keeps the canvas up to date with the document; the newest wish replaces one that waits.

    Signals:
        picture_ready(rendered): What the canvas should show now (`Rendered`).
        latency_measured(ms, per_second): From the change to the answer, and answers a second while they follow closely.
        device_known(text): The engine has started, and on what.
        thumbnail_ready(look): `thumbnail` of this look has come to be.
        failed(error): The picture could not be drawn.
    """

    picture_ready = Signal(object)
    latency_measured = Signal(float, float)
    device_known = Signal(str)
    thumbnail_ready = Signal(object)
    failed = Signal(object)

    def __init__(self, document: Document, device: str = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._device = device
        self._instead: Look | None = None
        self._worker: LatestOnly | None = None
        self._thumbnails: dict[tuple[str, Look], QImage] = {}
        self._wanted: list[Look] = []
        self._last_answer_at = 0.0
        self._told_device = ""
        self._shown: RenderRequest | None = None
        self._asked: RenderRequest | None = None  # for the canvas, and not answered yet
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(self._draw_thumbnails)
        self._is_shut_down = False
        document.changed.connect(self._on_document_changed)

    def start(self) -> None:
        """Begin to draw; loads torch in the worker, so call it when the window is on the screen."""
        if self._worker is None and not self._is_shut_down:
            self._worker = LatestOnly(lambda: _make_answerer(self._device), "renderer", self)
            self._worker.answered.connect(self._on_worker_answered)
            self._worker.failed.connect(self._on_worker_failed)
            self.refresh()

    def refresh(self) -> None:
        """Ask for what the document wants to see."""
        request = self._current_request()
        if request is not None and self._worker is not None:
            self._idle.stop()
            self._asked = request
            self._worker.submit(Ask(request, for_canvas=True, asked_at=time.perf_counter()))

    def show_instead(self, look: Look | None) -> None:
        """Show another look than the document's for a while ("before"); None goes back."""
        if look != self._instead:
            self._instead = look
            self.refresh()

    def thumbnail(self, look: Look) -> QImage | None:
        """The small picture of a look with the open model, or None: it is then drawn when nothing else is to do."""
        found = self._thumbnails.get((self._document.state.checkpoint or "", look))
        if found is None and look not in self._wanted:
            self._wanted.append(look)
            if not self._idle.isActive():
                self._idle.start()
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
        if self._current_request() != self._shown or new.checkpoint != old.checkpoint:
            self.refresh()

    def _on_worker_answered(self, ask: Ask, rendered: Rendered) -> None:
        self._forget_asked(ask)
        if ask.request.checkpoint_path != self._document.state.checkpoint:
            return
        if rendered.device != self._told_device:
            self._told_device = rendered.device
            self.device_known.emit(rendered.device)
        if ask.for_canvas:
            self._shown = ask.request
            self._tell_latency(ask)
            self.picture_ready.emit(rendered)
        self._keep_thumbnails(rendered)
        if self._wanted:
            self._idle.start()

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
            self._thumbnails[key] = to_image(pixels).scaledToHeight(THUMBNAIL_SIZE * 2)
            if look in self._wanted:
                self._wanted.remove(look)
            self.thumbnail_ready.emit(look)
        while len(self._thumbnails) > _KEPT_THUMBNAILS:
            self._thumbnails.pop(next(iter(self._thumbnails)))

    def _draw_thumbnails(self) -> None:
        state = self._document.state
        if self._asked is not None:
            self._idle.start()  # a request for the canvas waits, and a newer one would replace it
            return
        in_strip = {*state.history, *state.favourites}
        self._wanted = [look for look in self._wanted if look in in_strip]
        if not self._wanted or self._worker is None or state.checkpoint is None:
            return
        looks = tuple(self._wanted[:_THUMBNAILS_AT_ONCE])
        request = RenderRequest(state.checkpoint, looks)
        self._worker.submit(Ask(request, for_canvas=False, asked_at=time.perf_counter()))

    def _forget_asked(self, ask: Ask) -> None:
        if ask.for_canvas and ask.request == self._asked:
            self._asked = None

    def _on_worker_failed(self, ask: Ask, error: BaseException) -> None:
        self._forget_asked(ask)
        if not ask.for_canvas:
            self._wanted = [look for look in self._wanted if look not in ask.request.looks]
        elif ask.request.checkpoint_path == self._document.state.checkpoint:
            self.failed.emit(error)


def _make_answerer(device: str) -> Callable[[Ask], Rendered]:
    """Make the function that draws; runs in the worker, where torch is loaded and the renderers live."""
    import torch

    from ganstudio.devices import default_threads
    from ganstudio.rendering.renderer import Renderer

    torch.set_num_threads(default_threads())
    renderers: dict[str, Renderer] = {}

    def answer(ask: Ask) -> Rendered:
        path = ask.request.checkpoint_path
        if path not in renderers:
            renderers[path] = Renderer(Path(path), device)
            while len(renderers) > _KEPT_RENDERERS:
                renderers.pop(next(iter(renderers)))
        renderer = renderers[path]
        known = {direction.name for direction in renderer.description.directions}
        return draw_fitting(renderer, ask.request, known)

    return answer


def draw_fitting(renderer: "Renderer", request: RenderRequest, known: set[str]) -> Rendered:
    """Draw a request whose looks may carry directions or classes that the model lacks: those are passed over."""
    classes = renderer.generator.spec.num_classes
    looks = tuple(_fit(look, known, classes) for look in request.looks)
    rendered = renderer.render(RenderRequest(request.checkpoint_path, looks))
    return replace(rendered, request=request)


def _fit(look: Look, known: set[str], classes: int) -> Look:
    strengths = tuple(pair for pair in look.strengths if pair[0] in known)
    label = look.label if look.label is not None and look.label < classes else None
    return replace(look, strengths=strengths, label=label)
