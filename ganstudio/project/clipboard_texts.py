"""Latents and edits as text: copied to be pasted here or elsewhere, and read from whatever a person pastes.

A latent is one line of JSON: `latent`, which fields of a look it is; `space`, `shape` and `values`, its numbers as
shortest decimals that give the same float32 again. Edits are one line of JSON: `edits` and the `directions` that they
need. Pasted may be both of these, the recipe of a picture, and plain numbers: a list, rows of a list, or what numpy and
torch print, with `z`, `w` or `w+` and a colon or `=` before them where their number could mean several.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ganstudio.errors import GanStudioError
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.project.adjusting import adjust, changed, visit
from ganstudio.project.direction_edits import add_directions
from ganstudio.project.direction_text import directions_of_text
from ganstudio.project.recipe import Recipe, read_recipe
from ganstudio.project.state import Project
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.looks.point import LatentPoint, latent_point

LONGEST_TEXT = 16 << 20
_LATENT_FIELDS = ("seed", "drift", "point", "between", "blend_seed", "blend")
_SPACES = {"z": "z", "w": "w", "w+": "w_plus", "w_plus": "w_plus", "wplus": "w_plus"}
_LABELLED = re.compile(r"\s*[\"']?(z|w\+|w_plus|wplus|w)[\"']?\s*[:=]", re.IGNORECASE)
_WRAPPING = re.compile(r"^(?:np\.|numpy\.|torch\.)?(?:array|tensor|Tensor|Parameter|asarray)\s*\(|,?\s*"
                       r"(?:dtype|device|requires_grad|grad_fn|size)\s*=\s*[^,)\]]*")  # fmt: skip
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_BETWEEN = re.compile(r"[\s,\[\]();]*")
_HINT = "copy a latent, edits, or a list of numbers first"


class PasteError(GanStudioError):
    """A text that is nothing that can be pasted."""

    def __init__(self, reason: str, remedy: str = _HINT) -> None:
        super().__init__("clipboard", reason, remedy)

    def __reduce__(self) -> Any:
        return type(self), (self.reason, self.remedy)


@dataclass(frozen=True)
class PastedLatent:
    """A latent.

    Attributes:
        look: A look that begins with it.
        words: What it is, for the person.
    """

    look: Look
    words: str


@dataclass(frozen=True)
class PastedEdits:
    """Edits, and the directions that they need.

    Attributes:
        edits: Take the place of those that are there; None for directions alone.
        directions: Those that no checkpoint carries.
    """

    edits: tuple[Edit, ...] | None
    directions: tuple[OwnDirection, ...]


Pasted = PastedLatent | PastedEdits | Recipe


def latent_text(look: Look, numbers: LatentPoint | None) -> str:
    """The latent of a look as one line.

    Args:
        look: The look.
        numbers: Its numbers, where they are known.
    """
    whole, plain = look.to_json(), Look().to_json()
    fields = {name: whole[name] for name in _LATENT_FIELDS if name in whole and whole[name] != plain.get(name)}
    values: dict[str, Any] = {"latent": {"seed": look.seed, **fields}}
    if numbers is None:
        return json.dumps(values)
    if numbers == look.point:  # then the values below say it, for people to read
        values["latent"].pop("point", None)
    text = json.dumps({**values, "space": numbers.space, "shape": list(numbers.shape)})
    shortest = ", ".join(map(_shortest, numbers.array.ravel()))
    return f'{text[:-1]}, "values": [{shortest}]}}'


def edits_text(project: Project) -> str:
    """The edits of the picture on the canvas as one line, with the vectors of the project's own directions."""
    own = project.directions_of((replace(project.look, mix=None),))
    values = {"edits": [edit.to_json() for edit in project.look.edits], "directions": [one.to_json() for one in own]}
    return json.dumps(values)


def read_pasted(text: str, spec: GeneratorSpec) -> Pasted:
    """Make out what a pasted text is.

    Args:
        text: The text.
        spec: Of the open model, which says what plain numbers can be.

    Raises:
        PasteError: It is nothing that can be pasted, or numbers that the model has no latent of.
        LookError: A value in it is out of range.
    """
    text = text.strip()
    if not text:
        raise PasteError("there is no text on it")
    if len(text) > LONGEST_TEXT:
        raise PasteError(f"its text is longer than {LONGEST_TEXT >> 20} MB")
    if text.startswith("{"):
        return _read_object(text, spec)
    return _read_numbers(text, spec)


def paste(project: Project, pasted: PastedLatent | PastedEdits) -> Project:
    """Put a latent, or edits in the place of those that are there, on the canvas; locked sliders stay."""
    if isinstance(pasted, PastedLatent):
        fields = {name: getattr(pasted.look, name) for name in _LATENT_FIELDS}
        look = changed(project.look, **fields)
        return project if look == project.look else visit(project, look)
    project = add_directions(project, pasted.directions)
    if pasted.edits is None:
        return project
    locked = {edit.key: edit for edit in project.look.edits if project.slider_of(edit.direction).is_locked}
    new = {edit.key: edit for edit in pasted.edits if not project.slider_of(edit.direction).is_locked}
    order = dict.fromkeys((*(edit.key for edit in pasted.edits), *locked))
    edits = tuple(found for key in order if (found := locked.get(key) or new.get(key)) is not None)
    return adjust(project, changed(project.look, edits=edits))


