"""Tensors grouped by the layer that they belong to; spectral and weight normalisation folded into the weights."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.tree import TensorData
from ganstudio.checkpoints.wrappers import StateDict

Floats = npt.NDArray[np.float32]

MAX_UNITS = 400
_PARAMETRISED = re.compile(r"^(.*?)\.?parametrizations\.weight\.(?:0\._([uv])|(original[01]?))$")
_ORIGINALS = {"original": "weight_orig", "original0": "weight_g", "original1": "weight_v"}
_STATISTICS = ("running_mean", "running_var")


@dataclass(frozen=True, eq=False)
class Unit:
    """One layer with weights.

    Attributes:
        name: Its name in the state_dict.
        kind: "matrix" (linear or embedding), "filters" (convolution or transposed), "norm", "layer_norm", "prelu",
            "attention", or "other" for what is not understood.
        arrays: Its tensors by their last names, float32, folded.
        said: What a whole pickled module says of it: "class" and plain attributes.
        parts: Names of the units inside a composite one, by what they are ("query" ...).
    """

    name: str
    kind: str
    arrays: Mapping[str, Floats] = field(repr=False)
    said: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, "Unit"] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the weight; () where there is none."""
        return tuple(self.arrays["weight"].shape) if "weight" in self.arrays else ()

    @property
    def features(self) -> int:
        """Features of a normalisation or PReLU."""
        first = self.arrays.get("weight", self.arrays.get("running_mean"))
        return 0 if first is None else int(first.size)

    @property
    def outputs(self) -> int:
        """Output features that a bias tells, 0 where there is none."""
        return int(self.arrays["bias"].size) if "bias" in self.arrays else 0

    @property
    def has_statistics(self) -> bool:
        """Whether it remembers the mean and variance of what went through it."""
        return "running_mean" in self.arrays and "running_var" in self.arrays


def make_units(part: StateDict) -> list[Unit]:
    """Group the tensors of a state_dict by layer, in its order; the same weights under two names count once."""
    groups: dict[str, dict[str, TensorData]] = {}
    for name, tensor in part.tensors.items():
        module, leaf = _split_name(name)
        if leaf != "num_batches_tracked":
            groups.setdefault(module, {})[leaf] = tensor
    units = [_make_unit(name, leaves, part.modules.get(name, {})) for name, leaves in groups.items()][:MAX_UNITS]
    return _join_attention(_drop_copies(units))


def _split_name(name: str) -> tuple[str, str]:
    if match := _PARAMETRISED.match(name):
        module, vector, original = match.groups()
        return module, f"weight_{vector}" if vector else _ORIGINALS[original]
    module, _, leaf = name.rpartition(".")
    if leaf in ("weight_bar", "weight_u", "weight_v") or module.endswith(".module"):
        return module.removesuffix(".module"), "weight_orig" if leaf == "weight_bar" else leaf
    return module, leaf


def _make_unit(name: str, leaves: Mapping[str, TensorData], said: Mapping[str, Any]) -> Unit:
    arrays = {leaf: _floats(tensor) for leaf, tensor in leaves.items()}
    if "weight_orig" in arrays:
        arrays = _fold_spectral(arrays, str(said.get("class", "")))
    elif {"weight_g", "weight_v"} <= arrays.keys():
        scale = arrays.pop("weight_g")
        direction = arrays.pop("weight_v")
        axes = tuple(axis for axis in range(direction.ndim) if scale.shape[axis] == 1)
        arrays["weight"] = scale * direction / np.sqrt(np.square(direction).sum(axis=axes, keepdims=True))
    return Unit(name, _kind(arrays), arrays, said)


def _floats(tensor: TensorData) -> Floats:
    with np.errstate(over="ignore", invalid="ignore"):  # damaged values become infinite, which is refused later
        return np.asarray(tensor.array(), np.float32)


