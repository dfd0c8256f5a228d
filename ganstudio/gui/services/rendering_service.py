"""Pictures for the window: asks a renderer in a worker thread for what the document wants to see."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import LatestOnly
from ganstudio.gui.services.idle_drawing import IdleDrawing
from ganstudio.gui.widgets.pixels import Pixels
from ganstudio.project.state import Project
from ganstudio.rendering.answering import Answer, Ask, Purpose, make_answerer
from ganstudio.rendering.layer_request import LayerRequest
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Gathering, Rendered, RenderRequest
from ganstudio.rendering.shelf import RendererShelf

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

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
        frames_ready(rendered): Frames of an animation, those of `play_frames` or of `fill_frames`, coarse or in full.
        frames_ended(): No more come of what `play_frames` asked for last.
        forgot(path): Nothing is known of a model any more.
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
    frames_ready = Signal(object)
    frames_ended = Signal()
    forgot = Signal(str)

    def __init__(self, document: Document, device: str = "auto", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.device = device
        self.shelf = RendererShelf()
        self._expected: str | None = None
        self._brought: Rendered | None = None
        self._loading: str | None = None
        self._drawn_path: str | None = None
        self._instead: Look | None = None
        self._moment: Look | None = None
        self._modulate: Callable[[Look], Look] | None = None
        self._is_playing = False
        self._played: Ask | None = None
        self._reference_of: Callable[[Look], Look] | None = None
        self.reference: Reference | None = None
        self._worker: LatestOnly | None = None
        self._last_answer_at = 0.0
        self._told_device = ""
        self._told_error = ""
        self._told_note = ""
        self._gathering: Gathering | None = None
        self._asked: RenderRequest | None = None
        self._awaited: Ask | None = None
        self._is_shut_down = False
        self.idle = IdleDrawing(document, self._submit_minor, self._is_free, self)
        for name in ("thumbnail_ready", "strip_ready", "layers_ready", "layers_failed", "frames_ready"):
            getattr(self.idle, name).connect(getattr(self, name))
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
            self.idle.calibrated.clear()
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
        self.idle.calibrated.discard(path)
        self._brought = first
        if self._expected == path:
            self._expected = None
        if self._document.state.checkpoint == path:
            self.refresh()

    def forget(self, path: str) -> None:
        """Know nothing of a model any more, because its file is to be read in another way."""
        self.shelf.drop(path)
        self._drawn_path = None
        self.idle.forget(path)
        self.forgot.emit(path)

    def refresh(self) -> None:
        """Ask for what the document wants to see."""
        self._asked = self._current_request()
        self._awaited = None
        if self._asked is None or self._asked.checkpoint_path == self._expected:
            return
        if self._brought is not None and self._brought.request == self._asked:
            QTimer.singleShot(0, self, self._show_brought)  # when all others have heard of the change, too
        elif self._worker is not None:
            self.idle.pause()
            if self._asked.checkpoint_path != self._drawn_path:
                self._tell_loading(self._asked.checkpoint_path)
            self._played = None  # its frames may be given up for this
            self._awaited = Ask(self._asked, "canvas", time.perf_counter(), self.device)
            self._worker.submit(self._awaited)
            time.sleep(_HANDOVER_S)

    def ask_layers(self, request: LayerRequest | None) -> None:
        """Look into a model when nothing else is to do; the newest request replaces one before it, None all."""
        self.idle.ask_layers(request)

    def show_instead(self, look: Look | None) -> None:
        """Show another look than the document's for a while ("before"); None goes back."""
        if look != self._instead:
            self._instead = look
            self.refresh()

    def show_moment(self, look: Look | None) -> None:
        """Show a moment of an animation, which leaves the document as it is; None: what the document has."""
        self._moment = look
        if not self._is_playing and self._current_request() != self._asked:
            self.refresh()

    @property
    def moment(self) -> Look | None:
        """What is shown in the place of the document's picture."""
        return self._moment

    def modulate_with(self, modulate: Callable[[Look], Look] | None) -> None:
        """Change whatever is shown on its way to the canvas, while nothing plays; None: no longer.

        To be called again whenever it gives something else; the document stays as it is.
        """
        self._modulate = modulate
        if not self._is_playing and self._current_request() != self._asked:
            self.refresh()

    def set_playing(self, is_playing: bool) -> None:
        """Draw nothing but `play_frames` and what the person changes, for an animation plays; or no longer."""
        self._is_playing = is_playing
        if is_playing:
            self.idle.pause()
        else:
            self.refresh()
            self.idle.plan()

    def play_frames(self, request: RenderRequest) -> None:
        """Draw frames that are due; they come with `frames_ready`."""
        if self._worker is not None:
            self._played = Ask(request, "playback", time.perf_counter(), self.device)
            self._worker.submit(self._played)

    @property
    def awaits_frames(self) -> bool:
        """Whether what `play_frames` asked for last is still being drawn."""
        return self._played is not None

    def fill_frames(self, filler: Callable[[int], RenderRequest | None] | None) -> None:
        """Draw frames ahead while nothing else is to do, as long as there are some; None: no longer.

        Args:
            filler: Gives a request for up to so many that are missing, or None.
        """
        self.idle.fill_frames(filler)

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
        return self.idle.thumbnail(look, checkpoint)

    def watch(self, watcher: str, looks: tuple[Look, ...]) -> None:
        """Take note of looks beside the history's whose thumbnails somebody is to see; () when no longer."""
        self.idle.watch(watcher, looks)

    def watch_strips(self, looks: tuple[Look, ...]) -> None:
        """Draw these small pictures, the first ones first, as soon as the canvas leaves time; () when no longer."""
        self.idle.watch_strips(looks)

    def strip_picture(self, look: Look) -> QImage | None:
        """A picture of a strip with the open model; None while it is not drawn."""
        return self.idle.strip_picture(look)

    def begin_shutdown(self) -> None:
        """Stop drawing, because the window closes."""
        self._is_shut_down = True
        self.idle.pause()
        if self._worker is not None:
            self._worker.close(0)

    def is_shut_down(self) -> bool:
        """Whether the worker has ended."""
        return self._worker is None or self._worker.close(0)

    def _current_request(self) -> RenderRequest | None:
        state = self._document.state
        if state.checkpoint is None or self._document.description is None:
            return None
        if state.view == "grid" and self._moment is None:
            looks, size_px = state.grid_looks, grid_px(state.grid_side)
            return RenderRequest(state.checkpoint, looks, state.grid_side, size_px, state.directions_of(looks))
        look = self._moment or state.look
        look = self._instead or (look if self._modulate is None else self._modulate(look))
        looks = (look, *self._missing_reference(state.checkpoint, look))
        return RenderRequest(state.checkpoint, looks, directions=state.directions_of(looks))

    def _missing_reference(self, path: str, look: Look) -> tuple[Look, ...]:
        """What a look is compared with, unless it is drawn already."""
        is_single = self._moment is not None or self._document.state.view == "single"
        is_seen = self._instead is None and is_single
        if self._reference_of is None or not is_seen:
            return ()
        wanted, known = self._reference_of(look), self.reference
        is_known = known is not None and (known.path, known.look) == (path, wanted) and not known.is_coarse
        return () if is_known else (wanted,)

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if new.checkpoint != old.checkpoint:
            self.idle.leave_model()
            self._told_error = ""
        if self._current_request() != self._asked:
            self.refresh()

    def _show_brought(self) -> None:
        rendered, self._brought = self._brought, None
        if rendered is not None and rendered.request == self._asked:
            self._tell_device(rendered.device)
            self._take(rendered)
            self.idle.plan()

    def _on_worker_answered(self, ask: Ask, answer: Answer) -> None:
        is_of_open = ask.request.checkpoint_path == self._document.state.checkpoint
        if is_of_open and isinstance(answer, Rendered):
            self._tell_loading(None)
        if ask.is_minor:
            self.idle.take(ask, answer)
        elif is_of_open and isinstance(answer, Rendered):
            if ask.purpose == "playback":
                self.frames_ready.emit(answer)
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

    def _on_worker_ended(self, ask: Ask, in_full: bool) -> None:
        if ask is self._awaited:
            self._awaited = None
            self._tell_loading(None)
        self.idle.end(ask)
        if ask is self._played:
            self._played = None
            self.frames_ended.emit()
        self.idle.plan(is_filling=ask.purpose == "frames" and in_full)

    def _take(self, rendered: Rendered) -> None:
        self._told_error = ""
        self.picture_ready.emit(rendered)
        self._drawn_path = rendered.request.checkpoint_path
        if not rendered.is_coarse:
            self.idle.note_picture(rendered)

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

    def _submit_minor(self, request: RenderRequest | LayerRequest, purpose: Purpose) -> Ask | None:
        if self._worker is None:
            return None
        ask = Ask(request, purpose, time.perf_counter(), self.device)
        self._worker.submit(ask)
        return ask

    def _is_free(self) -> bool:
        """Whether nothing is to be drawn for the canvas, so that other things may be."""
        is_expected = self._expected is not None and self._expected == self._document.state.checkpoint
        is_able = self._worker is not None and not self._is_shut_down
        return is_able and self._awaited is None and not self._is_playing and not is_expected

    def _on_worker_failed(self, ask: Ask, error: BaseException) -> None:
        if ask.is_minor:
            self.idle.fail(ask, error)
        elif ask.request.checkpoint_path == self._document.state.checkpoint and str(error) != self._told_error:
            self._told_error = str(error)  # a drag that fails is told once, not at every step
            self.failed.emit(error)


def grid_px(side: int) -> int:
    """Height and width that the pictures of a grid are brought down to: about what a large screen can show of them."""
    return 1 << max(6, (_LARGEST_SCREEN // side - 1).bit_length())
