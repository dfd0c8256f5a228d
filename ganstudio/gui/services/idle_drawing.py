"""What is drawn while nobody waits for the canvas: layers, strips, thumbnails, colours of coarse pictures, frames."""

from collections.abc import Callable
from itertools import chain

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from ganstudio.gui.document import Document
from ganstudio.gui.services.thumbnails import DRAWN_PX, Thumbnails
from ganstudio.rendering.answering import Answer, Ask, Calibrated, Purpose
from ganstudio.rendering.layer_request import LayerMaps, LayerRequest
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import Rendered, RenderRequest

_THUMBNAILS_AT_ONCE = 16
_THUMBNAILS_MS = 30.0  # a new wish for the canvas never waits longer than about this for thumbnails
_IDLE_MS = 150
_FILLING_MS = 5  # between batches of frames: they give way, so nothing is won by waiting
_STRIP_MS = 15  # somebody looks at it and waits
_STRIP_PICTURES = 800

Filler = Callable[[int], RenderRequest | None]


class IdleDrawing(QObject):
    """Asks for one thing after the other, whenever the canvas leaves time; whatever is asked for here gives way to it.

    Args:
        document: Whose pictures they are.
        submit: Hands an ask for a purpose to the worker; None where there is none yet.
        is_free: Whether the canvas leaves time.

    Signals:
        thumbnail_ready(look): `thumbnail` of this look has come to be.
        strip_ready(looks): These pictures of strips have come to be.
        layers_ready(maps): The answer to `ask_layers` (`LayerMaps`).
        layers_failed(request, error): There is none.
        frames_ready(rendered): Frames that were drawn ahead.
    """

    thumbnail_ready = Signal(object)
    strip_ready = Signal(object)
    layers_ready = Signal(object)
    layers_failed = Signal(object, object)
    frames_ready = Signal(object)

    def __init__(
        self,
        document: Document,
        submit: Callable[[RenderRequest | LayerRequest, Purpose], Ask | None],
        is_free: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._submit, self._is_free = document, submit, is_free
        self._thumbnails = Thumbnails()
        self._strips = Thumbnails(_STRIP_PICTURES)
        self._strip_looks: tuple[Look, ...] = ()
        self._watched: dict[str, tuple[Look, ...]] = {}
        self._layers: LayerRequest | None = None
        self._filler: Filler | None = None
        self._minor: Ask | None = None
        self._unkept: Rendered | None = None
        self._picture_ms = _THUMBNAILS_MS
        self.calibrated: set[str] = set()
        self._timer = QTimer(self, singleShot=True, interval=_IDLE_MS)
        self._timer.timeout.connect(self.work)

    @property
    def has_wishes(self) -> bool:
        """Whether somebody waits for a thumbnail."""
        return self._thumbnails.has_wishes

    @property
    def strip_looks(self) -> tuple[Look, ...]:
        """The pictures of strips that somebody sees."""
        return self._strip_looks

    def pause(self) -> None:
        """Ask for nothing until `plan` is called again."""
        self._timer.stop()

    def plan(self, is_filling: bool = False) -> None:
        """Go on in a moment, if there is something to do.

        Args:
            is_filling: Whether frames have just been drawn ahead, in full.
        """
        has_work = (
            self._unkept is not None
            or self._layers is not None
            or self._strips.has_wishes
            or self._thumbnails.has_wishes
            or self._filler is not None
            or self._document.state.checkpoint not in self.calibrated
        )
        if has_work and self._is_free() and not self._timer.isActive():
            pause = _STRIP_MS if self._strips.has_wishes else _FILLING_MS if is_filling else _IDLE_MS
            self._timer.start(pause)

    def note_picture(self, rendered: Rendered) -> None:
        """Take note of what the canvas shows in full; it becomes a thumbnail when a drag has passed."""
        self._picture_ms = rendered.elapsed_ms / max(1, len(rendered.pixels))
        self._unkept = rendered

    def leave_model(self) -> None:
        """Wait no longer for pictures of the model that was open; the last one is kept."""
        self._keep_last()
        self._thumbnails.give_up()
        self._strips.give_up()

    def forget(self, path: str) -> None:
        """Let go of all pictures of a model."""
        self.calibrated.discard(path)
        self._thumbnails.forget(path)
        self._strips.forget(path)

    # What is wanted

    def ask_layers(self, request: LayerRequest | None) -> None:
        """Look into a model; the newest request replaces one before it, None all."""
        self._layers = request
        self.plan()

    def fill_frames(self, filler: Filler | None) -> None:
        """Draw frames ahead as long as there are some; None: no longer."""
        self._filler = filler
        self.plan()

    def thumbnail(self, look: Look, checkpoint: str | None) -> QImage | None:
        """The small picture of a look; see `RenderingService.thumbnail`."""
        current = self._document.state.checkpoint
        if checkpoint not in (None, current):
            return self._thumbnails.known(checkpoint or "", look)
        found = self._thumbnails.find(current or "", look)
        if found is None:
            self.plan()
        return found

    def watch(self, watcher: str, looks: tuple[Look, ...]) -> None:
        """Take note of looks beside the history's whose thumbnails somebody is to see; () when no longer."""
        self._watched[watcher] = looks
        self.plan()

    def watch_strips(self, looks: tuple[Look, ...]) -> None:
        """Draw these small pictures, the first ones first; () when no longer."""
        if looks == self._strip_looks:
            return
        self._strip_looks = looks
        path = self._document.state.checkpoint or ""
        for look in looks:
            self._strips.find(path, look)
        self._strips.choose_wanted(looks, 0)
        self.plan()

    def strip_picture(self, look: Look) -> QImage | None:
        """A picture of a strip with the open model; None while it is not drawn."""
        return self._strips.known(self._document.state.checkpoint or "", look)

    # What is done

    def work(self) -> None:
        """Ask for the next thing: layers, strips, thumbnails that are still of use, colours, frames."""
        self._keep_last()
        state = self._document.state
        if state.checkpoint is None or not self._is_free():
            return
        if self._layers is not None:
            if self._minor is None or self._minor.request != self._layers:
                self._minor = self._submit(self._layers, "layers")
            return
        if self._minor is not None:
            return  # asked for twice it would be begun twice
        count = min(max(1, int(_THUMBNAILS_MS / max(self._picture_ms, 1e-3))), _THUMBNAILS_AT_ONCE)
        if strip := self._strips.choose_wanted(self._strip_looks, count):
            self._draw_small(strip, "strip")
        elif looks := self._thumbnails.choose_wanted(self._seen(), count):
            self._draw_small(looks, "thumbnails")
        elif state.checkpoint not in self.calibrated:
            self._draw_small((), "calibration")
        else:
            self._fill(count)

    def _seen(self) -> tuple[Look, ...]:
        """The looks whose thumbnails are of use."""
        state = self._document.state
        entries = (*state.history, *state.favourites)
        kept = (entry.look for entry in entries if entry.is_same(entry.look, state.checkpoint))
        return (*kept, *chain.from_iterable(self._watched.values()))

    def _draw_small(self, looks: tuple[Look, ...], purpose: Purpose) -> None:
        state = self._document.state
        path, directions = state.checkpoint or "", state.directions_of(looks)
        request = RenderRequest(path, looks, size_px=DRAWN_PX, directions=directions)
        self._minor = self._submit(request, purpose)

    def _fill(self, count: int) -> None:
        """Draw some of the frames that are missing."""
        request = None if self._filler is None else self._filler(count)
        if request is None:
            self._filler = None
        elif request.looks:
            self._minor = self._submit(request, "frames")

    # What has come of it

    def take(self, ask: Ask, answer: Answer) -> None:
        """Take in an answer to something that was asked for here."""
        if isinstance(answer, Calibrated):
            self.calibrated.add(answer.checkpoint_path)
        elif isinstance(answer, LayerMaps):
            if answer.request == self._layers:
                self._layers = None
                self.layers_ready.emit(answer)
        elif ask.request.checkpoint_path != self._document.state.checkpoint:
            return
        elif ask.purpose == "frames":
            self.frames_ready.emit(answer)
        elif ask.purpose == "strip":
            self._keep_strip(answer)
        else:
            self._keep_thumbnails(answer)

    def end(self, ask: Ask) -> None:
        """Take note that an ask has ended, or that one for the canvas has taken its place."""
        if ask is self._minor or not ask.is_minor:
            self._minor = None  # it has ended, or gave way before it was begun

    def fail(self, ask: Ask, error: BaseException) -> None:
        """Give up what could not be drawn."""
        if isinstance(ask.request, LayerRequest):
            self._layers = None if ask.request == self._layers else self._layers
            self.layers_failed.emit(ask.request, error)
        elif ask.purpose == "strip":
            self._strips.give_up(ask.request.looks)
        elif ask.purpose == "thumbnails":
            self._thumbnails.give_up(ask.request.looks)
        elif ask.purpose == "frames":
            self._filler = None  # they would fail again
        elif ask.purpose == "calibration":
            self.calibrated.add(ask.request.checkpoint_path)  # likewise

    def _keep_last(self) -> None:
        if self._unkept is not None:
            self._keep_thumbnails(self._unkept)
            self._unkept = None

    def _keep_thumbnails(self, rendered: Rendered) -> None:
        path = rendered.request.checkpoint_path
        for look, pixels in zip(_looks_of(rendered), rendered.pixels, strict=True):
            if self._thumbnails.keep(path, look, pixels):
                self.thumbnail_ready.emit(look)

    def _keep_strip(self, rendered: Rendered) -> None:
        looks = _looks_of(rendered)
        for look, pixels in zip(looks, rendered.pixels, strict=True):
            if not rendered.is_coarse:
                self._strips.keep(rendered.request.checkpoint_path, look, pixels)
        self.strip_ready.emit(tuple(looks))


def _looks_of(rendered: Rendered) -> list[Look]:
    return [rendered.request.looks[place] for place in rendered.places]