def _fold_spectral(arrays: dict[str, Floats], class_name: str) -> dict[str, Floats]:
    """Divide by the largest singular value as evaluation does. Source: Miyato et al. 2018, section 2.1."""
    weight = arrays["weight_orig"]
    rest = {leaf: array for leaf, array in arrays.items() if not leaf.startswith("weight_")}
    left, right = arrays.get("weight_u"), arrays.get("weight_v")
    axis = 1 if weight.ndim == 4 and left is not None and _turned(weight, left, right, class_name) else 0
    matrix = np.moveaxis(weight, axis, 0).reshape(weight.shape[axis], -1)
    if left is None or left.size != len(matrix):
        left = np.linalg.svd(matrix, full_matrices=False)[0][:, 0]
    if right is None or right.size != matrix.shape[1]:
        right = matrix.T @ left
        right = right / max(float(np.linalg.norm(right)), 1e-12)
    sigma = float(left.reshape(-1) @ (matrix @ right.reshape(-1)))
    rest["weight"] = (weight / np.float32(sigma or 1.0)).astype(np.float32)
    return rest


def _turned(weight: Floats, left: Floats, right: Floats | None, class_name: str) -> bool:
    """Whether the matrix was taken along the second axis, as torch does for transposed convolutions."""
    if weight.shape[0] != weight.shape[1]:
        return int(left.size) == int(weight.shape[1])
    if right is None or class_name:
        return "Transpose" in class_name
    sigmas = [abs(float(left.ravel() @ (np.moveaxis(weight, axis, 0).reshape(left.size, -1) @ right.ravel())))
              for axis in (0, 1)]  # fmt: skip
    return bool(sigmas[1] > sigmas[0])  # only along the right axis do u and v belong to the largest singular value


def _kind(arrays: Mapping[str, Floats]) -> str:
    weight = arrays.get("weight")
    if any(array.size == 0 for array in arrays.values()):
        return "other"
    if set(_STATISTICS) <= arrays.keys():
        return "norm"
    return "other" if weight is None else _kind_of_weight(weight, arrays.get("bias"))


def _kind_of_weight(weight: Floats, bias: Floats | None) -> str:
    if weight.ndim == 4:
        return "filters" if weight.shape[2] == weight.shape[3] else "other"
    if weight.ndim == 2:
        return "matrix"
    if bias is not None and bias.shape == weight.shape:
        return "norm" if weight.ndim == 1 else "layer_norm"
    return "prelu" if weight.ndim == 1 and bias is None else "other"


def _drop_copies(units: list[Unit]) -> list[Unit]:
    """Of layers that are registered twice keep the copy that stands in a numbered list, else the later one."""
    kept: list[Unit] = []
    for unit in units:
        twin = next((other for other in kept if _same(unit, other)), None)
        if twin is None:
            kept.append(unit)
        elif not _is_numbered(twin.name) or _is_numbered(unit.name):
            kept.remove(twin)
            kept.append(unit)
    return kept


def _same(left: Unit, right: Unit) -> bool:
    if left.kind not in ("matrix", "filters") or left.shape != right.shape or left.arrays.keys() != right.arrays.keys():
        return False
    return all(np.array_equal(array, right.arrays[leaf]) for leaf, array in left.arrays.items())


def _is_numbered(name: str) -> bool:
    return name.rpartition(".")[2].isdigit()


def _join_attention(units: list[Unit]) -> list[Unit]:
    """Join three or four 1x1 convolutions beside a single number into one unit of self-attention."""
    joined: list[Unit] = []
    taken = set[str]()
    for unit in units:
        share = next((array for array in unit.arrays.values() if array.size == 1), None)
        inside = [other for other in units if other.name.startswith(unit.name + ".") and other.kind == "filters"]
        small = all(other.shape[2:] == (1, 1) for other in inside)
        if unit.kind == "other" and share is not None and len(inside) in (3, 4) and small:
            taken |= {other.name for other in inside} | {unit.name}
            joined.append(
                Unit(unit.name, "attention", {"share": share.reshape(1)}, unit.said, _attention_parts(inside))
            )
    places = {unit.name: unit for unit in joined}
    return [places.get(unit.name, unit) for unit in units if unit.name in places or unit.name not in taken]


def _attention_parts(inside: list[Unit]) -> dict[str, Unit]:
    words = {"query": ("query", "theta", "f"), "key": ("key", "phi", "g"), "value": ("value", "h")}
    parts = dict(zip(("query", "key", "value", "output"), inside, strict=False))  # the order of most scripts
    for part, names in words.items():
        for unit in inside:
            if any(re.fullmatch(rf"{word}(_?conv.*)?", unit.name.rpartition(".")[2].lower()) for word in names):
                parts[part] = unit
    return parts
