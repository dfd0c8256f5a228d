"""What a layer of any network makes of latents, without drawing what comes after it."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.networks.base import Generator, MappedGenerator, last_of
from ganstudio.networks.layer_steps import LayerSteps
from ganstudio.networks.noise import CONSTANT


class _ReachedError(Exception):
    """The layer that was waited for has made its maps."""

    def __init__(self, maps: Tensor) -> None:
        super().__init__()
        self.maps = maps


@dataclass(frozen=True, eq=False)
class _Stop(LayerSteps):
    """Moves nothing, and ends the drawing after a layer."""

    last: int = 0

    def move(self, number: int, maps: Tensor) -> Tensor:
        """See `LayerSteps`."""
        if number == self.last:
            raise _ReachedError(maps)
        return maps


@torch.inference_mode()
def activations(generator: Generator, layer: int, z: Tensor, labels: Tensor | None = None) -> Tensor:
    """The maps `(N, C, H, W)`, or vectors `(N, C)`, after a layer or block; their places as steps are taken there.

    Args:
        generator: In evaluation mode.
        layer: Its number; see `GeneratorSpec.feature_widths`.
        z: `(N, z_dim)`, on the generator's device.
        labels: See `networks.classes`.

    Raises:
        ValueError: The network has no such layer, or does not show it.
    """
    try:
        if isinstance(generator, MappedGenerator):
            generator.synthesise(generator.map(z, labels), CONSTANT, _Stop(last=layer))
        else:
            last_of(generator.walk(z, labels, _Stop(last=layer)))
    except _ReachedError as reached:
        return reached.maps
    count = len(generator.spec.feature_widths)
    known = f"choose from 0 to {count - 1}" if count else "search the main axes of its latents instead"
    raise ValueError(f"this network shows no layer of number {layer}; {known}")


def mean_activations(generator: Generator, layer: int, z: Tensor, labels: Tensor | None = None) -> Tensor:
    """The same as means over all places, `(N, C)`: what a step that is the same at all places moves."""
    maps = activations(generator, layer, z, labels)
    return maps.flatten(2).mean(dim=2) if maps.ndim > 2 else maps
