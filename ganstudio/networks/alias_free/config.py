"""Settings of StyleGAN3 and StyleGAN-XL generators; free of torch."""

import math
from dataclasses import dataclass, fields

from ganstudio.networks.spec import GeneratorSpec, NetworkConfigError

_RANGES = {
    "resolution": (4, 4096),
    "num_classes": (0, 100_000),
    "z_dim": (1, 8192),
    "w_dim": (1, 8192),
    "mapping_layers": (1, 16),
    "mapping_rate": (1e-6, 100.0),
    "channel_base": (1, 1 << 22),
    "channel_max": (1, 8192),
    "num_layers": (2, 64),
    "num_critical": (0, 16),
    "first_cutoff": (1e-3, 2048.0),
    "first_stopband": (1e-3, 4096.0),
    "last_stopband": (0.5, 16.0),
    "margin": (0, 128),
    "output_scale": (1e-6, 1e6),
    "kernel": (1, 9),
    "filter_size": (1, 32),
    "lrelu_upsampling": (1, 8),
    "clamp": (0.0, 1e9),
    "head_clamp": (0.0, 1e9),
    "embedding_rows": (0, 1_000_000),
    "embedding_length": (0, 8192),
}


@dataclass(frozen=True)
class StyleGAN3Config:
    """One StyleGAN3 generator; frequencies are in cycles per picture width.

    Attributes:
        resolution: Height and width of the pictures, in pixels.
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes to condition on, 0 for none.
        z_dim: Length of the latent z.
        w_dim: Length of the intermediate latent w.
        mapping_layers: Layers of the mapping network.
        mapping_rate: Their learning rate relative to the rest, a factor on their weights.
        channel_base: Channels of a layer times twice its cutoff.
        channel_max: Most channels of a layer.
        num_layers: Layers between the Fourier features and the last, which makes colours.
        num_critical: How many layers at the end are critically sampled.
        first_cutoff: f_c of the first layer.
        first_stopband: f_t of the first layer.
        last_stopband: f_t of the last layer, relative to its cutoff.
        margin: Pixels kept around the picture.
        output_scale: Factor on the last layer's output.
        kernel: Side of the convolutions: 3 in configuration T, 1 in R.
        filter_size: Taps of the filters, relative to the lower of the two rates.
        lrelu_upsampling: How much finer the grid is on which the rectifier works.
        radial: Whether downsampling filters are radially symmetric, as in R.
        clamp: Largest magnitude after the rectifier, 0 for no limit.

    Source: Karras et al. 2021, section 3 and appendix F.
    """

    resolution: int = 256
    channels: int = 3
    num_classes: int = 0
    z_dim: int = 512
    w_dim: int = 512
    mapping_layers: int = 2
    mapping_rate: float = 0.01
    channel_base: int = 32768
    channel_max: int = 512
    num_layers: int = 14
    num_critical: int = 2
    first_cutoff: float = 2.0
    first_stopband: float = 2**2.1
    last_stopband: float = 2**0.3
    margin: int = 10
    output_scale: float = 0.25
    kernel: int = 3
    filter_size: int = 6
    lrelu_upsampling: int = 2
    radial: bool = False
    clamp: float = 256.0

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name in _RANGES:
                _check(field.name, getattr(self, field.name))
        if self.channels not in (1, 3):
            raise NetworkConfigError("channels", f"{self.channels} is neither grey (1) nor RGB (3)", "choose 1 or 3")
        if self.kernel % 2 == 0:
            raise NetworkConfigError("kernel", f"{self.kernel} is even", "choose an odd size")
        if self.num_critical >= self.num_layers:
            raise NetworkConfigError("num_critical", "all layers would be critically sampled", "choose more layers")

    @property
    def num_ws(self) -> int:
        """How many w the synthesis takes: one for the Fourier features and one for each layer."""
        return self.num_layers + 2

    @property
    def label_width(self) -> int:
        """Length of the class's vector beside z."""
        return self.w_dim

    @property
    def mean_shape(self) -> tuple[int, ...]:
        """Shape of the mean w that truncation moves towards."""
        return (self.w_dim,)

    @property
    def spec(self) -> GeneratorSpec:
        """The outside of the generator."""
        return GeneratorSpec(
            self.z_dim, self.resolution, self.channels, self.num_classes, w_dim=self.w_dim, num_ws=self.num_ws
        )


@dataclass(frozen=True)
class StyleGANXLConfig(StyleGAN3Config):
    """One StyleGAN-XL generator: a StyleGAN3 of low resolution, the stem, whose end is replaced by finer stages.

    `num_layers` and the schedule describe the stem; `resolution` is that of the last stage.

    Attributes:
        up_factors: How much each stage enlarges.
        head_layers: Layers of each stage, the last for colours not counted.
        head_clamp: `clamp` of the stages' layers.
        embedding_rows: Classes of the pretrained class vectors, usually 1000; 0 without classes.
        embedding_length: Length of a pretrained class vector.
        class_centroids: Whether truncation moves towards the mean of the class, not of everything.

    Source: Sauer et al. 2022, sections 3.2 and 3.3.
    """

    up_factors: tuple[int, ...] = ()
    head_layers: tuple[int, ...] = ()
    head_clamp: float = 256.0
    embedding_rows: int = 0
    embedding_length: int = 0
    class_centroids: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.up_factors) != len(self.head_layers) or len(self.up_factors) > 12:
            raise NetworkConfigError("head_layers", "each stage needs one factor and one count", "give as many of both")
        whole = all(type(value) is int for value in self.up_factors + self.head_layers)
        if not whole or not all(2 <= factor <= 64 for factor in self.up_factors):
            raise NetworkConfigError("up_factors", "a factor is no whole number from 2 to 64", "correct it")
        if not all(max(self.num_critical, 2) < count <= 64 for count in self.head_layers):
            raise NetworkConfigError("head_layers", "a stage has too few or too many layers", "choose 3 to 64")
        if self.resolution % math.prod(self.up_factors) or self.stem_resolution < 4:
            raise NetworkConfigError("up_factors", "the stages' factors do not divide the resolution", "correct them")
        if self.num_classes and not (self.embedding_length and self.embedding_rows >= self.num_classes):
            raise NetworkConfigError("embedding_rows", "there are fewer vectors than classes", "choose more")
        if self.class_centroids and not self.num_classes:
            raise NetworkConfigError("class_centroids", "there are no classes", "choose False")

    @property
    def stem_resolution(self) -> int:
        """Resolution of the stem, in pixels."""
        return self.resolution // math.prod(self.up_factors)

    @property
    def label_width(self) -> int:
        """See `StyleGAN3Config`."""
        return self.z_dim

    @property
    def mean_shape(self) -> tuple[int, ...]:
        """See `StyleGAN3Config`."""
        return (self.num_classes, self.w_dim) if self.class_centroids else (self.w_dim,)

    @property
    def num_ws(self) -> int:
        """See `StyleGAN3Config`; a stage keeps all layers before it that are not critically sampled."""
        kept = self.num_layers - self.num_critical
        for count in self.head_layers[:-1]:
            kept += count - self.num_critical
        return (kept + self.head_layers[-1] if self.head_layers else self.num_layers) + 2


def _check(name: str, value: float) -> None:
    low, high = _RANGES[name]
    if not low <= value <= high:  # also refuses what is no number
        raise NetworkConfigError(name, f"{value} is out of range", f"choose {low} to {high}")
