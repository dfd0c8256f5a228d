"""Shows what two models would make together, before anything is written; for a worker of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ganstudio.checkpoints.mixing.shares import MixShares
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.opening import draw_fitting_parts
from ganstudio.rendering.request import Rendered, RenderRequest
from ganstudio.rendering.shelf import stamp_of

if TYPE_CHECKING:
    from ganstudio.checkpoints.mixing.mixer import ModelMixer
    from ganstudio.rendering.renderer import Renderer

Side = Literal["first", "mixed", "second"]


@dataclass(frozen=True)
class MixAsk:
    """What to show.

    Attributes:
        first: File of the model that a share of 0 is.
        second: File of the model that a share of 1 is.
        shares: What each part takes of the second; None for half of everything.
        look: How the pictures are made.
        directions: Those that it goes along and that no checkpoint carries.
        device: "auto", "cpu" or "cuda".
        sides: Which pictures are wanted, in this order.
        size_px: Pictures are averaged down to this height and width if they are larger.
    """

    first: Path
    second: Path
    shares: MixShares | None = None
    look: Look = Look()  # noqa: RUF009 - a frozen value
    directions: tuple[OwnDirection, ...] = ()
    device: str = "auto"
    sides: tuple[Side, ...] = ("mixed", "first", "second")
    size_px: int = 256


@dataclass(frozen=True)
class MixPicture:
    """A picture of one of the two models, or of the one in between.

    Attributes:
        side: Which.
        rendered: The picture, or a coarse one before it.
        sizes: The resolutions of the layers of both, in pixels.
    """

    side: Side
    rendered: Rendered = field(repr=False)
    sizes: tuple[int, ...]


def make_mix_answerer() -> Callable[[MixAsk], Iterator[MixPicture | None]]:
    """Make the function that answers in parts; raises GanStudioError for models that do not go together."""
    import torch

    from ganstudio.devices import default_threads

    torch.set_num_threads(default_threads())
    return _Previewer()


class _Previewer:
    """Keeps the two models of the last question."""

    def __init__(self) -> None:
        self._pair: tuple[object, ...] = ()
        self._mixer: ModelMixer | None = None
        self._ends: dict[Side, Renderer] = {}

    def __call__(self, ask: MixAsk) -> Iterator[MixPicture | None]:
        from ganstudio.rendering.renderer import Renderer

        mixer = self._mixer_of(ask)
        for side in ask.sides:
            renderer = self._ends.get(side)
            if renderer is None:
                shares = ask.shares or MixShares.everywhere(mixer.sizes, 0.5)
                renderer = Renderer(mixer.mix(shares), ask.device)
            for part in _draw(renderer, ask):
                yield None if part is None else MixPicture(side, part, mixer.sizes)

    def _mixer_of(self, ask: MixAsk) -> "ModelMixer":
        from ganstudio.checkpoints.catalogue import read
        from ganstudio.checkpoints.mixing.mixer import ModelMixer
        from ganstudio.rendering.renderer import Renderer

        pair = tuple((path, stamp_of(str(path))) for path in (ask.first, ask.second))
        if self._mixer is None or pair != self._pair:
            self._mixer, self._ends = None, {}
            first, second = read(ask.first), read(ask.second)
            self._mixer = ModelMixer(first, second)
            self._ends = {"first": Renderer(first, ask.device), "second": Renderer(second, ask.device)}
            self._pair = pair
        return self._mixer


def _draw(renderer: "Renderer", ask: MixAsk) -> Iterator[Rendered | None]:
    request = RenderRequest(str(ask.first), (ask.look,), size_px=ask.size_px, directions=ask.directions)
    return draw_fitting_parts(renderer, request)
