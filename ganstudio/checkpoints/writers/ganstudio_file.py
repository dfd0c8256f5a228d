"""Our own kind: safetensors with a JSON description; keeps everything that this program knows of a model."""

from dataclasses import asdict, is_dataclass, replace
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.formats.native import DIRECTION_PREFIX, GENERATOR_PREFIX, write_generator
from ganstudio.checkpoints.writers.base import WRITERS, Draw, Model
from ganstudio.checkpoints.writers.reopening import reopen_checkpoint

_TEXT_LENGTH = 200


class GanstudioFile:
    """Writes weights, description, directions and facts."""

    title = "GANStudio (safetensors and a JSON description)"
    suffixes: tuple[str, ...] = (".safetensors",)

    def write(self, path: Path, model: Model) -> None:
        """See `Writer`."""
        checkpoint = model.checkpoint
        description = checkpoint.description
        facts = {str(name): _as_fact(value) for name, value in description.facts.items()}
        if description.format != "ganstudio":
            facts["converted_from"] = f"{description.path.name} ({description.format})"
        weights = {GENERATOR_PREFIX + name: array for name, array in checkpoint.weights.items()}
        vectors = {DIRECTION_PREFIX + name: array for name, array in checkpoint.directions.items()}
        config = asdict(checkpoint.config) if is_dataclass(checkpoint.config) else dict(checkpoint.config)
        write_generator(path, replace(description, facts=facts), config, {**weights, **vectors})

    def reopen(self, path: Path, model: Model) -> Draw:  # noqa: ARG002 - the file says it all
        """See `Writer`."""
        return reopen_checkpoint(path)


def _as_fact(value: Any) -> Any:
    """A value that JSON holds: texts, numbers and lists of them; all others as text."""
    if isinstance(value, list | tuple):
        return [_as_fact(part) for part in value[:_TEXT_LENGTH]]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:_TEXT_LENGTH]


WRITERS.add("ganstudio", GanstudioFile())
