"""The whole of how one picture is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from ganstudio.networks.noise import CONSTANT, MOST_STRENGTH, Noise
from ganstudio.rendering.looks.between import Between, parts_of_json
from ganstudio.rendering.looks.checking import (
    LABEL_RANGE,
    LAYER_RANGE,
    SEED_RANGE,
    LookError,
    check_flag,
    check_keys,
    check_number,
    check_whole,
)
from ganstudio.rendering.looks.edit import Edit, check_edits
from ganstudio.rendering.looks.mixing import Mix, strengths_of_json
from ganstudio.rendering.looks.older import updated
from ganstudio.rendering.looks.point import LatentPoint

TRUNCATION_RANGE = (-2.0, 2.0)
BLEND_RANGE = (0.0, 1.0)
CENTRES_RANGE = (0, 64)
DRIFT_RANGE = (-1000.0, 1000.0)


@dataclass(frozen=True)
class Look:
    """How one picture is made with a generator.

    Attributes:
        seed: Which latent z is drawn, 0 to 2**32 - 1.
        truncation: How far the latent is from the mean one: 1 as drawn, 0 the mean itself, -2 to 2.
        label: The class of a conditional generator, or None to let the seed choose it.
        edits: Steps along directions, in the order in which they are taken.
        blend_seed: A second latent to go to, or None.
        blend: How far towards it, 0 to 1.
        noise: Which noise a synthesis adds that adds any.
        point: A latent that takes the place of the seed's, or None.
        second_label: A class to go to, or None.
        label_blend: How far towards it, 0 to 1.
        drift: Where on the pad of seeds: so many columns and rows away from `seed`, -1000 to 1000; see
            `latent.seed_pad`.
        truncation_cutoff: Only the first so many w are truncated; None for all.
        truncation_centres: Truncation goes towards the nearest of so many centres of the model's own latents
            (multi-modal truncation), 2 to 64; 0 for the mean of all.
        mix: What comes from a second picture, or None.
        between: A latent between those of other pictures, that takes the place of the seed's and the point's; or None.
    """

    seed: int = 0
    truncation: float = 1.0
    label: int | None = None
    edits: tuple[Edit, ...] = ()
    blend_seed: int | None = None
    blend: float = 0.0
    noise: Noise = CONSTANT
    point: LatentPoint | None = None
    second_label: int | None = None
    label_blend: float = 0.0
    truncation_cutoff: int | None = None
    truncation_centres: int = 0
    mix: Mix | None = None
    drift: tuple[float, float] = (0.0, 0.0)
    between: Between | None = None

    def __post_init__(self) -> None:
        check_whole("seed", self.seed, SEED_RANGE)
        check_number("truncation", self.truncation, TRUNCATION_RANGE)
        for name in ("label", "second_label"):
            if getattr(self, name) is not None:
                check_whole(name, getattr(self, name), LABEL_RANGE)
        if self.blend_seed is not None:
            check_whole("blend_seed", self.blend_seed, SEED_RANGE)
        check_number("blend", self.blend, BLEND_RANGE)
        check_number("label_blend", self.label_blend, BLEND_RANGE)
        if self.truncation_cutoff is not None:
            check_whole("truncation_cutoff", self.truncation_cutoff, LAYER_RANGE)
        check_whole("truncation_centres", self.truncation_centres, CENTRES_RANGE)
        if not isinstance(self.drift, tuple) or len(self.drift) != 2:
            raise LookError("drift", f"{self.drift!r} is no place on the pad", "give columns and rows")
        for axis, value in zip("xy", self.drift, strict=True):
            check_number(f"drift {axis}", value, DRIFT_RANGE)
        _check_noise(self.noise)
        check_edits(self.edits)

    def edit_of(self, direction: str) -> Edit | None:
        """The edit that a direction's slider stands for: the one for all layers and classes, or else the first."""
        found = [edit for edit in self.edits if edit.direction == direction]
        return next((edit for edit in found if edit.key[1:] == (None, None)), found[0] if found else None)

    def strength_of(self, direction: str) -> float:
        """How far it goes along a direction by that edit; 0 where there is none."""
        edit = self.edit_of(direction)
        return 0.0 if edit is None else edit.strength

    @property
    def from_seed(self) -> "Look":
        """The look that begins where its own seed stands: with no latent of its own, no drift, between no others."""
        return replace(self, point=None, drift=(0.0, 0.0), between=None)

    @property
    def latent(self) -> "Look":
        """The latent alone: what of the look says where it begins, and in which class."""
        names = ("seed", "drift", "point", "blend_seed", "blend", "label", "second_label", "label_blend", "between")
        return Look(**{name: getattr(self, name) for name in names})

    @property
    def directions(self) -> frozenset[str]:
        """The names of all directions that it or what it is mixed with goes along."""
        own = frozenset(edit.direction for edit in self.edits)
        return own if self.mix is None else own | self.mix.look.directions

    def to_json(self) -> dict[str, Any]:
        """The look as plain values for JSON, without what changes nothing; inverse of `from_json`."""
        plain = Look()
        changed = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if getattr(self, field.name) != getattr(plain, field.name)
        }
        return {"seed": self.seed, **{name: _WRITERS.get(name, _as_it_is)(value) for name, value in changed.items()}}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a look of what JSON holds, also of an earlier version; what is not named keeps its default.

        Raises:
            LookError: No object, an unknown name, a wrong type or a value out of range.
        """
        known = check_keys("look", updated(values), cls.__dataclass_fields__)
        return cls(**{name: _READERS.get(name, _as_it_is)(value) for name, value in known.items()})


def _as_it_is(value: Any) -> Any:
    return value


def _edits_of_json(values: object) -> tuple[Edit, ...]:
    if not isinstance(values, list):
        raise LookError("edits", "they are not a list", "give the picture's recipe as it was saved")
    return tuple(Edit.from_json(value) for value in values)


def _noise_to_json(noise: Noise) -> dict[str, Any]:
    return {"is_on": noise.is_on, "seed": noise.seed, "strength": noise.strength, "layers": [*map(list, noise.layers)]}


def _noise_of_json(values: object) -> Noise:
    known: Mapping[str, Any] = check_keys("noise", values, Noise.__dataclass_fields__)
    layers = known.get("layers", [])
    if not isinstance(layers, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in layers):
        raise LookError("noise", "its layers are no list of pairs", "give the picture's recipe as it was saved")
    return Noise(**{**known, "layers": tuple((pair[0], pair[1]) for pair in layers)})


def _check_noise(noise: Noise) -> None:
    check_flag("noise", noise.is_on)
    if noise.seed is not None:
        check_whole("noise seed", noise.seed, SEED_RANGE)
    check_number("noise strength", noise.strength, (0, MOST_STRENGTH))
    for layer, times in noise.layers:
        check_whole("noise layer", layer, LAYER_RANGE)
        check_number(f"noise of layer {layer}", times, (0, MOST_STRENGTH))
    if [layer for layer, _ in noise.layers] != sorted({layer for layer, _ in noise.layers}):
        raise LookError("noise", "its layers are not in order", "name each layer once, the lowest first")


def _point_of_json(values: object) -> LatentPoint | None:
    return None if values is None else LatentPoint.from_json(values)


def _mix_of_json(values: object) -> Mix | None:
    if values is None:
        return None
    known = check_keys("mix", values, Mix.__dataclass_fields__)
    second = known.get("look")
    if isinstance(second, Mapping) and second.get("mix") is not None:  # before reading: a chain of them has no end
        raise LookError("mix", "the second picture is mixed itself", "mix with a picture that is not")
    return Mix(Look.from_json(second), strengths_of_json(known))


def _between_of_json(values: object) -> Between | None:
    if values is None:
        return None
    known: Mapping[str, Any] = check_keys("between", values, Between.__dataclass_fields__)
    parts = tuple((Look.from_json(look), share) for look, share in parts_of_json(known))
    return Between(parts, known.get("way", "arc"))


def _to_json(value: Any) -> Any:
    return None if value is None else value.to_json()


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "drift": list,
    "edits": lambda edits: [edit.to_json() for edit in edits],
    "noise": _noise_to_json,
    "point": _to_json,
    "mix": _to_json,
    "between": _to_json,
}
_READERS: dict[str, Callable[[Any], Any]] = {
    "drift": lambda drift: tuple(drift) if isinstance(drift, list) else drift,
    "edits": _edits_of_json,
    "noise": _noise_of_json,
    "point": _point_of_json,
    "mix": _mix_of_json,
    "between": _between_of_json,
}
