"""What a generator says about itself; read by panels and by the command line without loading torch."""

from dataclasses import dataclass, field

from ganstudio.errors import GanStudioError


class NetworkConfigError(GanStudioError):
    """A network configuration that cannot be built."""


@dataclass(frozen=True)
class GeneratorSpec:
    """The outside of a generator.

    Attributes:
        z_dim: Length of the latent z.
        resolution: Height and width of the pictures, in pixels.
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes it is conditioned on, 0 for none.
        w_dim: Length of an intermediate latent w, 0 where there is no mapping network.
        num_ws: How many w the synthesis takes, 0 where there is no mapping network.
        latent_law: The distribution of z: "normal", "uniform" (in [-1, 1]), "uniform_0_1" (in [0, 1]) or "sphere".
        output_range: Lowest and highest value of the network's own output.
        has_noise: Whether the synthesis adds noise, which can be left out.
        noise_layers: How many layers of the synthesis add noise, each with a strength of its own.
        style_widths: How many styles each affine map of w makes, in the order of the layers; () where there are none.
        feature_widths: How many feature maps there are after each layer or block, as far as they can be changed.

    The last ones follow from the network itself: they are known as soon as it is built, and no file tells them.
    """

    z_dim: int
    resolution: int
    channels: int
    num_classes: int = 0
    w_dim: int = 0
    num_ws: int = 0
    latent_law: str = "normal"
    output_range: tuple[float, float] = (-1.0, 1.0)
    has_noise: bool = field(default=False, compare=False)
    noise_layers: int = field(default=0, compare=False)
    style_widths: tuple[int, ...] = field(default=(), compare=False)
    feature_widths: tuple[int, ...] = field(default=(), compare=False)

    @property
    def latent_shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of one latent of each space that it has: "z", and with a mapping network "w" and "w_plus"."""
        shapes: dict[str, tuple[int, ...]] = {"z": (self.z_dim,)}
        if self.w_dim:
            shapes |= {"w": (self.w_dim,), "w_plus": (self.num_ws, self.w_dim)}
        return shapes

    @property
    def num_styles(self) -> int:
        """Length of a vector of style space: the styles of all layers, one after another."""
        return sum(self.style_widths)
