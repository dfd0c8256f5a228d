"""Pictures for the window: asks a renderer in a worker thread for what the document wants to see."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import LatestOnly
from ganstudio.gui.services.thumbnails import DRAWN_PX, Thumbnails
from ganstudio.gui.widgets.pixels import Pixels
from ganstudio.project.state import Project
from ganstudio.rendering.answering import Answer, Ask, Calibrated, Purpose, make_answerer
from ganstudio.rendering.layer_request import LayerMaps, LayerRequest
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Gathering, Rendered, RenderRequest
from ganstudio.rendering.shelf import RendererShelf

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

_THUMBNAILS_AT_ONCE = 16
_THUMBNAILS_MS = 30.0  # a new wish for the canvas never waits longer than about this for thumbnails
_IDLE_MS = 150
_STRIP_MS = 15  # somebody looks at it and waits
_STRIP_PX = 176  # twice what is shown, which a coarse picture has
_STRIP_PICTURES = 800
_STRIP_AT_ONCE = 5  # each is a part of the answer, and between its layers it gives way
_HANDOVER_S = 1e-4  # lets the worker begin before the rest of the window hears of the change
_FOLLOWING_S = 0.5  # answers further apart belong to no drag
_LARGEST_SCREEN = 2048  # pixels, across


@dataclass(frozen=True)
class Pace:
    """How the pictures follow the hand.

    Attributes:
        latency_ms: From the change to the answer.
        per_second: Answers a second while they follow closely, else 0.
        shown_px: Height and width of what was computed.
        full_px: Of the full picture.
    """

    latency_ms: float
    per_second: float
    shown_px: int
    full_px: int


@dataclass(frozen=True, eq=False)
class Reference:
    """The picture that the canvas compares with.

    Attributes:
        path: File of the model that drew it.
        look: How it is made.
        pixels: uint8 `(H, W, C)`.
        full_px: Height and width that it has in full; larger than those of `pixels` while it is coarse.
    """

    path: str
    look: Look
    pixels: Pixels
    full_px: int

    @property
    def is_coarse(self) -> bool:
        """Whether a finer one is to follow."""
        return bool(self.pixels.shape[0] < self.full_px)


class RenderingService(QObject):
    """Keeps the canvas up to date with the document; the newest wish replaces one that waits.

    Signals:
        picture_ready(rendered): What the canvas should show now (`Rendered`): a coarse picture, or a whole answer.
        part_ready(rendered): Some pictures of a grid, before its whole answer.
        reference_ready(): `reference` is another picture, or a finer one.
        pace_measured(pace): `Pace` of the answer that just came.
        noticed(text): Something went otherwise than asked for, such as a device without room.
        device_known(text): The engine has started, and on what.
        thumbnail_ready(look): `thumbnail` of this look has come to be.
        strip_ready(looks): These pictures of strips have come to be.
        loading_changed(path): The worker reads this model itself, which undo asked back; None when it has.
        failed(error): The picture could not be drawn.
        layers_ready(maps): The answer to `ask_layers` (`LayerMaps`).
        layers_failed(request, error): There is none.
    """

    picture_ready = Signal(object)
    part_ready = Signal(object)
    reference_ready = Signal()
    pace_measured = Signal(object)
    noticed = Signal(str)
    device_known = Signal(str)
    thumbnail_ready = Signal(object)
    strip_ready = Signal(object)
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
        self._drawn_path: str | None = None
        self._unkept: Rendered | None = None
        self._instead: Look | None = None
        self._reference_of: Callable[[Look], Look] | None = None
        self.reference: Reference | None = None
        self._worker: LatestOnly | None = None
        self._thumbnails = Thumbnails()
        self._strips = Thumbnails(_STRIP_PICTURES)
        self._strip_looks: tuple[Look, ...] = ()
        self._watched: dict[str, tuple[Look, ...]] = {}
        self._last_answer_at = 0.0
        self._told_device = ""
        self._told_error = ""
        self._told_note = ""
        self._calibrated: set[str] = set()
        self._gathering: Gathering | None = None
        self._asked: RenderRequest | None = None
        self._awaited: Ask | None = None
        self._layers: LayerRequest | None = None
        self._minor: Ask | None = None
        self._picture_ms = _THUMBNAILS_MS
        self._idle = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._idle.timeout.connect(self._do_idle_work)
        self._is_shut_down = False
        document.changed.connect(self._on_document_changed)

    def start(self) -> None:
        """Begin to draw; loads torch in the worker, so call it when the window is on the screen."""
        if self._worker is None and not self._is_shut_down:
            make = partial(make_answerer, self.shelf)
            self._worker = LatestOnly(make, "renderer", self, is_minor=lambda ask: ask.is_minor)
            self._worker.answered.connect(self._on_worker_answered)
            self._worker.ended.connect(self._on_worker_ended)
            self._worker.failed.connect(self._on_worker_failed)
            self.refresh()

    def set_device(self, name: str) -> None:
        """Draw on another device from now on: "auto", "cpu" or "cuda"."""
        if name != self.device:
            self.device = name
            self._calibrated.clear()
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
        self._calibrated.discard(path)
        self._brought = first
        if self._expected == path:
            self._expected = None
        if self._document.state.checkpoint == path:
            self.refresh()

    def forget(self, path: str) -> None:
        """Know nothing of a model any more, because its file is to be read in another way."""
        self.shelf.drop(path)
        self._drawn_path = None
        self._calibrated.discard(path)
        self._thumbnails.forget(path)
        self._strips.forget(path)

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
            if self._asked.checkpoint_path != self._drawn_path:
                self._tell_loading(self._asked.checkpoint_path)
            self._awaited = Ask(self._asked, "canvas", time.perf_counter(), self.device)
            self._worker.submit(self._awaited)
            time.sleep(_HANDOVER_S)

    def ask_layers(self, request: LayerRequest | None) -> None:
        """Look into a model when nothing else is to do; the newest request replaces one before it, None all."""
        self._layers = request
        self._plan_idle_work()

    def show_instead(self, look: Look | None) -> None:
        """Show another look than the document's for a while ("before"); None goes back."""
        if look != self._instead:
            self._instead = look
            self.refresh()

    def compare_with(self, reference_of: Callable[[Look], Look] | None) -> None:
        """Draw also what the single picture is compared with, and keep it as `reference`; None: no longer.

        Args:
            reference_of: Gives the look to compare a look with.
        """
        self._reference_of = reference_of
        if self._current_request() != self._asked:
            self.refresh()

    def thumbnail(self, look: Look, checkpoint: str | None = None) -> QImage | None:
        """The small picture of a look, or None: it is then drawn when nothing else is to do, if its model is open.

        Args:
            look: The look.
            checkpoint: Path of its model; None for the one that is open.
        """
        is_open = checkpoint in (None, self._document.state.checkpoint)
        if not is_open:
            return self._thumbnails.known(checkpoint or "", look)
        found = self._thumbnails.find(self._document.state.checkpoint or "", look)
        if found is None:
            self._plan_idle_work()
        return found

    def watch(self, watcher: str, looks: tuple[Look, ...]) -> None:
        """Take note of looks beside the history's whose thumbnails somebody is to see; () when no longer."""
        self._watched[watcher] = looks
        self._plan_idle_work()

    def watch_strips(self, looks: tuple[Look, ...]) -> None:
        """Draw these small pictures, the first ones first, as soon as the canvas leaves time; () when no longer."""
        if looks == self._strip_looks:
            return
        self._strip_looks = looks
        path = self._document.state.checkpoint or ""
        for look in looks:
            self._strips.find(path, look)
        self._strips.choose_wanted(looks, 0)
        self._plan_idle_work()

    def strip_picture(self, look: Look) -> QImage | None:
        """A picture of a strip with the open model; None while it is not drawn."""
        return self._strips.known(self._document.state.checkpoint or "", look)

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
        if state.view == "grid":
            looks, size_px = state.grid_looks, grid_px(state.grid_side)
            return RenderRequest(state.checkpoint, looks, state.grid_side, size_px, state.directions_of(looks))
        look = self._instead or state.look
        looks = (look, *self._missing_reference(state.checkpoint, look))
        return RenderRequest(state.checkpoint, looks, directions=state.directions_of(looks))

    def _missing_reference(self, path: str, look: Look) -> tuple[Look, ...]:
        """What a look is compared with, unless it is drawn already."""
        is_seen = self._instead is None and self._document.state.view == "single"
        if self._reference_of is None or not is_seen:
            return ()
        wanted, known = self._reference_of(look), self.reference
        is_known = known is not None and (known.path, known.look) == (path, wanted) and not known.is_coarse
        return () if is_known else (wanted,)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if new.checkpoint != old.checkpoint:
            self._thumbnails.give_up()
            self._strips.give_up()
            self._told_error = ""
        if self._current_request() != self._asked:
            self.refresh()

    def _show_brought(self) -> None:
        rendered, self._brought = self._brought, None
        if rendered is not None and rendered.request == self._asked:
            self._tell_device(rendered.device)
            self._take(rendered)
            self._plan_idle_work()

    def _on_worker_answered(self, ask: Ask, answer: Answer) -> None:
        if isinstance(answer, Calibrated):
            self._calibrated.add(answer.checkpoint_path)
        elif isinstance(answer, LayerMaps):
            if answer.request == self._layers:
                self._layers = None
                self.layers_ready.emit(answer)
        elif ask.request.checkpoint_path == self._document.state.checkpoint:
            self._tell_loading(None)
            if ask.purpose == "strip":
                self._keep_strip(answer)
            elif ask.is_minor:
                self._keep_thumbnails(answer)
            else:
                self._take_part(ask, answer)

    def _take_part(self, ask: Ask, part: Rendered) -> None:
        if self._awaited is None and part.request != self._asked:
            return  # nothing newer would take its place
        self._tell_device(part.device)  # with its first part: a large grid takes long
        self._tell_note(part.note)
        is_pair = len(part.request.looks) == 2 and part.request.columns == 1
        if is_pair and part.places == (1,):
            self._keep_reference(part)
            return
        self._tell_pace(ask, part)
        if is_pair:
            part = replace(part, request=replace(part.request, looks=part.request.looks[:1]))
        if part.is_coarse:
            self._take(part)
            return
        if self._gathering is None or self._gathering.request is not part.request:
            self._gathering = Gathering(part.request)
        if len(part.request.looks) > 1:
            self.part_ready.emit(part)
        whole = self._gathering.add(part)
        if whole is not None:
            self._take(whole)

    def _keep_reference(self, part: Rendered) -> None:
        """Keep the second picture of a pair, and do not ask for it again with the next first one."""
        path, looks = part.request.checkpoint_path, part.request.looks
        self.reference = Reference(path, looks[1], part.pixels[0], part.full_px)
        if part.request == self._asked and not part.is_coarse:
            self._asked = replace(part.request, looks=looks[:1])
        self.reference_ready.emit()

    def _on_worker_ended(self, ask: Ask, _in_full: bool) -> None:
        if ask is self._awaited:
            self._awaited = None
            self._tell_loading(None)
        if ask is self._minor or not ask.is_minor:
            self._minor = None  # it has ended, or gave way before it was begun
        self._plan_idle_work()

    def _take(self, rendered: Rendered) -> None:
        self._told_error = ""
        self.picture_ready.emit(rendered)
        self._drawn_path = rendered.request.checkpoint_path
        if not rendered.is_coarse:
            self._picture_ms = rendered.elapsed_ms / max(1, len(rendered.pixels))
            self._unkept = rendered  # thumbnails of what a drag passes by are not worth the time

    def _tell_device(self, name: str) -> None:
        if name != self._told_device:
            self._told_device = name
            self.device_known.emit(name)

    def _tell_note(self, note: str) -> None:
        if note != self._told_note:
            self._told_note = note
            if note:
                self.noticed.emit(note)

    def _tell_loading(self, path: str | None) -> None:
        loading = path if path is not None and self.shelf.find(path) is None else None
        if loading != self._loading:
            self._loading = loading
            self.loading_changed.emit(None if loading is None else Path(loading))

    def _tell_pace(self, ask: Ask, part: Rendered) -> None:
        now = time.perf_counter()
        is_first, gap = self._last_answer_at == 0.0, now - self._last_answer_at
        self._last_answer_at = now
        if not is_first:  # the first waited for the engine to load, which says nothing about drawing
            shown = part.pixels.shape[1] if len(part.pixels) else 0
            rate = 1 / gap if 0 < gap < _FOLLOWING_S else 0.0
            self.pace_measured.emit(Pace((now - ask.asked_at) * 1000, rate, shown, part.full_px))

    def _keep_thumbnails(self, rendered: Rendered) -> None:
        for look, pixels in zip(_looks_of(rendered), rendered.pixels, strict=True):
            if self._thumbnails.keep(rendered.request.checkpoint_path, look, pixels):
                self.thumbnail_ready.emit(look)

    def _keep_strip(self, rendered: Rendered) -> None:
        looks = _looks_of(rendered)
        for look, pixels in zip(looks, rendered.pixels, strict=True):
            if not rendered.is_coarse:
                self._strips.keep(rendered.request.checkpoint_path, look, pixels)
        self.strip_ready.emit(tuple(looks))

    def _plan_idle_work(self) -> None:
        is_calibrated = self._document.state.checkpoint in self._calibrated
        has_work = (
            self._unkept is not None
            or self._layers is not None
            or self._strips.has_wishes
            or self._thumbnails.has_wishes
            or not is_calibrated
        )
        if has_work and self._awaited is None and not self._idle.isActive() and not self._is_shut_down:
            self._idle.start(_STRIP_MS if self._strips.has_wishes else _IDLE_MS)

    def _do_idle_work(self) -> None:
        """Look into layers, draw some thumbnails that are still of use, or calibrate; all give way to the canvas."""
        if self._unkept is not None:
            self._keep_thumbnails(self._unkept)
            self._unkept = None
        state = self._document.state
        if self._worker is None or state.checkpoint is None or self._awaited is not None or self._is_expected():
            return
        if self._layers is not None:
            if self._minor is None or self._minor.request != self._layers:
                self._submit_minor(self._layers, "layers")
            return
        if self._minor is not None:
            return  # asked for twice it would be begun twice
        count = min(max(1, int(_THUMBNAILS_MS / max(self._picture_ms, 1e-3))), _THUMBNAILS_AT_ONCE)
        if strip := self._strips.choose_wanted(self._strip_looks, max(count, _STRIP_AT_ONCE)):
            directions = state.directions_of(strip)
            request = RenderRequest(state.checkpoint, strip, 1, _STRIP_PX, directions, is_rough=True)
            self._submit_minor(request, "strip")
            return
        entries = (*state.history, *state.favourites)
        kept = (entry.look for entry in entries if entry.is_same(entry.look, state.checkpoint))
        seen = (*kept, *chain.from_iterable(self._watched.values()))
        looks = self._thumbnails.choose_wanted(seen, count)
        request = RenderRequest(state.checkpoint, looks, size_px=DRAWN_PX, directions=state.directions_of(looks))
        if looks:
            self._submit_minor(request, "thumbnails")
        elif state.checkpoint not in self._calibrated:
            self._submit_minor(request, "calibration")

    def _submit_minor(self, request: RenderRequest | LayerRequest, purpose: Purpose) -> None:
        if self._worker is not None:
            self._minor = Ask(request, purpose, time.perf_counter(), self.device)
            self._worker.submit(self._minor)

    def _is_expected(self) -> bool:
        return self._expected is not None and self._expected == self._document.state.checkpoint

    def _on_worker_failed(self, ask: Ask, error: BaseException) -> None:
        if isinstance(ask.request, LayerRequest):
            self._layers = None if ask.request == self._layers else self._layers
            self.layers_failed.emit(ask.request, error)
        elif ask.purpose == "strip":
            self._strips.give_up(ask.request.looks)
        elif ask.purpose == "thumbnails":
            self._thumbnails.give_up(ask.request.looks)
        elif ask.purpose == "calibration":
            self._calibrated.add(ask.request.checkpoint_path)  # it would fail again
        elif ask.request.checkpoint_path == self._document.state.checkpoint and str(error) != self._told_error:
            self._told_error = str(error)  # a drag that fails is told once, not at every step
            self.failed.emit(error)


def grid_px(side: int) -> int:
    """Height and width that the pictures of a grid are brought down to: about what a large screen can show of them."""
    return 1 << max(6, (_LARGEST_SCREEN // side - 1).bit_length())


def _looks_of(rendered: Rendered) -> list[Look]:
    return [rendered.request.looks[place] for place in rendered.places]
