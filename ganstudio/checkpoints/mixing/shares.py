"""How much of the second of two models goes into each part of a network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from ganstudio.errors import GanStudioError

LATENT = "latent"


class MixError(GanStudioError):
    """Two models that cannot be mixed, or not so."""


@dataclass(frozen=True)
class MixShares:
    """What each part takes of the second model, 0 (nothing) to 1 (all).

    Attributes:
        latent: The share of what works on the latent: the mapping network, tables of classes, the first linear layer.
        sizes: (pixels, share) of the layers that make maps of this height, ascending.
    """

    latent: float = 0.0
    sizes: tuple[tuple[int, float], ...] = ()

    def __post_init__(self) -> None:
        named: tuple[tuple[str | int, float], ...] = ((LATENT, self.latent), *self.sizes)
        for name, share in named:
            if not 0 <= share <= 1:
                raise MixError(_say(name), f"a share of {share:g} is out of range", "choose 0 to 1")

    @classmethod
    def everywhere(cls, sizes: Iterable[int], share: float) -> Self:
        """The same share for all."""
        return cls(share, tuple((size, share) for size in sizes))

    @classmethod
    def swapped(cls, sizes: Iterable[int], first_px: int, over: int = 0) -> Self:
        """The layers from some resolution on are those of the second model, all else is the first's.

        Args:
            sizes: All resolutions, ascending.
            first_px: The coarsest one that is the second model's.
            over: How many resolutions before it lead there in equal steps; 0 for none.

        Source: Pinkney and Adler 2020, section 2.
        """
        known = tuple(sizes)
        before = [size for size in known if size < first_px]
        ramp = (
            {size: (place + 1) / (over + 1) for place, size in enumerate(before[len(before) - over :])} if over else {}
        )
        return cls(0.0, tuple((size, 1.0 if size >= first_px else ramp.get(size, 0.0)) for size in known))

    def changed(self, shares: Mapping[str, float]) -> Self:
        """The same, with other shares for some parts, by name ("latent" or pixels).

        Raises:
            MixError: A part that the network does not have.
        """
        known = {str(size): share for size, share in self.sizes}
        if unknown := [name for name in shares if name != LATENT and name not in known]:
            raise MixError(_say(unknown[0]), "this network has no such part", f"it has latent, {', '.join(known)}")
        merged = {**known, **{name: share for name, share in shares.items() if name != LATENT}}
        return type(self)(shares.get(LATENT, self.latent), tuple((int(name), merged[name]) for name in known))

    def of(self, size: int) -> float:
        """The share of the layers of a size in pixels; of the latent for 0."""
        return dict(self.sizes).get(size, 0.0) if size else self.latent

    @property
    def words(self) -> str:
        """The shares in a line, sizes with the same share together."""
        groups: list[tuple[list[int], float]] = []
        for size, share in self.sizes:
            if groups and groups[-1][1] == share:
                groups[-1][0].append(size)
            else:
                groups.append(([size], share))
        parts = [f"{sizes[0]}{f'–{sizes[-1]}' if len(sizes) > 1 else ''} px {share:.3g}" for sizes, share in groups]
        return ", ".join([f"latent {self.latent:.3g}", *parts])


def _say(name: str | int) -> str:
    return f"share of {name}" if str(name) == LATENT else f"share of {name} px"