def _shortest(number: np.float32) -> str:
    return np.format_float_scientific(number, trim="-") if 0 < abs(number) < 1e-4 else str(number)


def _read_object(text: str, spec: GeneratorSpec) -> Pasted:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PasteError("its text is cut short or damaged JSON", "copy all of it") from error
    if "look" in values or "looks" in values:
        return read_recipe(values)
    if "edits" in values or values.get("ganstudio") == "directions":
        return _read_edits(values)
    if "latent" in values or "values" in values:
        return _read_latent(values, spec)
    for name, space in _SPACES.items():
        if name in values:
            return _read_array(values[name], space, spec)
    raise PasteError("its text is JSON, but neither a latent, nor edits, nor a recipe")


def _read_edits(values: Mapping[str, Any]) -> PastedEdits:
    listed, own = values.get("edits"), values.get("directions", [])
    if listed is None:
        return PastedEdits(None, directions_of_text(json.dumps(values)))
    if not isinstance(listed, list) or not isinstance(own, list):
        raise PasteError("its edits are no list", "copy the edits again")
    look = Look.from_json({"edits": listed})  # checks them together
    return PastedEdits(look.edits, tuple(OwnDirection.from_json(one) for one in own))


def _read_latent(values: Mapping[str, Any], spec: GeneratorSpec) -> PastedLatent:
    fields = values.get("latent", {})
    if not isinstance(fields, Mapping) or set(fields) - set(_LATENT_FIELDS):
        raise PasteError("what it says of a latent is damaged", "copy it again")
    look = Look.from_json(dict(fields))
    if "values" not in values or ("latent" in values and _is_own(look, values, spec)):
        return PastedLatent(look, "a latent")
    space = _SPACES.get(str(values.get("space", "")))
    pasted = _read_array(values["values"], space, spec, values.get("shape"))
    kept = replace(look, point=pasted.look.point, drift=(0.0, 0.0), between=None, blend_seed=None, blend=0.0)
    return PastedLatent(kept, pasted.words)


def _is_own(look: Look, values: Mapping[str, Any], spec: GeneratorSpec) -> bool:
    """Whether the numbers are those of the look here, so that its seed can stand for them."""
    from ganstudio.rendering.latent_numbers import latent_numbers

    known = latent_numbers(look, spec)
    try:
        array = np.asarray(values["values"], np.float64)
    except (TypeError, ValueError):
        return False
    return known is not None and array.shape == known.shape and bool((array.astype(np.float32) == known.array).all())


def _read_array(values: Any, space: str | None, spec: GeneratorSpec, shape: Any = None) -> PastedLatent:
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise PasteError("its values are not all numbers", "copy the latent again") from error
    if isinstance(shape, list) and array.size == np.prod([size for size in shape if isinstance(size, int)] or [0]):
        array = array.reshape(shape)
    return _fit(array, space, spec)


def _read_numbers(text: str, spec: GeneratorSpec) -> PastedLatent:
    space = None
    if label := _LABELLED.match(text):
        space, text = _SPACES[label[1].lower()], text[label.end() :]
    if "..." in text or "…" in text:
        remedy = "print them all, with numpy.set_printoptions(threshold=10**6)"
        raise PasteError("its numbers are cut short by ...", remedy)
    if re.search(r"(?i)\b(nan|inf)", text):
        raise PasteError("a number in it is none", "copy a latent without nan and inf")
    plain = _WRAPPING.sub(" ", text.strip())
    numbers = _NUMBER.findall(plain)
    if not numbers or _BETWEEN.fullmatch(_NUMBER.sub(" ", plain)) is None:
        raise PasteError("its text is neither a latent, nor edits, nor a list of numbers")
    return _fit(np.array([float(number) for number in numbers]), space, spec)


def _fit(array: np.ndarray[Any, np.dtype[np.float64]], space: str | None, spec: GeneratorSpec) -> PastedLatent:
    """Make a latent of numbers, by their space where it is said, else by how many they are."""
    shapes = spec.latent_shapes
    wanted = [name for name in shapes if space in (None, name)]
    for name in wanted:
        if array.size == int(np.prod(shapes[name])):
            point = latent_point(name, array.reshape(shapes[name]))
            return PastedLatent(Look(point=point), f"a latent of {name.replace('_plus', '+')}")
    sizes = " or ".join(f"{int(np.prod(shape))} ({name.replace('_plus', '+')})" for name, shape in shapes.items())
    if space is not None and space not in shapes:
        raise PasteError(
            f"it is a latent of {space.replace('_plus', '+')}, which this model has not", f"it takes {sizes}"
        )
    raise PasteError(f"it holds {array.size:,} numbers", f"a latent of the open model has {sizes}")
