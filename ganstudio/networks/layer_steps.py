"""What is added inside a network while it draws: to the styles of its layers, and to its feature maps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class LayerSteps:
    """Steps of N pictures.

    Attributes:
        styles: Added to the styles that the affine maps of w give `(N, num_styles)`, those of all layers one after
            another in the order of `MappedGenerator.affines`; None for no step.
        features: Added to all places of the maps after the layer or block of this number, from 0, `(N, C)`.
    """

    styles: Tensor | None = None
    features: Mapping[int, Tensor] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is moved."""
        return self.styles is None and not self.features

    def style(self, place: slice) -> Tensor | None:
        """The step of the styles at a place `(N, C)`; None for no step."""
        return None if self.styles is None else self.styles[:, place]

    def move(self, number: int, maps: Tensor) -> Tensor:
        """The maps `(N, C, ...)` after layer `number` with its step; the maps themselves where it has none."""
        step = self.features.get(number)
        if step is None:
            return maps
        return maps + step.to(maps).view(*step.shape, *[1] * (maps.ndim - 2))

    def first(self, layers: int, styles: int) -> "LayerSteps":
        """What the first so many layers, with so many styles, depend on; styles that are not moved count as no step."""
        if self.is_nothing:
            return self
        kept = None if self.styles is None else self.styles[:, :styles]
        if kept is not None:
            kept = kept.clone() if bool(kept.any()) else None
        return LayerSteps(kept, {number: step for number, step in self.features.items() if number < layers})

    def agrees(self, other: "LayerSteps") -> bool:
        """Whether both are the same to the bit."""
        if self is other:
            return True
        if self.features.keys() != other.features.keys() or (self.styles is None) != (other.styles is None):
            return False
        if self.styles is not None and other.styles is not None and not torch.equal(self.styles, other.styles):
            return False
        return all(torch.equal(step, other.features[number]) for number, step in self.features.items())


NO_STEPS = LayerSteps()
