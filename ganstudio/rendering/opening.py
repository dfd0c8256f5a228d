"""From a checkpoint file to a renderer that is ready to draw, step by step, so that a wait can be seen and ended."""

import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ganstudio.checkpoints.base import (
    Checkpoint,
    CheckpointDescription,
    CheckpointError,
    CheckpointFormat,
    OpenedFile,
    SearchingFormat,
)
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.rendering.looks.between import Between
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.looks.point import LatentPoint
from ganstudio.rendering.looks.single_number import single_number
from ganstudio.rendering.request import Rendered, RenderRequest

if TYPE_CHECKING:
    from ganstudio.rendering.renderer import Renderer

_CHUNK_BYTES = 8 << 20
_SHARE_OF_READING = 0.6  # of the bar; parsing and building come after it and cannot be measured
_SHARE_OF_SEARCHING = 0.09
_NOTHING_ASSUMED: Mapping[str, str] = {}


@dataclass(frozen=True)
class OpeningProgress:
    """What is being done, and how much of all is done, 0 to 1."""

    doing: str
    fraction: float | None = None


@dataclass(frozen=True)
class Layer:
    """A tensor of a file: its name there, type and shape."""

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class ModelDescribed:
    """What the file holds is known; its weights are not read yet."""

    description: CheckpointDescription
    layers: tuple[Layer, ...] = field(default=(), repr=False)


@dataclass(frozen=True, eq=False)
class ModelReady:
    """The network is built."""

    description: CheckpointDescription
    renderer: "Renderer" = field(repr=False)


OpeningEvent = OpeningProgress | ModelDescribed | ModelReady


def open_model(
    file: OpenedFile, device: str = "auto", assumptions: Mapping[str, str] = _NOTHING_ASSUMED
) -> Iterator[OpeningEvent]:
    """Describe, read and build; the file is parsed once.

    Args:
        file: The checkpoint.
        device: "auto", "cpu" or "cuda".
        assumptions: What a person said of it that the file does not say.

    Yields:
        Progress, ModelDescribed before torch is loaded, at last ModelReady.

    Raises:
        CheckpointError: It cannot be opened.
        DeviceError: The device is not there.
    """
    yield from read_ahead(file)
    yield OpeningProgress("recognising", _SHARE_OF_READING)
    from ganstudio.checkpoints.catalogue import format_of  # late: all formats together delay the first window

    checkpoint_format = format_of(file)
    yield from _prepare(checkpoint_format, file, assumptions)
    description = checkpoint_format.describe(file, assumptions)
    yield ModelDescribed(description, tuple(Layer(name, t.dtype, t.shape) for name, t in file.tensors.items()))
    renderer = yield from _build(_Reading(checkpoint_format, file, device, assumptions))
    del file, checkpoint_format  # what was parsed need not stay while whoever asked draws
    yield ModelReady(renderer.description, renderer)


def read_ahead(file: OpenedFile) -> Iterator[OpeningProgress]:
    """Bring a file from the disk into the system's memory, so that the slow part of reading it can be seen and ended.

    Raises:
        CheckpointError: It cannot be read.
    """
    total = done = 0
    try:
        with file.path.open("rb", buffering=0) as stream:
            total = os.fstat(stream.fileno()).st_size
            chunk = bytearray(min(_CHUNK_BYTES, max(1, total)))
            while count := stream.readinto(chunk):
                done += count
                if total > _CHUNK_BYTES:
                    share = _SHARE_OF_READING * min(1.0, done / total)
                    yield OpeningProgress(f"{done >> 20:,} of {total >> 20:,} MB", share)
    except OSError as error:
        reason = f"it cannot be read ({error.strerror})"
        raise CheckpointError(file.path, reason, "check the disk and its permissions") from error


