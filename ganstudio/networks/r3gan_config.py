"""Settings of R3GAN's networks, and the shapes that follow from them; free of torch."""

from collections.abc import Iterator
from dataclasses import dataclass

from ganstudio.networks.spec import GeneratorSpec, NetworkConfigError

Shape = tuple[int, ...]


@dataclass(frozen=True)
class R3GANConfig:
    """One pair of R3GAN networks; tuples go from 4 px up, one entry a resolution.

    Attributes:
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes to condition on, 0 for none.
        z_dim: Length of the latent.
        label_width: Length of the class's vector that is put behind the latent.
        widths: Feature maps of each stage.
        cardinalities: Groups of the middle convolution in each stage's blocks.
        blocks: Residual blocks of each stage.
        expansion: Feature maps inside a block, relative to outside.
        kernel: Side of the middle convolution.
        taps: Side of the resampling filter, whose values are a weight.

    Source: Huang et al. 2024, section 4.
    """

    channels: int = 3
    num_classes: int = 0
    z_dim: int = 64
    label_width: int = 64
    widths: tuple[int, ...] = (768, 768, 768, 768)
    cardinalities: tuple[int, ...] = (96, 96, 96, 96)
    blocks: tuple[int, ...] = (2, 2, 2, 2)
    expansion: int = 2
    kernel: int = 3
    taps: int = 4

    def __post_init__(self) -> None:
        for name, low, high in (
            ("num_classes", 0, 100_000),
            ("z_dim", 1, 16_384),
            ("label_width", 1, 16_384),
            ("expansion", 1, 64),
            ("kernel", 1, 15),
            ("taps", 2, 32),
        ):
            _check(name, getattr(self, name), low, high)
        if self.channels not in (1, 3):
            raise NetworkConfigError("channels", f"{self.channels} is neither grey (1) nor RGB (3)", "choose 1 or 3")
        if self.kernel % 2 == 0:
            raise NetworkConfigError("kernel", f"{self.kernel} is even", "choose an odd size")
        if not len(self.widths) == len(self.cardinalities) == len(self.blocks):
            raise NetworkConfigError("widths", "there are not as many widths, cardinalities and blocks", "give as many")
        _check("number of stages", len(self.widths), 1, 10)
        for width, groups, count in zip(self.widths, self.cardinalities, self.blocks, strict=True):
            _check("widths", width, 1, 16_384)
            _check("blocks", count, 0, 64)
            _check("cardinalities", groups, 1, width * self.expansion)
            if width * self.expansion % groups:
                raise NetworkConfigError("cardinalities", f"{groups} groups do not divide a stage", "choose a divisor")

    @property
    def resolution(self) -> int:
        """Height and width of the pictures, in pixels."""
        return int(4 << (len(self.widths) - 1))

    @property
    def spec(self) -> GeneratorSpec:
        """The outside of the generator."""
        return GeneratorSpec(self.z_dim, self.resolution, self.channels, self.num_classes)

    def generator_shapes(self) -> dict[str, Shape]:
        """Shapes of the generator's tensors by our names."""
        inputs = self.z_dim + (self.label_width if self.num_classes else 0)
        shapes: dict[str, Shape] = {
            "basis.pictures": (self.widths[0], 4, 4),
            "basis.project.weight": (self.widths[0], inputs),
            "to_picture.weight": (self.channels, self.widths[-1], 1, 1),
        }
        if self.num_classes:
            shapes["label.weight"] = (self.label_width, self.num_classes)
        for index in range(len(self.widths)):
            shapes |= dict(self._stage_shapes(index))
        return shapes

    def _stage_shapes(self, index: int) -> Iterator[tuple[str, Shape]]:
        width = self.widths[index]
        inner = width * self.expansion
        if index:
            yield f"stages.{index}.transition.filter", (self.taps, self.taps)
            if self.widths[index - 1] != width:
                yield f"stages.{index}.transition.project.weight", (width, self.widths[index - 1], 1, 1)
        for block in range(self.blocks[index]):
            place = f"stages.{index}.blocks.{block}"
            yield f"{place}.expand.weight", (inner, width, 1, 1)
            yield f"{place}.mix.weight", (inner, inner // self.cardinalities[index], self.kernel, self.kernel)
            yield f"{place}.reduce.weight", (width, inner, 1, 1)
            yield f"{place}.first_bias", (inner,)
            yield f"{place}.second_bias", (inner,)


def _check(name: str, value: object, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise NetworkConfigError(name, f"{str(value)[:20]} is out of range", f"choose {low} to {high}")
