"""StyleGAN2: mapping network, and a synthesis network of modulated convolutions that can be walked layer by layer.

Source: Karras et al. 2020, section 2; Karras et al. 2020b (ADA), conditioning.
"""

from typing import cast

import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture
from ganstudio.networks.draws import Draws
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.modulation import Affine, StylePlaces, styles_of
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.noise_maps import noise_map
from ganstudio.networks.resampling import make_filter, upsample
from ganstudio.networks.staged import StagedSynthesis, SynthesisState
from ganstudio.networks.style_generator import StyleGenerator, StyleSynthesis
from ganstudio.networks.style_layers import EPSILON, Dense, activate, add_bias, draw_weights, modulate
from ganstudio.networks.stylegan2_config import StyleGAN2Config
from ganstudio.networks.stylegan2_discriminator import StyleGAN2Discriminator

HALF_POWER = 0.5**0.5
_NARROW = 32  # maps; for fewer, the prepared form spends more on bringing them into form than it saves


class StyledConvolution(nn.Module):
    """A modulated 3x3 convolution, noise, bias, activation; doubles the size if `up`."""

    noise: Tensor

    def __init__(self, inputs: int, outputs: int, resolution: int, up: bool, config: StyleGAN2Config) -> None:
        super().__init__()
        self.up = up
        self.resolution = resolution
        self.activation = config.activation
        self.clamp = config.clamp
        self.epsilon = EPSILON * (inputs * 9 if config.scaled_demodulation else 1)
        self.style = Dense(config.w_dim, inputs)
        nn.init.ones_(self.style.bias)
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.has_noise = config.has_noise
        if config.has_noise:
            self.register_buffer("noise", torch.zeros(resolution, resolution))
            self.noise_strength = nn.Parameter(torch.zeros(()))

    def forward(
        self, features: Tensor, styles: Tensor, kernel: Tensor, noise: Tensor | None = None, gain: float = 1.0
    ) -> Tensor:
        """Map features `(N, I, H, W)` with styles `(N, I)` to `(N, O, resolution, resolution)`.

        Args:
            features: Feature maps.
            styles: What `style` makes of the layer's w, and what is added to it.
            kernel: Resampling filter.
            noise: What to add, before its learned strength: `(H, W)`, or `(N, 1, H, W)` for each picture; None for
                nothing.
            gain: Further gain of the result.
        """
        maps = modulate(features, self.weight, styles, self.epsilon, kernel if self.up else None)
        if noise is not None:
            maps = add_bias(maps, noise * self.noise_strength)
        return activate(add_bias(maps, self.bias[:, None, None]), self.activation, gain, self.clamp)

    def noise_to_add(self, noise: Noise | Draws, number: int, count: int) -> Tensor | None:
        """What this layer adds to maps, before its learned strength.

        Args:
            noise: Which noise; or what draws it anew for each picture.
            number: This layer's number.
            count: How many pictures.
        """
        if not self.has_noise:
            return None
        if isinstance(noise, Noise):
            return noise_map(noise, number, self.noise)
        return noise.normal(count, 1, *self.noise.shape).to(self.noise)


