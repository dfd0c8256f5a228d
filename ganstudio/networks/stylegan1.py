"""StyleGAN: noise and adaptive instance normalisation after each convolution; drawn at the full resolution.

Source: Karras et al. 2019, section 2 and appendix B, C.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture, NetworkConfigError
from ganstudio.networks.filters import BLUR
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.layers import check_range
from ganstudio.networks.modulation import Affine, StylePlaces, styles_of
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.noise_maps import noise_map
from ganstudio.networks.resampling import MAX_TAPS, filter_maps, make_filter
from ganstudio.networks.staged import SynthesisState
from ganstudio.networks.style_generator import StyleGenerator, StyleSynthesis
from ganstudio.networks.style_layers import Dense, add_bias, draw_weights
from ganstudio.networks.style_mapping import (
    MappingConfig,
    check_mapping,
    check_widths,
)
from ganstudio.networks.stylegan2_config import check_style_pictures, levels_of, standard_widths

WIDTH_BASE = 16_384
_STYLES = ("scale", "shift")


@dataclass(frozen=True)
class StyleGAN1Config:
    """One StyleGAN.

    Attributes:
        resolution: A power of two from 4 to 8192 px.
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes to condition on, 0 for none.
        z_dim: Length of z.
        w_dim: Length of w.
        widths: Feature maps at 4, 8 ... px; empty for the paper's numbers.
        mapping_widths: Outputs of each mapping layer.
        mapping_rate: How much slower the mapping learns.
        label_width: Length of the class's vector, which is normalised together with z.
        normalise_z: Whether z is brought to a mean square of 1.
        has_noise: Whether layers add noise.
        taps: Length of the filter after up-sampling, whose values are a weight.
        epsilon: Added to the variance that instance normalisation divides by.
        bias_before_filter: Whether the bias of a layer that doubles the size is added before the filter smooths it,
            which makes a difference at the borders (rosinality), or with the noise.
    """

    resolution: int = 64
    channels: int = 3
    num_classes: int = 0
    z_dim: int = 512
    w_dim: int = 512
    widths: tuple[int, ...] = ()
    mapping_widths: tuple[int, ...] = (512,) * 8
    mapping_rate: float = 0.01
    label_width: int = 512
    normalise_z: bool = True
    has_noise: bool = True
    taps: int = 3
    epsilon: float = 1e-8
    bias_before_filter: bool = False

    def __post_init__(self) -> None:
        check_style_pictures(self.resolution, self.channels, self.num_classes)
        if not self.widths:
            object.__setattr__(self, "widths", standard_widths(self.resolution, WIDTH_BASE))
        check_widths("widths", self.widths)
        check_widths("mapping_widths", self.mapping_widths)
        if len(self.widths) != levels_of(self.resolution):
            reason = f"{len(self.widths)} numbers for {levels_of(self.resolution)} resolutions"
            raise NetworkConfigError("widths", reason, "give one for each of 4, 8 ... px")
        check_range("taps", self.taps, 1, MAX_TAPS)
        if not 0 < self.epsilon < 1:
            raise NetworkConfigError("epsilon", f"{self.epsilon} is out of range", "choose more than 0, less than 1")
        check_mapping(self.mapping)

    @property
    def mapping(self) -> MappingConfig:
        """The mapping network."""
        return MappingConfig(
            self.z_dim,
            self.w_dim,
            self.num_classes,
            self.mapping_widths,
            self.label_width,
            self.mapping_rate,
            label_bias=False,
            normalise_z=self.normalise_z,
        )


class StyledLayer(nn.Module):
    """A 3x3 convolution (none at the very beginning), noise, bias, activation, and the style of its w.

    Doubles the size first if `up`: each pixel becomes four, and the filter smooths the convolution's result.
    """

    noise: Tensor

    def __init__(self, inputs: int, outputs: int, resolution: int, up: bool, config: StyleGAN1Config) -> None:
        super().__init__()
        self.up = up
        self.epsilon = config.epsilon
        self.has_noise = config.has_noise
        self.is_biased_first = up and config.bias_before_filter
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, 3, 3)) if inputs else None
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = Dense(config.w_dim, outputs)
        self.shift = Dense(config.w_dim, outputs)
        nn.init.ones_(self.scale.bias)
        if config.has_noise:
            self.register_buffer("noise", torch.zeros(resolution, resolution))
            self.noise_strength = nn.Parameter(torch.zeros(outputs))

    def forward(
        self, features: Tensor, styles: tuple[Tensor, Tensor], kernel: Tensor, noise: Tensor | None = None
    ) -> Tensor:
        """Map features `(N, I, H, W)` to `(N, O, resolution, resolution)`.

        Args:
            features: Feature maps.
            styles: What `scale` and `shift` make of the layer's w, and what is added to it, `(N, O)` each.
            kernel: Filter after up-sampling.
            noise: What to add `(resolution, resolution)`, before its learned strength; None for nothing.
        """
        maps = self._convolve(features, kernel)
        if noise is not None:
            maps = maps + noise * self.noise_strength[:, None, None]
        if not self.is_biased_first:
            maps = maps + self.bias[:, None, None]
        maps = nn.functional.leaky_relu(maps, 0.2)
        maps = nn.functional.instance_norm(maps, eps=self.epsilon)
        scale, shift = (part[:, :, None, None] for part in styles)
        return maps * scale + shift

    def _convolve(self, features: Tensor, kernel: Tensor) -> Tensor:
        if self.weight is None:
            return features
        weight = self.weight * math.sqrt(2 / self.weight[0].numel())
        if not self.up:
            return nn.functional.conv2d(features, weight, padding=1)
        taps = len(kernel)
        bias = self.bias if self.is_biased_first else None
        larger = nn.functional.conv_transpose2d(features, _spread(weight), bias, stride=2, padding=1)
        return filter_maps(larger, kernel, ((taps - 1) // 2, taps // 2))


def _spread(weight: Tensor) -> Tensor:
    """The weight `(I, O, 4, 4)` of the transposed convolution that equals doubling pixels and convolving with `weight`.

    Args:
        weight: `(O, I, 3, 3)`.
    """
    stamped = nn.functional.pad(weight.flip(2, 3).transpose(0, 1), (1, 1, 1, 1))
    rows = stamped[:, :, 1:] + stamped[:, :, :-1]
    return rows[:, :, :, 1:] + rows[:, :, :, :-1]


class Synthesis(StyleSynthesis):
    """Draws pictures of w_plus: layers 0 and 1 work at 4 px, 2 and 3 at 8 px, and so on; each takes its own w."""

    filter: Tensor

    def __init__(self, config: StyleGAN1Config) -> None:
        super().__init__()
        self.config = config
        widths = config.widths
        self.constant = nn.Parameter(torch.ones(widths[0], 4, 4))
        self.register_buffer("filter", torch.zeros(config.taps, config.taps))
        self.layers = nn.ModuleList()
        for level, width in enumerate(widths):
            before = widths[level - 1] if level else 0
            self.layers.append(StyledLayer(before, width, 4 << level, up=level > 0, config=config))
            self.layers.append(StyledLayer(width, width, 4 << level, up=False, config=config))
        self.colours = nn.Conv2d(widths[-1], config.channels, 1)
        nn.init.zeros_(self.colours.weight)
        self.places = StylePlaces(self.affines())

    @property
    def num_ws(self) -> int:
        """One w for each layer."""
        return len(self.layers)

    @property
    def widths(self) -> tuple[int, ...]:
        """See `StyleSynthesis`."""
        return tuple(self.config.widths[index // 2] for index in range(len(self.layers)))

    def affines(self) -> tuple[Affine, ...]:
        """See `MappedGenerator`; each layer has scales and shifts."""
        parts = [(index, name) for index in range(len(self.layers)) for name in _STYLES]
        return tuple(
            Affine(self.layers[index].get_submodule(name), f"layers.{index}.{name}", index, index)
            for index, name in parts
        )

    def ws_of(self, layers: int) -> int:
        """See `StagedSynthesis`."""
        return layers

    def advance(
        self, state: SynthesisState, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS
    ) -> SynthesisState:
        """Do one layer, and after the last the colours."""
        index = state.layer
        layer = self.layers[index]
        added = noise_map(noise, index, layer.get_buffer("noise")) if layer.has_noise else None
        scale, shift = (
            styles_of(
                layer.get_submodule(name), w_plus[:, index], steps.style(self.places.of(f"layers.{index}.{name}"))
            )
            for name in _STYLES
        )
        features = steps.move(index, layer(state.features, (scale, shift), self.filter, added))
        image = None
        if index == len(self.layers) - 1:
            weight = self.colours.weight * self.colours.weight.shape[1] ** -0.5
            bias = self.colours.bias
            image = nn.functional.conv2d(features, weight)
            image = image if bias is None else add_bias(image, bias[:, None, None])
        return SynthesisState(index + 1, features, image)


class StyleGAN1Generator(StyleGenerator):
    """Mapping and synthesis; the mean w is kept with the weights."""

    synthesis: Synthesis

    def __init__(self, config: StyleGAN1Config, random: torch.Generator) -> None:
        synthesis = Synthesis(config)
        super().__init__(config, synthesis, synthesis.num_ws)
        self._draw(random)

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`."""
        layers = {f"synthesis.layers.{index}.": 4 << index // 2 for index in range(self.synthesis.num_layers)}
        return {"synthesis.constant": 4, **layers, "synthesis.colours.": self.spec.resolution}

    def _draw(self, random: torch.Generator) -> None:
        draw_weights(self, random)
        with torch.no_grad():
            self.synthesis.constant.fill_(1.0)
            nn.init.zeros_(self.synthesis.colours.bias)  # type: ignore[arg-type] # it has one
            if len(self.synthesis.filter) == len(BLUR):
                self.synthesis.filter.copy_(make_filter(BLUR))
            for layer in self.synthesis.layers:
                if isinstance(layer, StyledLayer) and layer.has_noise:
                    layer.noise.normal_(generator=random)


NETWORKS.add("stylegan1", Architecture(StyleGAN1Config, StyleGAN1Generator))
