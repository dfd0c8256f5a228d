"""StyleGAN3, the alias-free generator, in configurations T and R. Source: Karras et al. 2021.

Its parts are in `alias_free/`, which StyleGAN-XL shares. Its discriminator is that of StyleGAN2.
"""

from dataclasses import replace

import torch
from torch import Tensor, nn

from ganstudio.networks.alias_free.config import StyleGAN3Config
from ganstudio.networks.alias_free.schedule import plan_synthesis
from ganstudio.networks.alias_free.synthesis import SynthesisNetwork
from ganstudio.networks.base import NETWORKS, Affine, Architecture, MappedGenerator
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.staged import StagedSynthesis, draw
from ganstudio.networks.style_layers import draw_weights
from ganstudio.networks.style_mapping import MappingConfig, MappingNetwork, broadcast_w


class AliasFreeGenerator(MappedGenerator):
    """Mapping and alias-free synthesis; `mean_w` is kept with the weights.

    Args:
        config: Its settings.
        random: Draws the weights.
        label: See `MappingNetwork`.
    """

    average: Tensor

    def __init__(self, config: StyleGAN3Config, random: torch.Generator, label: nn.Module | None = None) -> None:
        super().__init__()
        self.mapping = MappingNetwork(_mapping_config(config), label)
        self.synthesis = SynthesisNetwork(config.w_dim, plan_synthesis(config), config.output_scale)
        self.spec = replace(
            config.spec,
            style_widths=tuple(affine.channels for affine in self.synthesis.affines()),
            feature_widths=self.synthesis.widths,
        )
        self.register_buffer("average", torch.zeros(config.mean_shape))
        if not self.average.is_meta:  # only planned: there is nothing to draw
            draw_weights(self.mapping, random)
            self.synthesis.draw(random)

    @property
    def mean_w(self) -> Tensor:
        """See `MappedGenerator`."""
        return self.average

    def map(
        self, z: Tensor, labels: Tensor | None = None, truncation: float = 1.0, cutoff: int | None = None
    ) -> Tensor:
        """See `MappedGenerator`; missing labels count as class 0."""
        w_plus = broadcast_w(self.mapping(z, labels), self.spec.num_ws)
        return self.truncate(w_plus, truncation, labels, cutoff)

    def synthesise(self, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS) -> Tensor:
        """See `MappedGenerator`; there is no noise."""
        return draw(self.synthesis, w_plus, noise, steps)

    def affines(self) -> tuple[Affine, ...]:
        """See `MappedGenerator`."""
        return self.synthesis.affines()

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`; the rate of sampling, without the margin."""
        return {f"synthesis.{name}.": rate for name, rate in self.synthesis.rates.items()}

    def stages(self) -> StagedSynthesis | None:
        """See `MappedGenerator`."""
        return self.synthesis


def rotation_equivariant(config: StyleGAN3Config) -> StyleGAN3Config:
    """Turn the default configuration T into R: 1x1 convolutions, twice the channels, radial filters.

    Source: Karras et al. 2021, section 3.2 ("Rotation equivariance").
    """
    base, most = 2 * config.channel_base, 2 * config.channel_max
    return replace(config, kernel=1, radial=True, channel_base=base, channel_max=most)


def _mapping_config(config: StyleGAN3Config) -> MappingConfig:
    widths = (config.w_dim,) * config.mapping_layers
    return MappingConfig(
        config.z_dim, config.w_dim, config.num_classes, widths, config.label_width, config.mapping_rate
    )


NETWORKS.add("stylegan3", Architecture(StyleGAN3Config, AliasFreeGenerator))