def _prepare(
    checkpoint_format: CheckpointFormat, file: OpenedFile, assumptions: Mapping[str, str]
) -> Iterator[OpeningProgress]:
    """Let a format that has to search for what it describes do so step by step."""
    if isinstance(checkpoint_format, SearchingFormat):
        for step in checkpoint_format.prepare(file, assumptions):
            share = _SHARE_OF_READING + _SHARE_OF_SEARCHING * step.done / max(1, step.total)
            yield OpeningProgress("finding out what network it is", share)


@dataclass(frozen=True)
class _Reading:
    """What to read, and how."""

    checkpoint_format: CheckpointFormat
    file: OpenedFile
    device: str
    assumptions: Mapping[str, str]

    def read(self) -> Checkpoint:
        return self.checkpoint_format.read(self.file, self.assumptions)


def _build(reading: _Reading) -> Generator[OpeningProgress, None, "Renderer"]:
    """Read and build; what was read is let go of when it returns."""
    yield OpeningProgress("starting the engine", _SHARE_OF_READING + _SHARE_OF_SEARCHING)
    import torch  # here, where it is needed: the window does not wait for it

    from ganstudio.devices import default_threads
    from ganstudio.rendering.renderer import Renderer

    torch.set_num_threads(default_threads())
    yield OpeningProgress("reading the weights", 0.7)
    checkpoint = reading.read()
    yield OpeningProgress("building the network", 0.8)
    renderer = Renderer(checkpoint, reading.device)
    yield OpeningProgress("drawing the first picture", 0.9)
    return renderer


def draw_fitting(renderer: "Renderer", request: RenderRequest) -> Rendered:
    """Draw a request whose looks may carry directions or classes that the model lacks: those are passed over."""
    return replace(renderer.render(_fit(request, renderer)), request=request)


def draw_fitting_parts(renderer: "Renderer", request: RenderRequest) -> Iterator[Rendered | None]:
    """Do the same piece by piece; see `Renderer.draw`."""
    for part in renderer.draw(_fit(request, renderer)):
        yield None if part is None else replace(part, request=request)


def _fit(request: RenderRequest, renderer: "Renderer") -> RenderRequest:
    own = fitting(request.directions, renderer.description)
    names = frozenset(one.name for one in own)
    looks = tuple(fit_look(look, renderer.description, names) for look in request.looks)
    return replace(request, looks=looks, directions=own)


def fitting(directions: Iterable[OwnDirection], description: CheckpointDescription) -> tuple[OwnDirection, ...]:
    """Those directions whose vectors are of the size of a model's latents."""
    return tuple(one for one in directions if one.info.shape(description.spec) == one.shape)


def fit_look(look: Look, description: CheckpointDescription, own: frozenset[str] = frozenset()) -> Look:
    """Take from a look what a model does not have: directions, classes, latents and layers of another one.

    Args:
        look: The look.
        description: Of the model.
        own: Names of directions that the model does not carry and yet can go along.
    """
    spec = description.spec
    known = own | {direction.name for direction in description.directions}
    edits = tuple(edit for edit in look.edits if edit.direction in known or single_number(edit.direction, spec))
    mix = look.mix if spec.num_ws and look.mix is not None else None
    second = _class_of(look.second_label, spec)
    return replace(
        look,
        edits=edits,
        label=_class_of(look.label, spec),
        second_label=second,
        label_blend=look.label_blend if second is not None else 0.0,
        point=look.point if look.point is not None and _fits(look.point, spec) else None,
        mix=None if mix is None else replace(mix, look=fit_look(mix.look, description, own)),
        between=None if look.between is None else _fit_between(look.between, description),
    )


def _fit_between(between: Between, description: CheckpointDescription) -> Between:
    return replace(between, parts=tuple((fit_look(look, description), share) for look, share in between.parts))


def _class_of(label: int | None, spec: GeneratorSpec) -> int | None:
    return label if label is not None and label < spec.num_classes else None


def _fits(point: LatentPoint, spec: GeneratorSpec) -> bool:
    return point.shape == spec.latent_shapes.get(point.space)
