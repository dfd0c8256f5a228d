"""Which noise a synthesis adds: a value, so that two pictures with the same noise are the same picture."""

from dataclasses import dataclass

MOST_STRENGTH = 5.0


@dataclass(frozen=True)
class LayerNoise:
    """The noise of one layer.

    Attributes:
        seed: Draws it anew; None for the one that the file carries.
        times: What it is multiplied with, beside what the network learned; not 0.
    """

    seed: int | None
    times: float


@dataclass(frozen=True)
class Noise:
    """The noise of one picture.

    Attributes:
        is_on: Whether any is added.
        seed: Draws it anew, 0 to 2**32 - 1; None for the one that the file carries.
        strength: Times what the network learned, for all layers, 0 to 5.
        layers: (layer, times) of those layers that differ: the layer's number from 0, among those that add noise, and
            what its noise is multiplied with beside `strength`; ascending.
    """

    is_on: bool = True
    seed: int | None = None
    strength: float = 1.0
    layers: tuple[tuple[int, float], ...] = ()

    def strength_of(self, layer: int) -> float:
        """What the noise of a layer is multiplied with; 0 where there is none."""
        return self.strength * dict(self.layers).get(layer, 1.0) if self.is_on else 0.0

    def of(self, layer: int) -> LayerNoise | None:
        """What a layer adds; None for nothing."""
        times = self.strength_of(layer)
        return LayerNoise(self.seed, times) if times else None

    def first(self, layers: int) -> tuple[LayerNoise | None, ...]:
        """What the first so many layers add: two pictures that agree in it agree after these layers."""
        return tuple(self.of(layer) for layer in range(layers))


CONSTANT = Noise()
NONE = Noise(is_on=False)
