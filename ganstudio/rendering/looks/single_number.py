"""Directions that change one number of a latent: named by the space and the number's place, carried by no file."""

from dataclasses import dataclass

from ganstudio.networks.spec import GeneratorSpec


@dataclass(frozen=True)
class SingleNumber:
    """One number of a latent.

    Attributes:
        space: "z", "w" or "style".
        index: Its place, from 0; in style space that among the styles of its layer.
        layer: Which affine map makes that style, from 0; None elsewhere.
    """

    space: str
    index: int
    layer: int | None = None

    @property
    def name(self) -> str:
        """What edits call it."""
        return ":".join([self.space, *([] if self.layer is None else [str(self.layer)]), str(self.index)])

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.space} {self.index}" if self.layer is None else f"Style {self.layer}, channel {self.index}"

    def place(self, spec: GeneratorSpec) -> int:
        """Its place in a vector of its space."""
        return self.index if self.layer is None else sum(spec.style_widths[: self.layer]) + self.index


def single_number(name: str, spec: GeneratorSpec) -> SingleNumber | None:
    """What a name such as "w:12" or "style:3:17" stands for.

    Returns:
        None for any other name, and for a number that a generator has not.
    """
    space, *places = name.split(":")
    numbers = [_whole(place) for place in places]
    if space == "style" and len(numbers) == 2:
        layer, channel = numbers
        if layer is None or channel is None or layer >= len(spec.style_widths) or channel >= spec.style_widths[layer]:
            return None
        return SingleNumber(space, channel, layer)
    size = {"z": spec.z_dim, "w": spec.w_dim}.get(space, 0)
    if len(numbers) != 1 or numbers[0] is None or numbers[0] >= size:
        return None
    return SingleNumber(space, numbers[0])


def _whole(text: str) -> int | None:
    """The number that digits stand for, written as numbers are; None for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        return None
    return int(text) if str(int(text)) == text else None
