"""What two runs have in common and what not: their settings side by side, and recipes in a few words."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ganstudio.training.config import NETWORK_TITLES, TrainingConfig
from ganstudio.training.parts.base import make_settings
from ganstudio.training.parts.catalogue import PARTS

_WATCHING = ("sample_kimg", "snapshot_kimg", "score_kimg", "log_kimg", "state_seconds", "sample_count", "tensorboard")
OFF = "off"


@dataclass(frozen=True)
class Difference:
    """A setting that two runs have not in common.

    Attributes:
        title: What people call it.
        first: Its value in the first, in words; "off" for a part that is not there, "" for a value that it has not.
        second: Likewise in the second.
    """

    title: str
    first: str
    second: str


def differences(first: TrainingConfig, second: TrainingConfig) -> tuple[Difference, ...]:
    """The settings in which two runs differ, but for how often they are watched and saved."""
    values = _values(first), _values(second)
    names = dict.fromkeys([*values[0], *values[1]])
    pairs = ((title, values[0].get(title, ""), values[1].get(title, "")) for title in names)
    found = (Difference(*pair) for pair in pairs if pair[1] != pair[2])
    return tuple(found)


def recipe_of(config: TrainingConfig) -> str:
    """A recipe in a few words: network, loss and parts."""
    parts = [_without_brackets(PARTS[name].title) for name in config.parts if name in PARTS]
    return ", ".join([NETWORK_TITLES.get(config.network, config.network), config.loss.replace("_", " "), *parts])


def _values(config: TrainingConfig) -> dict[str, str]:
    values = {
        item.metadata.get("title") or item.name.replace("_", " ").capitalize(): say_value(getattr(config, item.name))
        for item in fields(config)
        if item.name not in (*_WATCHING, "parts", "network_config", "generator_config")
    }
    values |= {f"Network: {name.replace('_', ' ')}": say_value(value) for name, value in config.network_config.items()}
    for name in PARTS:
        own = config.parts.get(name)
        values[PARTS[name].title] = OFF if own is None else "on"
        if own is not None:
            values |= _part_values(name, own)
    return values


def _part_values(name: str, own: Mapping[str, Any]) -> dict[str, str]:
    settings = make_settings(name, own)
    title = PARTS[name].title
    return {
        f"{title}: {item.metadata.get('title', item.name)}": say_value(getattr(settings, item.name))
        for item in fields(settings)
    }


def say_settings(settings: Mapping[str, object]) -> str:
    """Settings that were changed, by name."""
    return ", ".join(f"{name} = {value}" for name, value in settings.items())


def say_value(value: object) -> str:
    """A value of a setting, for a table."""
    if isinstance(value, bool):
        return "on" if value else OFF
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(say_value, value))
    return str(value)


def _without_brackets(title: str) -> str:
    return title.split(" (", maxsplit=1)[0]
