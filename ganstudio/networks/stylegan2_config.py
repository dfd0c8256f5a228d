"""The shape of a StyleGAN2, shared by its generator and its discriminator."""

from dataclasses import dataclass

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.layers import check_range
from ganstudio.networks.resampling import MAX_TAPS
from ganstudio.networks.style_mapping import (
    MAX_CLASSES,
    MappingConfig,
    check_activation,
    check_mapping,
    check_widths,
)

ARCHITECTURES = ("orig", "skip", "resnet")
MAX_RESOLUTION = 8192


@dataclass(frozen=True)
class StyleGAN2Config:
    """One StyleGAN2.

    Attributes:
        resolution: A power of two from 8 to 8192 px (4 px without the up-sampling layers).
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes to condition on, 0 for none.
        z_dim: Length of z.
        w_dim: Length of w.
        widths: Feature maps at 4, 8 ... px; empty for the paper's numbers, half as many at each doubling.
        architecture: How the picture is collected: "skip" adds those of all resolutions, "resnet" adds the maps, "orig"
            takes the last maps only (Karras et al. 2020, figure 7).
        mapping_widths: Outputs of each mapping layer.
        mapping_rate: How much slower the mapping learns.
        mapping_activation: Name in `ACTIVATIONS`.
        label_width: Length of the class's vector.
        label_bias: See `MappingConfig`.
        normalise_z: See `MappingConfig`.
        activation: Name in `ACTIVATIONS`.
        has_noise: Whether layers add noise.
        clamp: Largest size of activations, 0 for no limit.
        taps: Length of the resampling filter, whose values are a weight.
        scaled_demodulation: Whether the 1e-8 of the demodulation is added to sums of weights scaled by the square root
            of their number (the paper, rosinality) or of weights as kept (NVlabs' PyTorch).
    """

    resolution: int = 64
    channels: int = 3
    num_classes: int = 0
    z_dim: int = 512
    w_dim: int = 512
    widths: tuple[int, ...] = ()
    architecture: str = "skip"
    mapping_widths: tuple[int, ...] = (512,) * 8
    mapping_rate: float = 0.01
    mapping_activation: str = "lrelu"
    label_width: int = 512
    label_bias: bool = True
    normalise_z: bool = True
    activation: str = "lrelu"
    has_noise: bool = True
    clamp: float = 0.0
    taps: int = 4
    scaled_demodulation: bool = False

    def __post_init__(self) -> None:
        check_style_pictures(self.resolution, self.channels, self.num_classes)
        if not self.widths:
            object.__setattr__(self, "widths", standard_widths(self.resolution))
        check_widths("widths", self.widths)
        check_widths("mapping_widths", self.mapping_widths)
        if len(self.widths) != levels_of(self.resolution):
            reason = f"{len(self.widths)} numbers for {levels_of(self.resolution)} resolutions"
            raise NetworkConfigError("widths", reason, "give one for each of 4, 8 ... px")
        if self.architecture not in ARCHITECTURES:
            raise NetworkConfigError("architecture", repr(self.architecture)[:40], f"choose one of {ARCHITECTURES}")
        check_activation(self.activation)
        check_range("taps", self.taps, 2, MAX_TAPS)
        if not 0 <= self.clamp < float("inf"):
            raise NetworkConfigError("clamp", f"{self.clamp} is out of range", "choose 0 or more")
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
            self.mapping_activation,
            self.label_bias,
            self.normalise_z,
        )

    @property
    def num_layers(self) -> int:
        """Convolutions of the synthesis: one at 4 px, two at each further resolution."""
        return 2 * len(self.widths) - 1


def standard_widths(resolution: int, base: int = 32_768, largest: int = 512) -> tuple[int, ...]:
    """Feature maps at 4, 8 ... px: `base / resolution`, at most `largest`. Source: Karras et al. 2020, appendix B."""
    return tuple(max(1, min(base >> level, largest)) for level in range(2, levels_of(resolution) + 2))


def levels_of(resolution: int) -> int:
    """How many resolutions there are from 4 px on."""
    return resolution.bit_length() - 2


def check_style_pictures(resolution: int, channels: int, num_classes: int) -> None:
    """Raise NetworkConfigError unless the StyleGAN family can draw such pictures."""
    check_range("resolution", resolution, 4, MAX_RESOLUTION)
    if resolution & (resolution - 1):
        raise NetworkConfigError("resolution", f"{resolution} px is no power of two", "choose 8, 16, 32 ...")
    if channels not in (1, 3):
        raise NetworkConfigError("channels", f"{channels} is neither grey (1) nor RGB (3)", "choose 1 or 3")
    check_range("num_classes", num_classes, 0, MAX_CLASSES)
