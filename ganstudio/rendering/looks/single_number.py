"""Directions that change one number of a latent: named by the space and the number's place, carried by no file."""

from dataclasses import dataclass

from ganstudio.networks.spec import GeneratorSpec


@dataclass(frozen=True)
class SingleNumber:
    """One number of a latent.

    Attributes:
        space: "z" or "w".
        index: Its place, from 0.
    """

    space: str
    index: int

    @property
    def name(self) -> str:
        """What edits call it."""
        return f"{self.space}:{self.index}"

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{self.space} {self.index}"


def single_number(name: str, spec: GeneratorSpec) -> SingleNumber | None:
    """What a name such as "w:12" stands for; None for any other name, and for a number that a generator has not."""
    space, colon, place = name.partition(":")
    size = {"z": spec.z_dim, "w": spec.w_dim}.get(space, 0)
    if not colon or not place.isascii() or not place.isdigit() or len(place) > 6 or int(place) >= size:
        return None
    return SingleNumber(space, int(place)) if str(int(place)) == place else None
