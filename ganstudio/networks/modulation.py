"""Where w enters a synthesis: one affine map from w to the styles of a layer's channels, for each layer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from torch import Tensor, nn

from ganstudio.networks.style_layers import Dense


@dataclass(frozen=True, eq=False)
class Affine:
    """Which part of a network makes styles of w.

    Attributes:
        layer: The linear layer that maps w to styles.
        name: Where that is in the network.
        w_index: Which of the num_ws it takes.
        stage: Which layer of the synthesis takes the styles, or whose end the colours that take them belong to; -1 for
            what comes before all layers.
        colours: Whether they are for colours.
    """

    layer: nn.Module = field(repr=False)
    name: str
    w_index: int
    stage: int
    colours: bool = False

    @property
    def channels(self) -> int:
        """How many styles it makes."""
        return len(_linear(self).weight)


@dataclass(frozen=True, eq=False)
class Modulation:
    """The affine map of one layer: `styles = weight @ w + bias`.

    Attributes:
        layer: The layer of the network that maps w to styles.
        name: Where that is in the network.
        w_index: Which of the num_ws it takes.
        weight: `(C, w_dim)`, as it is when used.
        bias: `(C,)`.
        colours: Whether its layer makes colours.
    """

    layer: nn.Module = field(repr=False)
    name: str
    w_index: int
    weight: Tensor = field(repr=False)
    bias: Tensor = field(repr=False)
    colours: bool = False

    def styles(self, w: Tensor) -> Tensor:
        """The styles `(N, C)` of w `(N, w_dim)`."""
        return nn.functional.linear(w, self.weight, self.bias)


class StylePlaces:
    """Where the styles of each affine map are among those of all layers, one after another.

    Args:
        affines: In the order of the layers that take them.
    """

    def __init__(self, affines: Sequence[Affine]) -> None:
        self._places: dict[str, slice] = {}
        self._stages: list[tuple[int, int]] = []  # which layer takes them, and how many there are up to them
        end = 0
        for affine in affines:
            self._places[affine.name] = slice(end, end + affine.channels)
            end += affine.channels
            self._stages.append((affine.stage, end))

    def of(self, name: str) -> slice:
        """The place of the map of this name."""
        return self._places[name]

    def first(self, layers: int) -> int:
        """How many styles, counted from the first, the first so many layers depend on."""
        return max((end for stage, end in self._stages if stage < layers), default=0)


def styles_of(layer: nn.Module, w: Tensor, step: Tensor | None) -> Tensor:
    """The styles `(N, C)` that a linear layer makes of w `(N, w_dim)`, moved by a step `(N, C)` where there is one."""
    styles: Tensor = layer(w)
    return styles if step is None else styles + step


def modulation_of(affine: Affine) -> Modulation:
    """Read the affine map of a layer off it.

    Raises:
        TypeError: A layer that is not linear.
    """
    layer = _linear(affine)
    weight, bias = layer.weight.detach(), layer.bias.detach()
    if isinstance(layer, Dense):
        weight = weight * (layer.rate / math.sqrt(weight.shape[1]))
        bias = bias * layer.rate
    return Modulation(layer, affine.name, affine.w_index, weight, bias, affine.colours)


def _linear(affine: Affine) -> Dense | nn.Linear:
    if not isinstance(affine.layer, Dense | nn.Linear):
        raise TypeError(f"{affine.name} is no linear layer")
    return affine.layer
