"""Where the built-in model is."""

from pathlib import Path

from ganstudio.resources import resource_path


def builtin_path() -> Path:
    """The checkpoint of the built-in model; always part of a complete installation."""
    return resource_path("example/avatars.safetensors")


def builtin_preview_path() -> Path:
    """Its first picture (seed 0), shown while the engine starts."""
    return resource_path("example/preview.png")
