"""The limits of what a look may hold, and the error that says which one was passed."""

import base64
import binascii
import math
from collections.abc import Mapping

import numpy as np

from ganstudio.errors import GanStudioError

SEED_RANGE = (0, 2**32 - 1)  # what numpy's RandomState takes, so that seeds mean the same as in the field's scripts
LABEL_RANGE = (0, 2**31 - 1)
LAYER_RANGE = (0, 4096)
LATENT_LIMIT = 1e4  # no law of the field draws beyond 10; from here on float32 networks overflow
_LONGEST_NAME = 200
_LARGEST_LATENT = 1 << 20  # numbers; a w_plus of 18 x 512 has 9,216


class LookError(GanStudioError):
    """A look with a value out of its range, of the wrong type or of an unknown name."""


def check_whole(name: str, value: object, limits: tuple[int, int]) -> None:
    """Refuse what is not a whole number within limits."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise LookError(name, f"{value!r} is not a whole number", f"give one from {limits[0]} to {limits[1]}")
    _check_limits(name, value, limits)


def check_number(name: str, value: object, limits: tuple[float, float]) -> None:
    """Refuse what is not a finite number within limits."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise LookError(name, f"{value!r} is not a number", f"give one from {limits[0]:g} to {limits[1]:g}")
    _check_limits(name, value, limits)


def check_flag(name: str, value: object) -> None:
    """Refuse what is neither true nor false."""
    if not isinstance(value, bool):
        raise LookError(name, f"{value!r} is neither true nor false", "say true or false")


def check_name(name: str, value: object) -> None:
    """Refuse what cannot be the name of a direction."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_NAME:
        raise LookError(name, f"{str(value)[:60]!r} is no name", f"give 1 to {_LONGEST_NAME} letters")


def check_layers(name: str, value: object) -> None:
    """Refuse what is neither None nor (first layer, one past the last)."""
    if value is None:
        return
    if not isinstance(value, tuple) or len(value) != 2:
        raise LookError(name, f"{value!r} is no range of layers", "give the first layer and one past the last")
    for layer in value:
        check_whole(name, layer, LAYER_RANGE)
    if not value[0] < value[1]:
        raise LookError(name, f"no layer is from {value[0]} to before {value[1]}", "give a first layer below the last")


def check_keys(subject: str, values: object, known: Mapping[str, object]) -> Mapping[str, object]:
    """Refuse what is no object of JSON, or has a name that is not known."""
    if not isinstance(values, Mapping):
        raise LookError(subject, "it is not an object of named values", "give the picture's recipe as it was saved")
    if unknown := sorted(str(name) for name in values if name not in known):
        raise LookError(subject, f"unknown values {', '.join(unknown)[:80]}", "use a version that knows them")
    return values


def layers_of_json(value: object) -> tuple[int, int] | None:
    """The range of layers that JSON holds as a list; checked by whoever is given it."""
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value] # checked there


def numbers_of_text(name: str, text: object) -> bytes:
    """The bytes of float32 that base64 text stands for."""
    if not isinstance(text, str) or len(text) > 6 * _LARGEST_LATENT:
        raise LookError(name, "its numbers are not text, or far too many", "give the recipe as it was saved")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise LookError(name, "its numbers are damaged", "give the recipe as it was saved") from error


def text_of_numbers(values: bytes) -> str:
    """The base64 text of float32 numbers."""
    return base64.b64encode(values).decode("ascii")


def check_numbers(name: str, values: object, shape: object) -> None:
    """Refuse what is not so many finite float32 numbers, little end first, within `LATENT_LIMIT`."""
    if not isinstance(values, bytes) or not isinstance(shape, tuple) or not 1 <= len(shape) <= 2:
        raise LookError(name, "it is no list or table of numbers", "give the recipe as it was saved")
    for size in shape:
        check_whole(f"{name}: size", size, (1, _LARGEST_LATENT))
    count = math.prod(shape)
    if count > _LARGEST_LATENT or len(values) != 4 * count:
        reason = f"it has {len(values) // 4} numbers where its shape {list(shape)} says {count}"
        raise LookError(name, reason, "give the recipe as it was saved")
    numbers = np.frombuffer(values, "<f4")
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > LATENT_LIMIT:
        raise LookError(name, f"a number in it is not finite or beyond {LATENT_LIMIT:g}", "use another latent")


def _check_limits(name: str, value: float, limits: tuple[float, float]) -> None:
    if not limits[0] <= value <= limits[1]:
        raise LookError(name, f"{value!r} is out of range", f"give one from {limits[0]} to {limits[1]}")
