"""The kinds of layer, their fields, and the shape that each makes of a shape; without torch."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ganstudio.networks.spec import NetworkConfigError

Layer = Mapping[str, Any]
Shape = tuple[int, ...]  # (F,) of vectors or (C, H, W) of maps, without the batch

MAX_LAYERS = 500
MAX_DEPTH = 6
MAX_VALUES = 1 << 26  # values of one picture's activations: 512 maps of 362 px
MAX_WIDTH = 1 << 20
ACTIVATIONS = ("relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "softplus")
MODES = ("nearest", "bilinear", "bicubic")
JOINS = ("concat", "add", "multiply")


@dataclass(frozen=True)
class Field:
    """A value of a layer: type, limits or choices, and what it is where it is not given (None: it must be)."""

    type: type
    low: float = 0
    high: float = MAX_WIDTH
    choices: tuple[str, ...] = ()
    default: Any = None


@dataclass(frozen=True)
class LayerKind:
    """One kind of layer.

    Attributes:
        fields: Its values by name.
        shape: Makes its output shape of its values, its input shape and the number of classes.
    """

    fields: Mapping[str, Field]
    shape: Callable[[Layer, Shape, int], Shape]


def fill_layer(layer: object, depth: int = 0) -> dict[str, Any]:
    """Check a layer that came from a file and fill in what it leaves out.

    Raises:
        NetworkConfigError: It is no layer, of an unknown kind, or a value is unknown, missing or out of range.
    """
    if not isinstance(layer, Mapping) or layer.get("kind") not in KINDS:
        raise NetworkConfigError("layers", f"{str(layer)[:60]!r} is no layer", f"its kind is one of {', '.join(KINDS)}")
    fields = KINDS[layer["kind"]].fields
    if unknown := [str(key) for key in layer if key != "kind" and key not in fields]:
        raise NetworkConfigError(layer["kind"], f"it has no value {unknown[0][:40]!r}", f"known: {', '.join(fields)}")
    filled: dict[str, Any] = {"kind": layer["kind"]}
    for name, field in fields.items():
        filled[name] = _fill(f"{layer['kind']}.{name}", layer.get(name, field.default), field, depth)
    return filled


def _fill(name: str, value: Any, field: Field, depth: int) -> Any:
    if name == "branches.branches":
        return _fill_branches(value, depth)
    if field.type is tuple:
        if not isinstance(value, list | tuple) or not 1 <= len(value) <= 3:
            raise NetworkConfigError(name, f"{value!r} is no shape", "give one or three sizes")
        return [_check_number(name, size, Field(int, 1)) for size in value]
    if field.type is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not field.type:
        raise NetworkConfigError(name, f"{str(value)[:60]!r} is not of type {field.type.__name__}", "correct it")
    if field.choices and value not in field.choices:
        raise NetworkConfigError(name, f"{str(value)[:60]!r} is unknown", f"choose one of {', '.join(field.choices)}")
    return _check_number(name, value, field) if field.type in (int, float) else value


def _check_number(name: str, value: Any, field: Field) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not field.low <= value <= field.high:
        raise NetworkConfigError(name, f"{str(value)[:60]} is out of range", f"choose {field.low} to {field.high}")
    return value


def _fill_branches(branches: Any, depth: int) -> list[list[dict[str, Any]]]:
    if depth >= MAX_DEPTH or not isinstance(branches, list | tuple) or not 2 <= len(branches) <= 8:
        raise NetworkConfigError("branches", "they are no 2 to 8 lists of layers, or too deep", "correct them")
    return [fill_layers(branch, depth + 1) for branch in branches]


def fill_layers(layers: Any, depth: int = 0) -> list[dict[str, Any]]:
    """Check a list of layers; see `fill_layer`."""
    if not isinstance(layers, list | tuple) or len(layers) > MAX_LAYERS:
        raise NetworkConfigError("layers", f"they are no list of up to {MAX_LAYERS}", "correct them")
    return [fill_layer(layer, depth) for layer in layers]


def output_shape(layers: Sequence[Layer], shape: Shape, classes: int = 0) -> Shape:
    """The shape that filled layers make of a shape.

    Raises:
        NetworkConfigError: A layer does not fit what comes before it, or what it makes is too large.
    """
    for layer in layers:
        shape = layer_shape(layer, shape, classes)
    return shape


def layer_shape(layer: Layer, shape: Shape, classes: int = 0) -> Shape:
    """The shape that one filled layer makes of a shape; errors as for `output_shape`."""
    result = KINDS[layer["kind"]].shape(layer, shape, classes)
    if min(result) < 1 or math.prod(result) > MAX_VALUES:
        raise NetworkConfigError(layer["kind"], f"it would make {result} of {shape}", "correct the layers before it")
    return result


def _need(layer: Layer, ok: bool, shape: Shape) -> None:
    if not ok:
        raise NetworkConfigError(layer["kind"], f"it does not fit values of shape {shape}", "correct the layers")


def _linear(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, shape == (layer["inputs"],), shape)
    return (layer["outputs"],)


def _conv(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, len(shape) == 3 and shape[0] == layer["inputs"], shape)
    grown = 2 * layer["padding"] - layer["kernel"]
    sizes = ((size + grown) // layer["stride"] + 1 for size in shape[1:])
    return (layer["outputs"], *sizes)


def _conv_transpose(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, len(shape) == 3 and shape[0] == layer["inputs"], shape)
    _need(layer, layer["output_padding"] < layer["stride"], shape)
    grown = layer["kernel"] - 2 * layer["padding"] + layer["output_padding"]
    return (layer["outputs"], *((size - 1) * layer["stride"] + grown for size in shape[1:]))


def _same_features(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, shape[0] == layer["features"], shape)
    return shape


def _class_features(layer: Layer, shape: Shape, classes: int) -> Shape:
    _need(layer, layer["classes"] == classes, shape)
    return _same_features(layer, shape, classes)


def _group_norm(layer: Layer, shape: Shape, classes: int) -> Shape:
    _need(layer, layer["features"] % layer["groups"] == 0, shape)
    return _same_features(layer, shape, classes)


def _layer_norm(layer: Layer, shape: Shape, _: int) -> Shape:
    size = tuple(layer["shape"])
    _need(layer, shape[len(shape) - len(size) :] == size, shape)
    return shape


def _same(layer: Layer, shape: Shape, _: int) -> Shape:  # noqa: ARG001 - all of a kind take the same
    return shape


def _upsample(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, len(shape) == 3, shape)
    return (shape[0], shape[1] * layer["factor"], shape[2] * layer["factor"])


def _pool(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, len(shape) == 3, shape)
    return (shape[0], shape[1] // layer["factor"], shape[2] // layer["factor"])


def _pixel_shuffle(layer: Layer, shape: Shape, _: int) -> Shape:
    area = layer["factor"] ** 2
    _need(layer, len(shape) == 3 and shape[0] % area == 0, shape)
    return (shape[0] // area, shape[1] * layer["factor"], shape[2] * layer["factor"])


def _reshape(layer: Layer, shape: Shape, _: int) -> Shape:
    size = tuple(layer["shape"])
    _need(layer, math.prod(size) == math.prod(shape) and len(size) in (1, 3), shape)
    return size


def _crop(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, len(shape) == 3 and min(shape[1:]) >= layer["size"], shape)
    return (shape[0], layer["size"], layer["size"])


def _class_vector(layer: Layer, shape: Shape, classes: int) -> Shape:
    _need(layer, layer["classes"] == classes, shape)
    return (layer.get("length", classes),)


def _part(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, len(shape) == 1 and layer["start"] + layer["length"] <= shape[0], shape)
    return (layer["length"],)


def _attention(layer: Layer, shape: Shape, _: int) -> Shape:
    _need(layer, len(shape) == 3 and shape[0] == layer["features"], shape)
    return shape


def _branches(layer: Layer, shape: Shape, classes: int) -> Shape:
    shapes = [output_shape(branch, shape, classes) for branch in layer["branches"]]
    if layer["how"] == "concat":
        _need(layer, len({size[1:] for size in shapes}) == 1, shape)
        return (sum(size[0] for size in shapes), *shapes[0][1:])
    _need(layer, len(set(shapes)) == 1, shape)
    return shapes[0]


_COUNT = Field(int, 1)
_BIAS = Field(bool, default=True)
_KERNEL = {"inputs": _COUNT, "outputs": _COUNT, "kernel": Field(int, 1, 64), "stride": Field(int, 1, 16, default=1),
           "padding": Field(int, 0, 64, default=0)}  # fmt: skip
_EPS = Field(float, 0.0, 100.0, default=1e-5)
_FACTOR = {"factor": Field(int, 2, 16, default=2)}
_AFFINE = Field(bool, default=True)

KINDS: dict[str, LayerKind] = {
    "linear": LayerKind({"inputs": _COUNT, "outputs": _COUNT, "bias": _BIAS}, _linear),
    "conv": LayerKind({**_KERNEL, "bias": _BIAS}, _conv),
    "conv_transpose": LayerKind(
        {**_KERNEL, "output_padding": Field(int, 0, 15, default=0), "bias": _BIAS}, _conv_transpose
    ),
    "batch_norm": LayerKind({"features": _COUNT, "eps": _EPS, "affine": _AFFINE}, _same_features),
    "conditional_batch_norm": LayerKind({"features": _COUNT, "classes": _COUNT, "eps": _EPS}, _class_features),
    "instance_norm": LayerKind({"features": _COUNT, "eps": _EPS, "affine": _AFFINE}, _same_features),
    "group_norm": LayerKind({"features": _COUNT, "groups": _COUNT, "eps": _EPS}, _group_norm),
    "layer_norm": LayerKind({"shape": Field(tuple), "eps": _EPS}, _layer_norm),
    "pixel_norm": LayerKind({"eps": Field(float, 0.0, 1.0, default=1e-8)}, _same),
    "activation": LayerKind(
        {"function": Field(str, choices=ACTIVATIONS), "slope": Field(float, -10.0, 10.0, default=0.0)}, _same
    ),
    "prelu": LayerKind({"features": _COUNT}, lambda layer, shape, _: shape if layer["features"] == 1 else
                       _same_features(layer, shape, 0)),
    "upsample": LayerKind({**_FACTOR, "mode": Field(str, choices=MODES, default="nearest"),
                           "align_corners": Field(bool, default=False)}, _upsample),
    "average_pool": LayerKind(_FACTOR, _pool),
    "max_pool": LayerKind(_FACTOR, _pool),
    "pixel_shuffle": LayerKind(_FACTOR, _pixel_shuffle),
    "reshape": LayerKind({"shape": Field(tuple), "order": Field(str, choices=("chw", "hwc"), default="chw")}, _reshape),
    "crop": LayerKind({"size": _COUNT}, _crop),
    "part": LayerKind({"start": Field(int), "length": _COUNT}, _part),
    "one_hot": LayerKind({"classes": _COUNT}, _class_vector),
    "embedding": LayerKind({"classes": _COUNT, "length": _COUNT}, _class_vector),
    "attention": LayerKind({"features": _COUNT, "inner": _COUNT, "value": _COUNT, "output": Field(bool, default=False),
                            "bias": _BIAS}, _attention),
    "branches": LayerKind({"how": Field(str, choices=JOINS), "branches": Field(list)}, _branches),
}  # fmt: skip
