"""What of a picture comes from a second one, layer by layer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganstudio.rendering.looks.checking import LAYER_RANGE, LookError, check_number

if TYPE_CHECKING:
    from ganstudio.rendering.looks.look import Look

_MIX_RANGE = (0.0, 1.0)


@dataclass(frozen=True)
class Mix:
    """A second picture, and how much of it each layer takes.

    Source: Karras et al. 2019, section 3.1 (style mixing), with a strength between the two for each layer.

    Attributes:
        look: How the second picture is made; without a mix of its own.
        strengths: For each w from the first on: 0 for none of the second picture, 1 for all of it; those that are
            not named are 0.
    """

    look: "Look"
    strengths: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.look.mix is not None:
            raise LookError("mix", "the second picture is mixed itself", "mix with a picture that is not")
        if len(self.strengths) > LAYER_RANGE[1]:
            raise LookError("mix", f"{len(self.strengths)} layers are too many", "name as many as the model has")
        for strength in self.strengths:
            check_number("mix", strength, _MIX_RANGE)

    def to_json(self) -> dict[str, Any]:
        """The mix as plain values for JSON."""
        return {"look": self.look.to_json(), "strengths": list(self.strengths)}

    @property
    def is_heard(self) -> bool:
        """Whether any layer takes anything of the second picture."""
        return any(self.strengths)


def strengths_of_json(values: Mapping[str, Any]) -> tuple[float, ...]:
    """The strengths that the JSON of a mix holds; checked by `Mix`."""
    strengths = values.get("strengths", [])
    if not isinstance(strengths, list):
        raise LookError("mix", "its strengths are not a list", "give the picture's recipe as it was saved")
    return tuple(strengths)
