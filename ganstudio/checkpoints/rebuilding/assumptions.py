"""What a person may say of a plain state_dict that it does not say itself: names, values, and checks of both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ganstudio.checkpoints.errors import AssumptionError
from ganstudio.checkpoints.rebuilding.choices import ACTIVATION_PRIORS, EPS_PRIORS, LAW_PRIORS, MODE_PRIORS, Given
from ganstudio.checkpoints.rebuilding.choices import OUTPUT_PRIORS as OUTPUTS
from ganstudio.checkpoints.rebuilding.entries import CLASS_INPUTS
from ganstudio.networks.described.kinds import ACTIVATIONS


@dataclass(frozen=True)
class AssumptionKind:
    """One thing that may be assumed: what people call it, its usual values, and how it is written."""

    title: str
    choices: tuple[str, ...]
    form: str


def write_activation(function: str, slope: float) -> str:
    """An activation as `--assume` writes it: "relu", "leaky_relu:0.2"."""
    return f"{function}:{slope:g}" if slope else function


KINDS: dict[str, AssumptionKind] = {
    "activation": AssumptionKind(
        "Activation", tuple(write_activation(*one) for one in ACTIVATION_PRIORS), "NAME or NAME:SLOPE"
    ),
    "batch_norm_eps": AssumptionKind(
        "Batch norm eps", tuple(f"{eps:g}" for eps in EPS_PRIORS), "a number, or one for each layer as 1e-5/0.8"
    ),
    "latent_law": AssumptionKind("Latents drawn", tuple(LAW_PRIORS), "one of the choices"),
    "output": AssumptionKind("Last activation", tuple(OUTPUTS), "one of the choices"),
    "upsampling": AssumptionKind("Upsampling", tuple(MODE_PRIORS), "one of the choices"),
    "class_input": AssumptionKind("Class enters", CLASS_INPUTS, "one of the choices"),
    "classes": AssumptionKind("Classes", (), "a whole number"),
    "resolution": AssumptionKind("Picture size", (), "pixels"),
    "activation_places": AssumptionKind("Activation before layers", (), "a 1 or 0 for each layer with weights as 0101"),
    "sizes": AssumptionKind("Sizes of maps", (), "one for each convolution as 4/8/16/32"),
}


def read_assumptions(subject: object, values: Mapping[str, str]) -> Given:
    """Check what a person assumes of a file.

    Raises:
        AssumptionError: An unknown name, or a value that it cannot have; the message lists what is possible.
    """
    for name in values:
        if name not in KINDS:
            raise AssumptionError(subject, f"nothing is called {name[:40]!r} there", f"assume {', '.join(KINDS)}")
    given = {name: value.strip() for name, value in values.items()}
    return Given(
        activation=_read_activation(subject, given["activation"]) if "activation" in given else None,
        eps=_read_numbers(subject, "batch_norm_eps", given.get("batch_norm_eps")),
        law=_read_choice(subject, "latent_law", given.get("latent_law")),
        output=_read_choice(subject, "output", given.get("output")),
        mode=_read_choice(subject, "upsampling", given.get("upsampling")),
        class_input=_read_choice(subject, "class_input", given.get("class_input")),
        classes=_read_whole(subject, "classes", given.get("classes")),
        resolution=_read_whole(subject, "resolution", given.get("resolution")),
        places=_read_places(subject, given.get("activation_places")),
        sizes=tuple(int(size) for size in _read_numbers(subject, "sizes", given.get("sizes"))),
    )


def _refuse(subject: object, name: str, value: str) -> AssumptionError:
    kind = KINDS[name]
    choices = f" ({', '.join(kind.choices)})" if kind.choices else ""
    return AssumptionError(subject, f"{name} cannot be {value[:40]!r}", f"give {kind.form}{choices}")


def _read_choice(subject: object, name: str, value: str | None) -> str | None:
    if value is not None and value not in KINDS[name].choices:
        raise _refuse(subject, name, value)
    return value


def _read_whole(subject: object, name: str, value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"\d{1,6}", value):
        raise _refuse(subject, name, value)
    return int(value)


def _read_activation(subject: object, value: str) -> tuple[str, float]:
    function, _, slope = value.partition(":")
    if function not in ACTIVATIONS or (slope and not re.fullmatch(r"\d{0,3}(\.\d{1,9})?(e-?\d{1,2})?", slope)):
        raise _refuse(subject, "activation", value)
    usual = {"leaky_relu": 0.01, "elu": 1.0}.get(function, 0.0)  # what torch takes where nothing is said
    try:
        return function, float(slope) if slope else usual
    except ValueError as error:
        raise _refuse(subject, "activation", value) from error


def _read_places(subject: object, value: str | None) -> tuple[bool, ...]:
    if value is not None and not re.fullmatch("[01]{1,400}", value):
        raise _refuse(subject, "activation_places", value)
    return tuple(digit == "1" for digit in value or "")


def _read_numbers(subject: object, name: str, value: str | None) -> tuple[float, ...]:
    if value is None:
        return ()
    try:
        numbers = tuple(float(part) for part in value.split("/"))
    except ValueError as error:
        raise _refuse(subject, name, value) from error
    if not all(0 <= number <= 4096 for number in numbers) or len(numbers) > 200:
        raise _refuse(subject, name, value)
    return numbers
