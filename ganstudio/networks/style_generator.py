"""What StyleGAN and StyleGAN2 share: a mapping network, one w for each layer of a synthesis, the kept mean w."""

from abc import abstractmethod
from typing import Protocol

import torch
from torch import Tensor, nn

from ganstudio.networks.base import Affine, MappedGenerator, NetworkConfig
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.modulation import StylePlaces
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.networks.staged import StagedSynthesis, SynthesisState, draw
from ganstudio.networks.style_mapping import MappingConfig, MappingNetwork, broadcast_w


class StyleConfig(NetworkConfig, Protocol):
    """What the config of such a generator says."""

    @property
    def mapping(self) -> MappingConfig:
        """The mapping network."""

    @property
    def has_noise(self) -> bool:
        """Whether layers add noise."""


class StyleSynthesis(nn.Module):
    """Draws pictures from a learned constant, layer by layer; it can be stopped and gone on from at any layer."""

    constant: nn.Parameter
    layers: nn.ModuleList
    places: StylePlaces

    def forward(self, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS) -> Tensor:
        """Draw pictures `(N, channels, H, W)` of w_plus `(N, num_ws, w_dim)`; see `MappedGenerator.synthesise`."""
        return draw(self, w_plus, noise, steps)

    @property
    def num_layers(self) -> int:
        """See `StagedSynthesis`."""
        return len(self.layers)

    @abstractmethod
    def affines(self) -> tuple[Affine, ...]:
        """See `MappedGenerator`."""

    @property
    @abstractmethod
    def widths(self) -> tuple[int, ...]:
        """Feature maps after each layer."""

    @abstractmethod
    def ws_of(self, layers: int) -> int:
        """See `StagedSynthesis`."""

    def styles_of(self, layers: int) -> int:
        """See `StagedSynthesis`."""
        return self.places.first(layers)

    def margin_of(self, layers: int) -> int:  # noqa: ARG002 - the protocol's
        """See `StagedSynthesis`."""
        return 0

    def start(self, w_plus: Tensor, steps: LayerSteps = NO_STEPS) -> SynthesisState:  # noqa: ARG002 - the protocol's
        """The constant that all pictures begin with."""
        return SynthesisState(0, self.constant.expand(len(w_plus), -1, -1, -1))

    @abstractmethod
    def advance(
        self, state: SynthesisState, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS
    ) -> SynthesisState:
        """Do one layer, and what follows it."""

    def finish(self, state: SynthesisState) -> Tensor:
        """See `StagedSynthesis`."""
        if state.image is None:
            raise RuntimeError("the last layer makes colours")
        return state.image

    def release(self) -> None:
        """See `StagedSynthesis`; there is none."""


class StyleGenerator(MappedGenerator):
    """Mapping and synthesis; the mean w is kept with the weights.

    Args:
        config: Sizes.
        synthesis: Draws pictures of w_plus.
        num_ws: How many w it takes.
    """

    average: Tensor
    tracked = frozenset({"average"})

    def __init__(self, config: StyleConfig, synthesis: StyleSynthesis, num_ws: int) -> None:
        super().__init__()
        mapping = config.mapping
        self.mapping = MappingNetwork(mapping)
        self.synthesis = synthesis
        self.register_buffer("average", torch.zeros(mapping.w_dim))
        self.spec = GeneratorSpec(
            mapping.z_dim, config.resolution, config.channels, mapping.num_classes, mapping.w_dim, num_ws,
            has_noise=config.has_noise, noise_layers=synthesis.num_layers if config.has_noise else 0,
            style_widths=tuple(affine.channels for affine in synthesis.affines()), feature_widths=synthesis.widths,
        )  # fmt: skip

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

    def synthesise(self, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS) -> Tensor:
        """See `MappedGenerator`."""
        image: Tensor = self.synthesis(w_plus, noise, steps)
        return image

    @torch.no_grad()
    def track_mean_w(self, z: Tensor, labels: Tensor | None, share: float) -> None:
        """See `MappedGenerator`. Source: Karras et al. 2019, appendix B."""
        self.average.lerp_(self.mapping(z, labels).mean(dim=0), share)

    def affines(self) -> tuple[Affine, ...]:
        """See `MappedGenerator`."""
        return self.synthesis.affines()

    def stages(self) -> StagedSynthesis | None:
        """See `MappedGenerator`."""
        return self.synthesis
