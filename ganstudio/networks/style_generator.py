"""What StyleGAN and StyleGAN2 share: a mapping network, one w for each layer of a synthesis, the kept mean w."""

from typing import Protocol

import torch
from torch import Tensor, nn

from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.networks.style_mapping import MappingConfig, MappingNetwork, broadcast_w


class StyleConfig(Protocol):
    """What the config of such a generator says."""

    @property
    def resolution(self) -> int:
        """Height and width of the pictures, in pixels."""

    @property
    def channels(self) -> int:
        """3 for RGB, 1 for grey."""

    @property
    def mapping(self) -> MappingConfig:
        """The mapping network."""


class StyleGenerator(MappedGenerator):
    """Mapping and synthesis; the mean w is kept with the weights.

    Args:
        config: Sizes.
        synthesis: Called with w_plus `(N, num_ws, w_dim)` and the kind of noise, draws `(N, C, H, W)`.
        num_ws: How many w it takes.
    """

    average: Tensor

    def __init__(self, config: StyleConfig, synthesis: nn.Module, num_ws: int) -> None:
        super().__init__()
        mapping = config.mapping
        self.mapping = MappingNetwork(mapping)
        self.synthesis = synthesis
        self.register_buffer("average", torch.zeros(mapping.w_dim))
        self.spec = GeneratorSpec(
            mapping.z_dim, config.resolution, config.channels, mapping.num_classes, mapping.w_dim, num_ws
        )

    @property
    def mean_w(self) -> Tensor:
        """See `MappedGenerator`."""
        return self.average

    def map(
        self, z: Tensor, labels: Tensor | None = None, truncation: float = 1.0, cutoff: int | None = None
    ) -> Tensor:
        """See `MappedGenerator`."""
        w_plus = broadcast_w(self.mapping(z, labels), self.spec.num_ws)
        return self.truncate(w_plus, truncation, labels, cutoff)

    def synthesise(self, w_plus: Tensor, noise: str = "const") -> Tensor:
        """See `MappedGenerator`."""
        image: Tensor = self.synthesis(w_plus, noise)
        return image
