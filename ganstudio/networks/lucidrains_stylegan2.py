"""StyleGAN2 as Phil Wang's stylegan2-pytorch varies it.

What differs from the paper: z is normalised to unit length, one w serves a whole resolution, the styles are added to
one, noise is ONE picture for all layers that a linear layer spreads over the channels (a bias included), upsampling is
bilinear, pictures are in [0, 1], and attention may stand before a block. Modules are named as in its files.

Source: Karras et al. 2020 (StyleGAN2), eq. 1 and 3; the differences as observed in the files and their pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.networks.base import NETWORKS, Affine, Architecture, MappedGenerator, NetworkConfigError
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.layers import check_range, initialise_normal
from ganstudio.networks.lucidrains_layers import LinearAttention, Normalised, blur
from ganstudio.networks.modulation import StylePlaces, styles_of
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.noise_maps import random_of, scaled
from ganstudio.networks.spec import GeneratorSpec

FIRST_SIZE = 4
MEAN_SAMPLES = 2000  # as many as the original draws for its truncation
SLOPE = 0.2
_LAYERS_OF_A_BLOCK = 2  # that add noise
_STYLES = ("to_style1", "to_style2", "to_rgb.to_style")  # of a block
NOISES = ("seeded", "none")


@dataclass(frozen=True)
class LucidrainsStyleGAN2Config:
    """One generator.

    Attributes:
        resolution: A power of two from 8 to 4096 px.
        channels: 3 for RGB.
        num_classes: Always 0.
        z_dim: Length of z and of w.
        mapping_layers: Linear layers from z to w.
        mapping_lr: Factor on the weights and biases of these layers; it is not in the file of weights.
        normalise_z: Whether z is scaled to unit length, as since version 0.18.
        widths: Feature maps from 4 px to the full resolution, one for each block.
        attention: Blocks (0 is the one at 4 px) that attention stands before.
        learned_constant: Whether synthesis starts from a learned constant, not from the mean w.
        blur_rgb: Whether the RGB branch is blurred after upsampling, as since version 1.1.
        noise: What the file's noise is: "seeded" (one picture from U(0, 1), drawn with a fixed seed) or "none" (black).
    """

    resolution: int = 64
    channels: int = 3
    num_classes: int = 0
    z_dim: int = 512
    mapping_layers: int = 8
    mapping_lr: float = 0.1
    normalise_z: bool = True
    widths: tuple[int, ...] = (512, 512, 256, 128, 64)
    attention: tuple[int, ...] = ()
    learned_constant: bool = True
    blur_rgb: bool = True
    noise: str = "seeded"

    def __post_init__(self) -> None:
        if not 2 <= len(self.widths) <= 11 or self.resolution != FIRST_SIZE << (len(self.widths) - 1):
            raise NetworkConfigError("widths", "they do not lead to the resolution", "give one width for each size")
        if self.channels != 3 or self.num_classes:
            raise NetworkConfigError("channels", "this family is RGB and unconditional", "choose 3 channels, 0 classes")
        check_range("z_dim", self.z_dim, 1, 8192)
        check_range("mapping_layers", self.mapping_layers, 1, 64)
        for width in self.widths:
            check_range("widths", width, 1, 8192)
        for block in self.attention:
            check_range("attention", block, 0, len(self.widths) - 1)
        if self.noise not in NOISES:
            raise NetworkConfigError("noise", f"{self.noise!r} is unknown", f"choose one of {', '.join(NOISES)}")
        if not 0 < self.mapping_lr <= 100:
            raise NetworkConfigError("mapping_lr", f"{self.mapping_lr} is out of range", "choose up to 100")


class LucidrainsStyleGAN2Generator(MappedGenerator):
    """The mapping network "S" and the synthesis network "G" of such a file."""

    def __init__(self, config: LucidrainsStyleGAN2Config, random: torch.Generator) -> None:
        super().__init__()
        count = len(config.widths)
        self.S = _Mapping(config)
        self.G = _Synthesis(config)
        self.spec = GeneratorSpec(
            config.z_dim,
            config.resolution,
            config.channels,
            w_dim=config.z_dim,
            num_ws=count,
            output_range=(0.0, 1.0),
            has_noise=True,
            noise_layers=_LAYERS_OF_A_BLOCK * count,
            style_widths=tuple(affine.channels for affine in self.affines()),
            feature_widths=config.widths,
        )
        self.seeded = config.noise == "seeded"
        self._mean_w: Tensor | None = None
        self._noise: Tensor | None = None
        initialise_normal(self, random)

    @property
    def mean_w(self) -> Tensor:
        """See `MappedGenerator`; the mean over 2000 z, as the file keeps none."""
        if self._mean_w is None:
            z = torch.randn(MEAN_SAMPLES, self.spec.z_dim, generator=torch.Generator().manual_seed(0))
            with torch.inference_mode(mode=False), torch.no_grad():  # also of use where gradients are wanted later
                self._mean_w = self.S(z.to(self.G.initial_conv.weight)).mean(dim=0)
        return self._mean_w.to(self.G.initial_conv.weight.device)

    def map(
        self,
        z: Tensor,
        labels: Tensor | None = None,
        truncation: float = 1.0,
        cutoff: int | None = None,
    ) -> Tensor:
        """See `MappedGenerator`."""
        w_plus: Tensor = self.S(z)[:, None].repeat(1, self.spec.num_ws, 1)
        return self.truncate(w_plus, truncation, labels, cutoff)

    def affines(self) -> tuple[Affine, ...]:
        """See `MappedGenerator`; each block has three, all of one w."""
        return self.G.affines()

    def map_sizes(self) -> dict[str, int]:
        """See `Generator`."""
        blocks = {
            f"G.{name}.{index}.": FIRST_SIZE << index
            for index in range(self.spec.num_ws)
            for name in ("blocks", "attns")
        }
        return {"G.initial": FIRST_SIZE, "G.to_initial": FIRST_SIZE, **blocks}

    def synthesise(self, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS) -> Tensor:
        """See `MappedGenerator`.

        The file holds no noise: the original draws one picture from U(0, 1) each time, for all layers. The file's noise
        is such a picture drawn once from a fixed seed (unless the config says otherwise); without noise it is black.
        """
        result: Tensor = self.G(w_plus, self._noises(noise, w_plus), steps)
        return result

    def _noises(self, noise: Noise, like: Tensor) -> list[Tensor]:
        """The noise picture `(1, S, S, 1)` of each layer."""
        size = self.spec.resolution
        picture = black = like.new_zeros(1, size, size, 1)
        if noise.is_on and noise.seed is not None:
            picture = torch.rand(1, size, size, 1, generator=random_of(noise.seed, 0)).to(like)
        elif noise.is_on and self.seeded:
            if self._noise is None:
                with torch.inference_mode(mode=False):
                    self._noise = torch.rand(1, size, size, 1, generator=torch.Generator().manual_seed(0))
            picture = self._noise.to(like)
        return [black if one is None else scaled(picture, one) for one in noise.first(self.spec.noise_layers)]


class _Mapping(nn.Module):
    """z -> w."""

    def __init__(self, config: LucidrainsStyleGAN2Config) -> None:
        super().__init__()
        self.factor = config.mapping_lr
        self.normalise = config.normalise_z
        layers: list[nn.Module] = []
        for _ in range(config.mapping_layers):
            layers += [nn.Linear(config.z_dim, config.z_dim), nn.LeakyReLU(SLOPE)]
        self.net = nn.Sequential(*layers)

    def forward(self, z: Tensor) -> Tensor:
        """Map z `(N, z_dim)` to w `(N, z_dim)`."""
        w = functional.normalize(z, dim=1) if self.normalise else z
        for layer in self.net:
            if isinstance(layer, nn.Linear):
                w = functional.linear(w, layer.weight * self.factor, layer.bias * self.factor)
            else:
                w = layer(w)
        return w


class _Synthesis(nn.Module):
    """w_plus and a noise picture -> RGB."""

    def __init__(self, config: LucidrainsStyleGAN2Config) -> None:
        super().__init__()
        widths = config.widths
        if config.learned_constant:
            self.initial_block = nn.Parameter(torch.zeros(1, widths[0], FIRST_SIZE, FIRST_SIZE))
        else:
            self.to_initial_block = nn.ConvTranspose2d(config.z_dim, widths[0], FIRST_SIZE, bias=False)
        self.learned_constant = config.learned_constant
        self.initial_conv = nn.Conv2d(widths[0], widths[0], 3, padding=1)
        inputs = (widths[0], *widths[:-1])
        self.blocks = nn.ModuleList(_Block(config, index, inputs[index]) for index in range(len(widths)))
        self.attns = nn.ModuleList(
            _attention(inputs[index]) if index in config.attention else None  # type: ignore[misc] # None is allowed
            for index in range(len(widths))
        )
        self.places = StylePlaces(self.affines())

    def affines(self) -> tuple[Affine, ...]:
        """See `MappedGenerator`."""
        return tuple(
            Affine(block.get_submodule(name), f"blocks.{index}.{name}", index, index, colours=name == _STYLES[-1])
            for index, block in enumerate(self.blocks)
            for name in _STYLES
        )

    def forward(self, w_plus: Tensor, noises: Sequence[Tensor], steps: LayerSteps) -> Tensor:
        """Map w_plus `(N, num_ws, w_dim)` and the noise `(1, S, S, 1)` of each layer to `(N, 3, S, S)`."""
        if self.learned_constant:
            maps = self.initial_block.expand(len(w_plus), -1, -1, -1)
        else:
            maps = self.to_initial_block(w_plus.mean(dim=1)[:, :, None, None])
        maps = self.initial_conv(maps)
        rgb: Tensor | None = None
        for index, (block, attention) in enumerate(zip(self.blocks, self.attns, strict=True)):
            if attention is not None:
                for part in cast("nn.ModuleList", attention):
                    maps = maps + part(maps)
            first, w = _LAYERS_OF_A_BLOCK * index, w_plus[:, index]
            styles = [
                styles_of(block.get_submodule(name), w, steps.style(self.places.of(f"blocks.{index}.{name}")))
                for name in _STYLES
            ]
            maps = steps.move(index, block(maps, styles[:2], noises[first : first + _LAYERS_OF_A_BLOCK]))
            rgb = block.get_submodule("to_rgb")(maps, rgb, styles[2])
        assert rgb is not None  # noqa: S101 - there is at least one block
        return rgb


class _Block(nn.Module):
    """Two modulated convolutions at one resolution and their contribution to the picture."""

    def __init__(self, config: LucidrainsStyleGAN2Config, index: int, inputs: int) -> None:
        super().__init__()
        outputs = config.widths[index]
        self.upsample = index > 0
        self.to_style1 = nn.Linear(config.z_dim, inputs)
        self.to_noise1 = nn.Linear(1, outputs)
        self.conv1 = _ModulatedConvolution(inputs, outputs, 3)
        self.to_style2 = nn.Linear(config.z_dim, outputs)
        self.to_noise2 = nn.Linear(1, outputs)
        self.conv2 = _ModulatedConvolution(outputs, outputs, 3)
        self.to_rgb = _ToRGB(config, outputs, upsample=index < len(config.widths) - 1)

    def forward(self, maps: Tensor, styles: Sequence[Tensor], noises: Sequence[Tensor]) -> Tensor:
        """Map maps `(N, C, H, W)` to those of this resolution, with the styles and noise of two convolutions."""
        if self.upsample:
            maps = functional.interpolate(maps, scale_factor=2, mode="bilinear", align_corners=False)
        first, second = (
            # the original turns the noise picture: its rows are columns here
            layer(noise[:, : maps.shape[2], : maps.shape[3]]).permute(0, 3, 2, 1)
            for layer, noise in zip((self.to_noise1, self.to_noise2), noises, strict=True)
        )
        maps = functional.leaky_relu(self.conv1(maps, styles[0]) + first, SLOPE)
        return functional.leaky_relu(self.conv2(maps, styles[1]) + second, SLOPE)


class _ToRGB(nn.Module):
    """A modulated 1x1 convolution without demodulation, added to the picture so far."""

    def __init__(self, config: LucidrainsStyleGAN2Config, inputs: int, upsample: bool) -> None:
        super().__init__()
        self.upsample = upsample
        self.blur = config.blur_rgb
        self.to_style = nn.Linear(config.z_dim, inputs)
        self.conv = _ModulatedConvolution(inputs, config.channels, 1, demodulate=False)

    def forward(self, maps: Tensor, rgb: Tensor | None, styles: Tensor) -> Tensor:
        """Map maps `(N, C, S, S)` and the picture so far to `(N, 3, S, S)`, or twice the size."""
        image: Tensor = self.conv(maps, styles)
        if rgb is not None:
            image = image + rgb
        if self.upsample:
            image = functional.interpolate(image, scale_factor=2, mode="bilinear", align_corners=False)
            image = blur(image) if self.blur else image
        return image


class _ModulatedConvolution(nn.Module):
    """A convolution whose input channels are scaled by 1 + style, and whose output channels are demodulated.

    Scaling maps instead of weights is the same sum in another order, and needs no weights for each picture.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, demodulate: bool = True) -> None:
        super().__init__()
        self.demodulate = demodulate
        self.weight = nn.Parameter(torch.zeros(outputs, inputs, kernel, kernel))

    def forward(self, maps: Tensor, style: Tensor) -> Tensor:
        """Map `(N, inputs, H, W)` and style `(N, inputs)` to `(N, outputs, H, W)`."""
        scale = style + 1
        padding = self.weight.shape[-1] // 2
        result = functional.conv2d(maps * scale[:, :, None, None], self.weight, padding=padding)
        if not self.demodulate:
            return result
        energy = scale.square() @ self.weight.square().sum(dim=(2, 3)).T
        return result * (energy + 1e-8).rsqrt()[:, :, None, None]


def _attention(channels: int) -> nn.ModuleList:
    """Attention, then two 1x1 convolutions, each behind a normalisation and with a shortcut."""
    feedforward = nn.Sequential(
        nn.Conv2d(channels, channels * 2, 1), nn.LeakyReLU(SLOPE), nn.Conv2d(channels * 2, channels, 1)
    )
    return nn.ModuleList([Normalised(channels, LinearAttention(channels)), Normalised(channels, feedforward)])


NETWORKS.add("lucidrains_stylegan2", Architecture(LucidrainsStyleGAN2Config, LucidrainsStyleGAN2Generator))
