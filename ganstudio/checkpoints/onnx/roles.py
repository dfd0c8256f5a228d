"""Which input of an ONNX model is the latent, the class, the truncation, and which output holds pictures.

A model says names, types and shapes; what they mean is told by these, in the order of certainty, and a person may say
it instead.
"""

from dataclasses import dataclass, replace

from ganstudio.checkpoints.base import Assumptions
from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.onnx.graph import OnnxModel, Port, Step

LATENT_WORDS = ("z", "latent", "latents", "noise", "input_z", "w", "input", "x")
LABEL_WORDS = ("label", "labels", "class", "classes", "class_label", "y", "c", "cond", "category", "one_hot", "onehot")
TRUNCATION_WORDS = ("truncation", "trunc", "psi", "truncation_psi", "trunc_psi")
_FLOATS = ("float32", "float16", "float64")
_WHOLE = ("int64", "int32")
_SEE_THROUGH = ("Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose")
_DEFAULT_CLASSES = 10
_MAX_CLASSES = 100_000
_ENDINGS = {"Tanh": (-1.0, 1.0), "Sigmoid": (0.0, 1.0)}


@dataclass(frozen=True)
class Roles:
    """What the parts of a model are for.

    Attributes:
        latent: Takes z.
        label: Takes the class, None where there is none.
        num_classes: How many, 0 for none.
        truncation: Takes the truncation, None where there is none.
        silent: Inputs of unknown use, to be given zeros.
        outputs: Outputs that could hold pictures, likeliest first.
        warnings: What is only guessed.
    """

    latent: Port
    label: Port | None
    num_classes: int
    truncation: Port | None
    silent: tuple[Port, ...]
    outputs: tuple[Port, ...]
    warnings: tuple[str, ...] = ()


def find_roles(model: OnnxModel, assumptions: Assumptions) -> Roles:
    """Tell the roles.

    Raises:
        ContentError: No input can be a latent, no output a picture, or an input remains that nobody can fill.
    """
    inputs = list(model.inputs)
    latent = _take(inputs, assumptions.get("latent_input"), _find_latent(inputs))
    if latent is None:
        shown = ", ".join(f"{port.name} {list(port.shape)}" for port in model.inputs)[:120] or "none"
        raise ContentError(f"none of its inputs can be a latent ({shown})", "say it: --assume latent_input=NAME")
    if any(size is None for size in latent.shape[1:]) or len(latent.shape) < 2:
        raise ContentError(f"its latent input {latent.name!r} has no fixed length", "export it with a fixed length")
    truncation = _take(inputs, assumptions.get("truncation_input"), _find_truncation(inputs))
    label = _take(inputs, assumptions.get("label_input"), _find_label(inputs))
    classes, warnings = _count_classes(model, label, assumptions)
    for port in inputs:
        if port.dtype not in (*_FLOATS, *_WHOLE, "bool") or any(size is None for size in port.shape[1:]):
            raise ContentError(f"nobody says what its input {port.name!r} is for", "export it without that input")
        warnings = (*warnings, f"its input {port.name!r} is given zeros")
    outputs = _find_outputs(model, assumptions.get("output"))
    if len(latent.shape) == 3:
        warnings = (*warnings, f"its latent {list(latent.shape[1:])} looks like w_plus: random ones draw poor pictures")
    return Roles(latent, label, classes, truncation, tuple(inputs), outputs, warnings)


def output_range_of(model: OnnxModel, output: str) -> tuple[float, float] | None:
    """The range that the last operation before an output keeps to, or None where it keeps to none."""
    makers = {name: step for step in model.steps for name in step.outputs}
    step = _through(makers.get(output), makers)
    return _ENDINGS.get(step.operator) if step is not None else None


def channels_last(port: Port) -> bool:
    """Whether an output's shape says that channels come last."""
    return len(port.shape) == 4 and port.shape[3] in (1, 3) and port.shape[1] not in (1, 3)


def with_size(port: Port, shape: tuple[int, ...]) -> Port:
    """The port with the shape that it turned out to have."""
    return replace(port, shape=tuple(shape))


def _take(inputs: list[Port], said: str | None, found: Port | None) -> Port | None:
    """Remove the input that was said, else the one that was found, and return it."""
    if said is not None:
        found = next((port for port in inputs if port.name == said), None)
        if found is None and said not in ("", "none"):
            raise ContentError(f"it has no input {said[:60]!r}", f"choose one of {[port.name for port in inputs]}")
    if found is not None:
        inputs.remove(found)
    return found


