"""The recipe that a picture carries: enough to come back to it, kept in the picture file itself.

It is one JSON object: `schema` a number, `program` which version wrote it, `checkpoint` the path of the model as it was
then, `model` the SHA-256 and size of its file, `look` latent and edits (or `looks` and `sheet`, for several on one
sheet), `directions` those that the model does not carry, with their vectors, and `texts` (see `long_texts.py`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import ganstudio
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.fingerprints import Fingerprint
from ganstudio.project.long_texts import restore, share
from ganstudio.rendering.looks.checking import LookError, check_keys, check_whole
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection

SCHEMA = 2
_MOST_LOOKS = 10_000
_MOST_DIRECTIONS = 1000
_AS_SAVED = "use the picture as it was saved"


@dataclass(frozen=True)
class Sheet:
    """Several pictures on one, row by row.

    Attributes:
        looks: How they are made; the first is that of the recipe itself.
        columns: How many are in a row.
    """

    looks: tuple[Look, ...]
    columns: int


@dataclass(frozen=True)
class Recipe:
    """How a picture was made.

    Attributes:
        look: Latent and edits.
        checkpoint: Path of the model as it was then, or None.
        model: Which file the model is; None where that is not known.
        directions: Those that the look goes along and the model does not carry.
        sheet: The pictures, where they are several; else None.
    """

    look: Look
    checkpoint: str | None = None
    model: Fingerprint | None = None
    directions: tuple[OwnDirection, ...] = ()
    sheet: Sheet | None = None

    @property
    def looks(self) -> tuple[Look, ...]:
        """How all pictures on it are made."""
        return (self.look,) if self.sheet is None else self.sheet.looks

    def to_json(self) -> dict[str, Any]:
        """The recipe as plain values for `images.save_picture`."""
        values: dict[str, Any] = {
            "schema": SCHEMA,
            "program": f"GANStudio {ganstudio.__version__}",
            "checkpoint": self.checkpoint,
            "model": None if self.model is None else asdict(self.model),
            "look": self.look.to_json(),
        }
        if self.directions:
            values["directions"] = [direction.to_json() for direction in self.directions]
        if self.sheet is not None:
            values["looks"] = [look.to_json() for look in self.sheet.looks]
            values["sheet"] = {"columns": self.sheet.columns}
        texts: dict[str, str] = {}
        shared = share(values, texts)
        return {**shared, "texts": texts} if texts else values


class NewerRecipeError(LookError):
    """A recipe of a version that is yet to come."""


def read_recipe(values: Mapping[str, Any]) -> Recipe:
    """Check what a picture says of its making, in any version; inverse of `Recipe.to_json`.

    Raises:
        NewerRecipeError: A newer version wrote it.
        LookError: It is none of our recipes, or holds a value out of range.
    """
    _check_schema(values)
    try:
        values = restore(dict(values), values.get("texts", {}))
    except (KeyError, ValueError, TypeError) as error:
        raise LookError("recipe", "a text in it is missing", _AS_SAVED) from error
    checkpoint = values.get("checkpoint")
    if not isinstance(checkpoint, str | None):
        raise LookError("checkpoint", "it is not a path", "open the model first, then the picture")
    looks = _looks(values)
    sheet = _sheet(values, looks) if "looks" in values else None
    return Recipe(looks[0], checkpoint, _model(values), _directions(values), sheet)


def _check_schema(values: Mapping[str, Any]) -> None:
    schema = values.get("schema", 1)
    check_whole("schema", schema, (1, 10**6))
    if schema > SCHEMA:
        program = str(values.get("program") or "a newer version")[:40]
        reason = f"{program} made this picture (recipe {schema}); this is GANStudio {ganstudio.__version__}"
        raise NewerRecipeError("recipe", reason, "open it with the version that made it")


def _looks(values: Mapping[str, Any]) -> tuple[Look, ...]:
    listed = values.get("looks", [values.get("look")])
    if not isinstance(listed, list) or not 1 <= len(listed) <= _MOST_LOOKS:
        raise LookError("looks", "they are no list of pictures", _AS_SAVED)
    return tuple(Look.from_json(look) for look in listed)


def _sheet(values: Mapping[str, Any], looks: tuple[Look, ...]) -> Sheet:
    known: Mapping[str, Any] = check_keys("sheet", values.get("sheet", {}), {"columns": 1})
    columns = known.get("columns", 1)
    check_whole("columns", columns, (1, _MOST_LOOKS))
    return Sheet(looks, columns)


def _model(values: Mapping[str, Any]) -> Fingerprint | None:
    if values.get("model") is None:
        return None
    known: Mapping[str, Any] = check_keys("model", values["model"], Fingerprint.__dataclass_fields__)
    try:
        return Fingerprint(**known)
    except (TypeError, CheckpointError) as error:
        raise LookError("model", "what it says of its model is damaged", _AS_SAVED) from error


def _directions(values: Mapping[str, Any]) -> tuple[OwnDirection, ...]:
    listed = values.get("directions", [])
    if not isinstance(listed, list) or len(listed) > _MOST_DIRECTIONS:
        raise LookError("directions", "they are no list, or far too many", _AS_SAVED)
    return tuple(OwnDirection.from_json(one) for one in listed)
