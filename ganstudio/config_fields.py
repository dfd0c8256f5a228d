"""Fields of config dataclasses: what a form shows of them, and the check of their values."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import field, fields
from typing import Any

from ganstudio.errors import GanStudioError

NUMBER_TYPES = {"int": (int,), "float": (int, float)}


def setting(  # noqa: PLR0913 - one argument for each thing that a form shows
    default: Any,
    title: str,
    explanation: str = "",
    *,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    choices: tuple[str, ...] = (),
    advanced: bool = True,
) -> Any:
    """Make a dataclass field with what a form needs: title, help, unit, range or choices."""
    metadata = {"title": title, "help": explanation, "low": low, "high": high}
    return field(default=default, metadata={**metadata, "unit": unit, "choices": choices, "advanced": advanced})


def check_fields(config: Any, error: type[GanStudioError], skip: Collection[str] = ()) -> None:
    """Check the values of a config dataclass whose fields were made by `setting`.

    Args:
        config: The config.
        error: What is raised.
        skip: Names of fields that are not looked at.

    Raises:
        GanStudioError: `error`, for a value of the wrong type or out of range.
    """
    for item in fields(config):
        if item.name not in skip:
            _check(item.name, getattr(config, item.name), getattr(item.type, "__name__", ""), item.metadata, error)


def read_settings(config_type: type[Any], texts: Mapping[str, str], error: type[GanStudioError]) -> dict[str, Any]:
    """Values for a config dataclass from what a person typed.

    Args:
        config_type: Its fields were made by `setting`.
        texts: What was typed, by the fields' names.
        error: What is raised.

    Raises:
        GanStudioError: `error`, for an unknown name or what is no such value; ranges are checked by the config itself.
    """
    known = {item.name: getattr(item.type, "__name__", "") for item in fields(config_type) if item.metadata}
    values: dict[str, Any] = {}
    for name, text in texts.items():
        if name not in known:
            raise error(name, "there is no such setting", f"known are {', '.join(known)}")
        try:
            values[name] = _FROM_TEXT[known[name]](text)
        except (ValueError, KeyError) as wrong:
            raise error(name, f"{text!r} is no value of type {known[name]}", "correct it") from wrong
    return values


_FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": lambda text: {"true": True, "false": False}[text.lower()],
}


def _check(name: str, value: Any, type_name: str, metadata: Mapping[str, Any], error: type[GanStudioError]) -> None:
    if type_name in NUMBER_TYPES:
        _check_number(name, value, type_name, metadata, error)
    elif type_name == "bool" and not isinstance(value, bool):
        raise error(name, f"{value!r} is neither true nor false", "write true or false")
    elif metadata.get("choices") and value not in metadata["choices"]:
        raise error(name, f"{value!r} is not possible", f"choose one of {', '.join(metadata['choices'])}")


def _check_number(
    name: str, value: Any, type_name: str, metadata: Mapping[str, Any], error: type[GanStudioError]
) -> None:
    if isinstance(value, bool) or not isinstance(value, NUMBER_TYPES[type_name]):
        raise error(name, f"{value!r} is not a number of type {type_name}", "correct its type")
    low, high = metadata.get("low"), metadata.get("high")
    if (low is not None and not value >= low) or (high is not None and not value <= high):
        raise error(name, f"{value} is out of range", f"choose {low:g} to {high:g}")
