"""Where the built-in models are."""

from dataclasses import dataclass
from pathlib import Path

from ganstudio.resources import resource_path


@dataclass(frozen=True)
class BuiltinModel:
    """A model that comes with the program; how it was made stands in `resources/example/README.md`.

    Attributes:
        path: Its checkpoint.
        title: What people call it.
        note: What it is there for, in a few words.
        preview: Its first picture (seed 0).
    """

    path: Path
    title: str
    note: str
    preview: Path


def builtin_models() -> tuple[BuiltinModel, ...]:
    """All of them that are there, that of the first start first."""
    known = (
        BuiltinModel(builtin_path(), "Avatars", "the example model", builtin_preview_path()),
        BuiltinModel(
            resource_path("example/avatars-style.safetensors"),
            "Avatars (StyleGAN2)",
            "for w, mixing and styles",
            resource_path("example/avatars-style-preview.png"),
        ),
    )
    return tuple(model for model in known if model.path.is_file())


def is_builtin(path: Path) -> bool:
    """Whether a checkpoint came with the program."""
    return any(path == model.path for model in builtin_models())


def builtin_path() -> Path:
    """The checkpoint that is shown at the first start; always part of a complete installation."""
    return resource_path("example/avatars.safetensors")


def builtin_preview_path() -> Path:
    """Its first picture (seed 0), shown while the engine starts."""
    return resource_path("example/preview.png")