class ToColours(nn.Module):
    """A modulated 1x1 convolution to colours, without demodulation."""

    def __init__(self, inputs: int, config: StyleGAN2Config) -> None:
        super().__init__()
        self.clamp = config.clamp
        self.style = Dense(config.w_dim, inputs)
        nn.init.ones_(self.style.bias)
        self.weight = nn.Parameter(torch.zeros(config.channels, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(config.channels))

    def forward(self, features: Tensor, styles: Tensor) -> Tensor:
        """Map features `(N, I, H, W)` with styles `(N, I)` to colours `(N, channels, H, W)`."""
        styles = styles * self.weight.shape[1] ** -0.5
        colours = add_bias(modulate(features, self.weight, styles, None), self.bias[:, None, None])
        return activate(colours, "linear", clamp=self.clamp)


class Shortcut(nn.Module):
    """Up-sampling and a 1x1 convolution beside a block of a "resnet"."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, 1, 1))

    def forward(self, features: Tensor, kernel: Tensor) -> Tensor:
        """Map features `(N, I, H, W)` to `(N, O, 2 H, 2 W)`."""
        scale = HALF_POWER * self.weight.shape[1] ** -0.5
        return upsample(nn.functional.conv2d(features, (self.weight * scale).to(features.dtype)), kernel)


class Synthesis(StyleSynthesis):
    """Draws pictures of w_plus.

    Layer 0 works at 4 px, layers 1 and 2 at 8 px, and so on; layer `i` takes the w of number `i`, the colours after it
    that of number `i + 1`.
    """

    filter: Tensor

    def __init__(self, config: StyleGAN2Config) -> None:
        super().__init__()
        self.config = config
        widths = config.widths
        self.constant = nn.Parameter(torch.zeros(widths[0], 4, 4))
        self.register_buffer("filter", torch.zeros(config.taps, config.taps))
        self.layers = nn.ModuleList([StyledConvolution(widths[0], widths[0], 4, up=False, config=config)])
        for level in range(1, len(widths)):
            before, after, size = widths[level - 1], widths[level], 4 << level
            self.layers.append(StyledConvolution(before, after, size, up=True, config=config))
            self.layers.append(StyledConvolution(after, after, size, up=False, config=config))
        coloured = widths if config.architecture == "skip" else widths[-1:]
        self.colours = nn.ModuleList(ToColours(width, config) for width in coloured)
        self.shortcuts = nn.ModuleList()
        if config.architecture == "resnet":
            self.shortcuts.extend(Shortcut(*widths[level - 1 : level + 1]) for level in range(1, len(widths)))
        self.places = StylePlaces(self.affines())

    @property
    def num_ws(self) -> int:
        """One w for each layer, and one for the last colours."""
        return len(self.layers) + 1

    @property
    def widths(self) -> tuple[int, ...]:
        """See `StyleSynthesis`."""
        return tuple(self.config.widths[(index + 1) // 2] for index in range(len(self.layers)))

    def affines(self) -> tuple[Affine, ...]:
        """See `MappedGenerator`."""
        found = []
        for index, layer in enumerate(self.layers):
            found.append(Affine(layer.get_submodule("style"), f"layers.{index}", index, index))
            is_last = index == len(self.layers) - 1
            if index % 2 == 0 and (is_last or self.config.architecture == "skip"):
                number = len(self.colours) - 1 if is_last else index // 2
                colours = self.colours[number].get_submodule("style")
                found.append(Affine(colours, f"colours.{number}", index + 1, index, colours=True))
        return tuple(found)

    def ws_of(self, layers: int) -> int:
        """See `StagedSynthesis`; the colours after a block take one more."""
        has_colours = layers % 2 == 1 and (self.config.architecture == "skip" or layers == len(self.layers))
        return layers + has_colours

    def advance(
        self,
        state: SynthesisState,
        w_plus: Tensor,
        noise: Noise | Draws = CONSTANT,
        steps: LayerSteps = NO_STEPS,
    ) -> SynthesisState:
        """Do one layer, and what belongs to the end of its block; `Draws` draw noise for each picture."""
        layer, index = cast("StyledConvolution", self.layers[state.layer]), state.layer
        ends_block, has_shortcut = index % 2 == 0, index > 0 and len(self.shortcuts) > 0
        gain = HALF_POWER if has_shortcut and ends_block else 1.0
        added = layer.noise_to_add(noise, index, len(w_plus))
        styles = styles_of(layer.style, w_plus[:, index], steps.style(self.places.of(f"layers.{index}")))
        features = layer(state.features, styles, self.filter, added, gain)
        if not ends_block:
            features = steps.move(index, features)
            shortcut = self.shortcuts[index // 2](state.features, self.filter) if has_shortcut else None
            return SynthesisState(index + 1, features, state.image, shortcut)
        if state.shortcut is not None:
            features = features + state.shortcut
        features = steps.move(index, features)
        return SynthesisState(index + 1, features, self._collect(state.image, features, index, w_plus, steps))

    def _collect(
        self, image: Tensor | None, features: Tensor, index: int, w_plus: Tensor, steps: LayerSteps
    ) -> Tensor | None:
        """The picture after the block that layer `index` ends."""
        number = self.colours_after(index)
        if number is None:
            return None
        layer = cast("ToColours", self.colours[number])
        styles = styles_of(layer.style, w_plus[:, index + 1], steps.style(self.places.of(f"colours.{number}")))
        colours: Tensor = layer(features, styles)
        return colours if image is None else colours + upsample(image, self.filter)

    def colours_after(self, index: int) -> int | None:
        """Which of `colours` follow the layer of this number, the last of its block; None where none do."""
        is_last = index == len(self.layers) - 1
        if self.config.architecture != "skip" and not is_last:
            return None
        return len(self.colours) - 1 if is_last else index // 2


class SynthesisForm:
    """Another way to compute a `Synthesis`; what a subclass does not say is as it is there. See `StagedSynthesis`."""

    def __init__(self, plain: Synthesis) -> None:
        self._plain = plain

    @property
    def num_layers(self) -> int:
        """See `StagedSynthesis`."""
        return self._plain.num_layers

    def ws_of(self, layers: int) -> int:
        """See `StagedSynthesis`."""
        return self._plain.ws_of(layers)

    def styles_of(self, layers: int) -> int:
        """See `StagedSynthesis`."""
        return self._plain.styles_of(layers)

    def margin_of(self, layers: int) -> int:
        """See `StagedSynthesis`."""
        return self._plain.margin_of(layers)

    def start(self, w_plus: Tensor, steps: LayerSteps = NO_STEPS) -> SynthesisState:
        """See `StagedSynthesis`."""
        return self._plain.start(w_plus, steps)

    def advance(
        self, state: SynthesisState, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS
    ) -> SynthesisState:
        """See `StagedSynthesis`."""
        return self._plain.advance(state, w_plus, noise, steps)

    def finish(self, state: SynthesisState) -> Tensor:
        """See `StagedSynthesis`."""
        return self._plain.finish(state)

    def release(self) -> None:
        """See `StagedSynthesis`."""
        self._plain.release()


class StyleGAN2Generator(StyleGenerator):
    """Mapping and synthesis; the mean w is kept with the weights."""

    synthesis: Synthesis

    def __init__(self, config: StyleGAN2Config, random: torch.Generator) -> None:
        synthesis = Synthesis(config)
        super().__init__(config, synthesis, synthesis.num_ws)
        self._draw(random)

    def synthesise_anew(self, w_plus: Tensor, draws: Draws) -> Tensor:
        """See `MappedGenerator`."""
        state = self.synthesis.start(w_plus)
        while state.layer < self.synthesis.num_layers:
            state = self.synthesis.advance(state, w_plus, draws)
        return self.synthesis.finish(state)

    def stages(self) -> StagedSynthesis:
        """See `MappedGenerator`; prepared on a processor, partly in half precision on a GPU where maps are clamped."""
        constant = self.synthesis.constant
        if constant.device.type == "cuda" and self.synthesis.config.clamp:
            from ganstudio.networks.half_precision import HalfPrecisionSynthesis  # it builds on what is defined here

            return HalfPrecisionSynthesis(self.synthesis)
        is_narrow = max(self.synthesis.config.widths) < _NARROW
        if constant.device.type != "cpu" or constant.dtype != torch.float32 or is_narrow:
            return self.synthesis
        from ganstudio.networks.prepared.stylegan2 import PreparedSynthesis  # it prepares what is defined here

        return PreparedSynthesis(self.synthesis)

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`; a shortcut belongs to the block that it ends in."""
        layers = {f"synthesis.layers.{index}.": 4 << (index + 1) // 2 for index in range(self.synthesis.num_layers)}
        shortcuts = {f"synthesis.shortcuts.{index}.": 8 << index for index in range(len(self.synthesis.shortcuts))}
        last = len(self.synthesis.colours) - 1
        colours = {
            f"synthesis.colours.{index}.": self.spec.resolution if index == last else 4 << index
            for index in range(last + 1)
        }
        return {"synthesis.constant": 4, **layers, **shortcuts, **colours}

    def _draw(self, random: torch.Generator) -> None:
        draw_weights(self, random)
        with torch.no_grad():
            self.synthesis.constant.normal_(generator=random)
            if len(self.synthesis.filter) == 4:
                self.synthesis.filter.copy_(make_filter())
            for layer in self.synthesis.layers:
                if isinstance(layer, StyledConvolution) and layer.has_noise:
                    layer.noise.normal_(generator=random)


NETWORKS.add("stylegan2", Architecture(StyleGAN2Config, StyleGAN2Generator, StyleGAN2Discriminator))