def _find_latent(inputs: list[Port]) -> Port | None:
    fitting = [port for port in inputs if port.dtype in _FLOATS and 2 <= len(port.shape) <= 4 and port.shape[1] != 1]
    fitting = [port for port in fitting if not _is_named(port, (*LABEL_WORDS, *TRUNCATION_WORDS))]
    named = [port for word in LATENT_WORDS for port in fitting if _is_named(port, (word,))]
    flat = [port for port in fitting if all(size == 1 for size in port.shape[2:])]
    return next(iter([*named, *flat, *fitting]), None)


def _find_truncation(inputs: list[Port]) -> Port | None:
    small = [port for port in inputs if port.dtype in _FLOATS and all(size in (1, None) for size in port.shape)]
    named = [port for port in small if _is_named(port, TRUNCATION_WORDS)]
    return next(iter(named), None)


def _find_label(inputs: list[Port]) -> Port | None:
    numbers = [
        port for port in inputs if port.dtype in _WHOLE and len(port.shape) <= 2 and port.shape[1:] in ((), (1,))
    ]
    rows = [port for port in inputs if port.dtype in (*_FLOATS, *_WHOLE) and len(port.shape) == 2]
    named = [port for port in [*numbers, *rows] if _is_named(port, LABEL_WORDS)]
    return next(iter([*named, *numbers]), None)


def _is_named(port: Port, words: tuple[str, ...]) -> bool:
    return port.name.lower().split(":")[0].rpartition("/")[2] in words


def _count_classes(model: OnnxModel, label: Port | None, assumptions: Assumptions) -> tuple[int, tuple[str, ...]]:
    if label is None:
        return 0, ()
    said = assumptions.get("num_classes", "")
    if said.isdecimal() and 1 <= int(said[:9]) <= _MAX_CLASSES:
        return int(said), ()
    if len(label.shape) == 2 and label.shape[1] not in (1, None):
        return label.shape[1] or 0, ()
    rows = _rows_looked_up(model, label.name)
    if rows:
        return rows, ()
    warning = f"it does not say how many classes it has; {_DEFAULT_CLASSES} are assumed (--assume num_classes=N)"
    return _DEFAULT_CLASSES, (warning,)


def _rows_looked_up(model: OnnxModel, label: str) -> int:
    """Rows of the table that a class is looked up in, 0 where there is none."""
    makers = {name: step for step in model.steps for name in step.outputs}
    shapes = {tensor.name: tensor.shape for tensor in model.weights}
    for step in model.steps:
        if step.operator not in ("Gather", "GatherND") or len(step.inputs) < 2:
            continue
        shape = shapes.get(step.inputs[0], ())
        if _origin(step.inputs[1], makers) == label and len(shape) == 2 and shape[0] <= _MAX_CLASSES:
            return shape[0]
    return 0


def _origin(name: str, makers: dict[str, Step]) -> str:
    for _ in range(len(_SEE_THROUGH) * 4):
        step = makers.get(name)
        if step is None or step.operator not in _SEE_THROUGH or not step.inputs:
            break
        name = step.inputs[0]
    return name


def _through(step: Step | None, makers: dict[str, Step]) -> Step | None:
    """The first operation before this one that changes values."""
    for _ in range(len(_SEE_THROUGH) * 4):
        if step is None or step.operator not in _SEE_THROUGH or not step.inputs:
            break
        step = makers.get(step.inputs[0])
    return step


def _find_outputs(model: OnnxModel, said: str | None) -> tuple[Port, ...]:
    outputs = [port for port in model.outputs if said is None or port.name == said]
    if not outputs:
        names = ", ".join(port.name for port in model.outputs)[:100]
        raise ContentError(f"it has no output {str(said)[:60]!r}", f"choose one of {names}")
    fitting = [port for port in outputs if port.dtype in (*_FLOATS, "uint8") and _could_be_pictures(port)]
    if not fitting:
        shown = ", ".join(f"{port.name} {list(port.shape)}" for port in outputs)[:120]
        raise ContentError(f"none of its outputs can hold pictures ({shown})", "open the model of a generator")
    return tuple(sorted(fitting, key=lambda port: -(port.shape[2] or 0) if port.shape else 0))


def _could_be_pictures(port: Port) -> bool:
    if not port.shape:
        return True  # not said; running it will tell
    if len(port.shape) != 4:
        return False
    return any(channels in (1, 3, None) for channels in (port.shape[1], port.shape[3]))
