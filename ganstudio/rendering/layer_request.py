"""What is asked of a network's inside, and the answer: plain data, without torch."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from ganstudio.errors import GanStudioError
from ganstudio.images import Pixels
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection

MAP_COUNT = 64

Order = Literal["varied", "first"]
Floats = npt.NDArray[np.float32]


class LayerViewError(GanStudioError):
    """A layer that there is not, or that shows nothing."""


@dataclass(frozen=True)
class NetworkLayer:
    """One layer of a network, as its output is seen.

    Attributes:
        name: Path of its module.
        kind: "convolution", "linear", "normalisation", "activation", "resampling", "attention" or "block".
        shape: `(C, H, W)` of its feature maps, or `(F,)` of its vector.
    """

    name: str
    kind: str
    shape: tuple[int, ...]

    @property
    def has_maps(self) -> bool:
        """Whether it makes feature maps, not a vector."""
        return len(self.shape) == 3

    @property
    def size(self) -> str:
        """Its shape in words."""
        return " \N{MULTIPLICATION SIGN} ".join(f"{side}" for side in self.shape)


@dataclass(frozen=True)
class LayerRequest:
    """Feature maps that are wanted, of one picture.

    Attributes:
        checkpoint_path: The model.
        look: The picture.
        layer: Name of the layer; "" for one in the middle of the network.
        order: Which channels where there are more than fit: "varied" (of the largest deviation) or "first".
        common_range: Whether all maps are shown on one scale, not each on its own.
        count: How many maps at most.
        channel: One that is shown in any case, or None.
        lists_layers: Whether all layers are wanted to choose from; takes one picture more.
        directions: Those that the look names and the checkpoint does not carry.
    """

    checkpoint_path: str
    look: Look
    layer: str = ""
    order: Order = "varied"
    common_range: bool = False
    count: int = MAP_COUNT
    channel: int | None = None
    lists_layers: bool = False
    directions: tuple[OwnDirection, ...] = ()


@dataclass(frozen=True, eq=False)
class Spectra:
    """Spectra of the maps shown, in dB of white noise of the same variance; see `rendering/spectrum.py`.

    Attributes:
        frequencies: Cycles per pixel of the map, `(F,)`.
        curves: One radial average a map, `(N, F)`.
        mean_curve: Of the mean power of the maps, `(F,)`.
        pictures: The spectra as grey pictures `(N, S, S, 1)`, frequency 0 in the middle, from `PICTURE_DB`.
        mean_picture: Likewise of the mean power, `(S, S, 1)`.
    """

    frequencies: Floats
    curves: Floats
    mean_curve: Floats
    pictures: Pixels = field(repr=False)
    mean_picture: Pixels = field(repr=False)


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """The answer to a `LayerRequest`.

    Attributes:
        request: What was asked for.
        layer: Which layer it is.
        layers: All layers in the order in which they run, where they were asked for.
        channels: Numbers of the channels shown, `N` of them.
        pixels: Their maps in grey, uint8 `(N, H, W, 1)`; a vector is one map, row by row.
        ranges: The values shown as black and as white, for each map.
        mean: Of all values of the layer.
        deviation: Likewise, the standard deviation.
        dead: Share of channels that are zero everywhere, 0 to 1.
        spectra: None for a vector.
        elapsed_ms: What it took.
    """

    request: LayerRequest
    layer: NetworkLayer
    layers: tuple[NetworkLayer, ...]
    channels: tuple[int, ...]
    pixels: Pixels = field(repr=False)
    ranges: tuple[tuple[float, float], ...]
    mean: float
    deviation: float
    dead: float
    spectra: Spectra | None
    elapsed_ms: float
