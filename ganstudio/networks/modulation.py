"""Where w enters a synthesis: one affine map from w to the styles of a layer's channels, for each layer."""

import math
from dataclasses import dataclass, field

from torch import Tensor, nn

from ganstudio.networks.style_layers import Dense


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


def modulation_of(layer: nn.Module | Tensor, name: str, w_index: int, *, colours: bool = False) -> Modulation:
    """Read the affine map of a layer off it.

    Args:
        layer: What maps w to styles.
        name: Where it is.
        w_index: Which w it takes.
        colours: Whether it is for colours.

    Raises:
        TypeError: A layer that is not linear.
    """
    if not isinstance(layer, Dense | nn.Linear):
        raise TypeError(f"{name} is no linear layer")
    weight, bias = layer.weight.detach(), layer.bias.detach()
    if isinstance(layer, Dense):
        weight = weight * (layer.rate / math.sqrt(weight.shape[1]))
        bias = bias * layer.rate
    return Modulation(layer, name, w_index, weight, bias, colours)
