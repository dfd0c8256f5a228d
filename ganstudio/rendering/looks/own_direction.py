"""The vector of a direction that no checkpoint carries: found, picked or imported by whoever works on the project."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.rendering.looks.checking import (
    LookError,
    check_keys,
    check_layers,
    check_name,
    check_number,
    check_numbers,
    check_whole,
    layers_of_json,
    numbers_of_text,
    text_of_numbers,
)
from ganstudio.rendering.looks.edit import STRENGTH_RANGE

_MARK = "~"  # in no name of a checkpoint's directions that a program wrote
_LETTERS_KEPT = 40


@dataclass(frozen=True)
class OwnDirection:
    """A direction with its vector, ready to be drawn with.

    Its name ends in a digest of all that a picture depends on (vector, space, layers, fold), so that a look that names
    it means the same picture wherever and whenever it is drawn.

    Attributes:
        info: What its slider is, where its step is taken, how good it is.
        shape: Of the step; see `DirectionInfo.shape`.
        values: The step float32 that strength 1 makes, little end first.
        model: SHA-256 of the checkpoint it was found in, "" where that is not known.
    """

    info: DirectionInfo
    shape: tuple[int, ...]
    values: bytes = field(repr=False)
    model: str = ""

    def __post_init__(self) -> None:
        check_name("direction", self.info.name)
        check_numbers(f"direction {self.info.title[:60]}", self.values, self.shape)
        if not self.info.name.endswith(_MARK + self.digest):
            raise LookError(self.info.title[:60], "its vector is not the one it was named for", "find it again")

    @property
    def name(self) -> str:
        """What edits call it."""
        return self.info.name

    @property
    def digest(self) -> str:
        """Ten hexadecimal digits of all that a picture depends on."""
        return _digest(self.info, self.shape, self.values)

    @property
    def step(self) -> npt.NDArray[np.float32]:
        """The step float32 that strength 1 makes, to be read only."""
        return np.frombuffer(self.values, "<f4").reshape(self.shape)

    def to_json(self) -> dict[str, Any]:
        """The direction as plain values for JSON, its vector as base64."""
        info = {name: getattr(self.info, name) for name in DirectionInfo.__dataclass_fields__}
        return {"info": info, "shape": list(self.shape), "values": text_of_numbers(self.values), "model": self.model}

    @classmethod
    def from_json(cls, values: object) -> Self:
        """Make a direction of what JSON holds.

        Raises:
            LookError: A wrong type, a value out of range, or a vector that is damaged.
        """
        known: Mapping[str, Any] = check_keys("direction", values, cls.__dataclass_fields__)
        shape, model = known.get("shape"), known.get("model", "")
        if not isinstance(shape, list) or not isinstance(model, str):
            raise LookError("direction", "its shape is no list", "give the recipe as it was saved")
        return cls(
            _info_of_json(known.get("info")), tuple(shape), numbers_of_text("direction", known.get("values")), model
        )


def own_direction(info: DirectionInfo, step: npt.ArrayLike, model: str = "") -> OwnDirection:
    """Make a direction of a step; what `info` calls it becomes a part of its name.

    Raises:
        LookError: A step that is not finite, or of no shape that a direction has.
    """
    numbers = np.ascontiguousarray(step, "<f4")
    values = numbers.tobytes()
    letters = re.sub(r"[^\w-]+", "_", info.name.rsplit(_MARK, 1)[0])[:_LETTERS_KEPT].strip("_") or "direction"
    named = DirectionInfo(**{**_fields(info), "name": f"{letters}{_MARK}{_digest(info, numbers.shape, values)}"})
    return OwnDirection(named, numbers.shape, values, model)


def _digest(info: DirectionInfo, shape: tuple[int, ...], values: bytes) -> str:
    place = f"{info.space} {info.layers} {info.fold} {shape}".encode()
    return sha256(place + b"\n" + values).hexdigest()[:10]


def _fields(info: DirectionInfo) -> dict[str, Any]:
    return {name: getattr(info, name) for name in DirectionInfo.__dataclass_fields__}


def _info_of_json(values: object) -> DirectionInfo:
    known: dict[str, Any] = dict(check_keys("direction", values, DirectionInfo.__dataclass_fields__))
    known["layers"] = layers_of_json(known.get("layers"))
    try:
        info = DirectionInfo(**known)
    except TypeError as error:
        raise LookError("direction", "it lacks a name or its slider's ends", "give the recipe as saved") from error
    for name, value in (("title", info.title), ("origin", info.origin), ("space", info.space)):
        check_name(f"direction's {name}", value)
    check_name("direction", info.name)
    check_layers("layers", info.layers)
    check_whole("fold", info.fold, (-1, 1))
    for name, end in (("low", info.low), ("high", info.high)):
        check_number(f"{name} end of {info.title[:60]}", end, STRENGTH_RANGE)
    if not info.low < info.high:
        raise LookError(info.title[:60], "its slider has no length", "give a low end below the high one")
    for figure in (info.quality, info.entanglement):
        if figure is not None:
            check_number(f"figure of {info.title[:60]}", figure, (-1e6, 1e6))
    return info
