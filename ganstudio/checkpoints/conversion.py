"""From one kind of checkpoint file to another, checked by drawing."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from torch import Tensor

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.writers.base import ConversionError, ConversionProgress, Converted, Draw, Model
from ganstudio.checkpoints.writers.catalogue import WRITERS, find_writer
from ganstudio.files import TEMPORARY_PREFIX, FileWriteError, sync_folder
from ganstudio.networks.base import Generator

PICTURES = 4
TOLERANCE = 1e-4
_NOTHING_ASSUMED: Mapping[str, str] = {}


def convert(
    source: Path, target: Path, kind: str | None = None, assumptions: Mapping[str, str] = _NOTHING_ASSUMED
) -> Iterator[ConversionProgress | Converted]:
    """Write a checkpoint as another kind of file, and check that it draws the same.

    The file appears under its name only once it was opened again and its pictures were compared.

    Args:
        source: Any checkpoint that can be read.
        target: The file to write; an older one of that name is replaced, the source never.
        kind: Name in `WRITERS`; told by the target's suffix when None.
        assumptions: What the source does not say itself.

    Yields:
        Progress, at last Converted.

    Raises:
        CheckpointError: The source cannot be read.
        ConversionError: It cannot be written so, or the result draws something else.
        FileWriteError: The disk is full or the folder not writable.
    """
    kind = kind or find_writer(target)
    writer = WRITERS[kind]
    _check_target(source, target)
    yield ConversionProgress("reading", 0.0)
    checkpoint = read(source, assumptions)
    generator = build_generator(checkpoint, torch.device("cpu"))
    model = Model(checkpoint, generator)
    temporary = target.with_name(f"{TEMPORARY_PREFIX}{target.stem}.part{target.suffix}")
    try:
        yield ConversionProgress(f"writing {writer.title}", 0.3)
        writer.write(temporary, model)
        yield ConversionProgress("comparing pictures", 0.8)
        difference, relative = compare(generator, writer.reopen(temporary, model))
        if not relative <= TOLERANCE:
            reason = f"what was written draws something else (largest difference {relative:.2e})"
            raise ConversionError(target, reason, "convert to another kind, and report this network")
        temporary.replace(target)
        sync_folder(target.parent)
    except (ConversionError, FileWriteError) as error:  # about the file that was asked for, not the temporary one
        raise type(error)(target, error.reason, error.remedy) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    yield Converted(target, kind, PICTURES, difference, relative)


@torch.inference_mode()
def compare(generator: Generator, draw: Draw) -> tuple[float, float]:
    """Draw fixed latents with both.

    Returns:
        The largest difference of a pixel, and the same relative to the largest pixel; infinite where sizes differ.
    """
    z, labels = fixed_latents(generator)
    expected = generator(z, labels)
    found = draw(z, labels)
    if found.shape != expected.shape:
        return float("inf"), float("inf")
    difference = float((found.double() - expected.double()).abs().max())
    return difference, difference / max(float(expected.abs().max()), 1e-12)


def fixed_latents(generator: Generator) -> tuple[Tensor, Tensor | None]:
    """Z float32 `(4, z_dim)` and labels int64 `(4,)` that every conversion is checked with."""
    spec = generator.spec
    z = torch.randn(PICTURES, spec.z_dim, generator=torch.Generator().manual_seed(0))
    if spec.latent_law == "uniform":
        z = z.tanh()
    elif spec.latent_law == "sphere":
        z = z / z.norm(dim=1, keepdim=True)
    labels = torch.arange(PICTURES) % spec.num_classes if spec.num_classes else None
    return z, labels


def _check_target(source: Path, target: Path) -> None:
    if target.is_dir():
        raise ConversionError(target, "it is a folder", "name a file in it")
    if target.exists() and source.exists() and target.samefile(source):
        raise ConversionError(target, "it is the file that is read", "choose another name")
