"""What a worker that draws does with what it is asked: opens models, moves them, draws, gives memory back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ganstudio.rendering.layer_request import LayerMaps, LayerRequest
from ganstudio.rendering.opening import draw_fitting_parts
from ganstudio.rendering.request import Rendered, RenderRequest
from ganstudio.rendering.shelf import RendererShelf, stamp_of

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

Purpose = Literal["canvas", "playback", "strip", "thumbnails", "calibration", "layers", "frames"]


@dataclass(frozen=True)
class Ask:
    """A request and what it is for.

    Attributes:
        request: What to draw, or what to look into; of a calibration only the checkpoint counts.
        purpose: All but "canvas" and "playback" is done while nothing else is to do, and given up for them.
        asked_at: When, by `time.perf_counter`.
        device: "auto", "cpu" or "cuda".
    """

    request: RenderRequest | LayerRequest
    purpose: Purpose
    asked_at: float
    device: str = "auto"

    @property
    def is_minor(self) -> bool:
        """Whether it gives way at once to any other."""
        return self.purpose not in ("canvas", "playback")


@dataclass(frozen=True)
class Calibrated:
    """The coarse pictures of a model have the right colours now."""

    checkpoint_path: str


Answer = Rendered | Calibrated | LayerMaps


def make_answerer(shelf: RendererShelf) -> Callable[[Ask], Iterator[Answer | None]]:
    """Make the function that answers in parts; runs in the worker, which opens a model itself where nobody brought it.

    Args:
        shelf: Where renderers are kept.
    """
    import torch

    from ganstudio.devices import default_threads

    torch.set_num_threads(default_threads())
    return _Answerer(shelf)


class _Answerer:
    def __init__(self, shelf: RendererShelf) -> None:
        self._shelf = shelf
        self._last: Renderer | None = None

    def __call__(self, ask: Ask) -> Iterator[Answer | None]:
        renderer = self._find(ask.request.checkpoint_path, ask.device)
        if self._last is not None and renderer is not self._last:
            self._last.release()
        self._last = renderer
        renderer.ask_device(ask.device)
        if isinstance(ask.request, LayerRequest):
            from ganstudio.rendering.layer_view import look_in_steps  # late: few look

            return look_in_steps(renderer, ask.request)
        return _calibrate(renderer, ask) if ask.purpose == "calibration" else draw_fitting_parts(renderer, ask.request)

    def _find(self, path: str, device: str) -> "Renderer":
        from ganstudio.rendering.renderer import Renderer

        renderer = self._shelf.find(path)
        if renderer is None:
            stamp = stamp_of(path)
            renderer = Renderer(Path(path), device)
            self._shelf.put(path, renderer, stamp)
        return renderer


def _calibrate(renderer: "Renderer", ask: Ask) -> Iterator[Calibrated | None]:
    yield from renderer.calibrate()
    yield Calibrated(ask.request.checkpoint_path)
