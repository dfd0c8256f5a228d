"""Owns one generator and answers render requests, piece by piece and from coarse to fine."""

import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from ganstudio.checkpoints.base import Checkpoint
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.devices import describe_device, resolve_device
from ganstudio.errors import GanStudioError
from ganstudio.images import to_uint8
from ganstudio.networks.base import MappedGenerator, SelfTruncatingGenerator, last_of
from ganstudio.rendering.batch_sizes import BatchSizes, from_the_middle
from ganstudio.rendering.look_latents import Latents, LookLatents
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.overflow import are_finite, draw_limited, is_finite, plain_look
from ganstudio.rendering.request import Gathering, Rendered, RenderRequest
from ganstudio.rendering.staged_drawing import StagedDrawing, is_out_of_memory
from ganstudio.rendering.walked_drawing import WalkedDrawing

FEW = 2  # so many pictures are drawn one by one, coarse first: one to look at, or two to compare
_KEPT_BYTES = 48 << 20  # of finished pictures, so that "before" and undo come at once
_MOST_LIMITS = 1000  # remembered notes on pictures that overflowed
_CALIBRATION_SEED = 2_000_000_000  # and the next ones, which nobody is looking at
_CALIBRATION_PICTURES = 6
Pixels = npt.NDArray[np.uint8]


class OutOfMemoryError(GanStudioError):
    """A picture for which memory does not last, on no device."""


class Renderer:
    """One open checkpoint, ready to draw.

    Not for several threads at once: it may be handed from one to another, as long as only one of them draws.

    Args:
        checkpoint: Any file that `checkpoints` opens, or what was read of it already.
        device: "auto", "cpu" or "cuda".

    Attributes:
        latents: Makes latents of looks.

    Raises:
        CheckpointError: The file cannot be opened.
        DeviceError: The device is not there.
    """

    def __init__(self, checkpoint: Path | Checkpoint, device: str = "auto") -> None:
        self.device = resolve_device(device)
        self._asked_device = device
        if isinstance(checkpoint, Path):
            checkpoint = read(checkpoint)
        self.generator = build_generator(checkpoint, self.device)
        self.description = replace(checkpoint.description, spec=self.generator.spec)
        self.latents = LookLatents(self.generator, checkpoint.directions, self.description.directions)
        self._note = ""
        self._limits: dict[Look, str] = {}
        self._finished: OrderedDict[Look, Pixels] = OrderedDict()
        self._prepare()

    def _prepare(self) -> None:
        """Make what depends on where the generator is."""
        self._batches = BatchSizes(self.generator.spec.resolution)
        stages = self.generator.stages() if isinstance(self.generator, MappedGenerator) else None
        self._staged = None if stages is None else StagedDrawing(stages, self.generator.spec)
        is_plain = not isinstance(self.generator, MappedGenerator | SelfTruncatingGenerator)
        self._walked = WalkedDrawing(self.generator) if is_plain else None

    def ask_device(self, device: str) -> None:
        """Move to a device if it is another than was asked for last; one that had no room is not tried over and over.

        Raises:
            DeviceError: It is not there; nothing changes.
        """
        if device != self._asked_device:
            self.move_to(device)
            self._asked_device, self._note = device, ""

    def move_to(self, device: str) -> None:
        """Go on drawing on another device.

        Raises:
            DeviceError: It is not there; nothing changes.
        """
        wanted = resolve_device(device)
        if wanted != self.device:
            self.release()
            self.device = wanted
            self.generator.to(wanted)
            self._prepare()

    def release(self) -> None:
        """Give back the memory that is only there to be quick; for a renderer that is not drawn with for a while."""
        self._finished.clear()
        self.latents.forget()
        if self._staged is not None:
            self._staged.release()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def render(self, request: RenderRequest) -> Rendered:
        """Draw all pictures of a request in full, in one go.

        Raises:
            LookError: A look names a direction or a class that this checkpoint does not have.
            OutOfMemoryError: Memory does not last for a single picture.
        """
        size = _size_of(request, self.generator.spec.resolution)
        nothing = np.zeros((0, size, size, self.generator.spec.channels), np.uint8)
        whole = Rendered(request, nothing, 0.0, describe_device(self.device))
        gathering = Gathering(request)
        for part in self.draw(request):
            if part is not None:
                whole = gathering.add(part) or whole
        return whole

    @torch.inference_mode()
    def draw(self, request: RenderRequest) -> Iterator[Rendered | None]:
        """Draw the pictures of a request, and stop often.

        Yields:
            Parts of the answer, coarse ones before those in full; None wherever whoever asked may give up, too.

        Raises:
            LookError: A look names a direction or a class that this checkpoint does not have.
            OutOfMemoryError: Memory does not last for a single picture.
        """
        started = begun = time.perf_counter()
        self.latents.learn(request.directions)
        network_ms, full = 0.0, self.generator.spec.resolution
        size = _size_of(request, full)
        for step in self._draw_few(request) if len(request.looks) <= FEW else self._draw_many(request):
            network_ms += (time.perf_counter() - begun) * 1000
            if step is None:
                yield None
            else:
                places, pictures = step
                pixels = self._to_pixels(request, places, pictures) if isinstance(pictures, Tensor) else pictures
                elapsed, name = (time.perf_counter() - started) * 1000, describe_device(self.device)
                note = self._note_of(request, places)
                yield Rendered(request, pixels, elapsed, name, places, min(size, full), note, network_ms)
            begun = time.perf_counter()

    @torch.inference_mode()
    def draw_batch(self, looks: Sequence[Look], directions: Iterable[OwnDirection] = ()) -> list[Pixels]:
        """Draw exactly these pictures in one go, in full, each uint8 `(H, W, C)`.

        The same looks in the same order give the same bits, whatever was drawn before, as long as device, number of
        threads and torch are the same. Those that differ in their noise are drawn apart.

        Args:
            looks: The pictures.
            directions: Those that they name and the checkpoint does not carry.

        Raises:
            LookError: A look names a direction or a class that this checkpoint does not have.
            OutOfMemoryError: Memory does not last for so many at once.
        """
        self.latents.learn(directions)
        drawn: dict[int, Pixels] = {}
        try:
            while len(drawn) < len(looks):
                places = _alike([place for place in range(len(looks)) if place not in drawn], looks)
                with _same_each_time():
                    pictures = self._synthesise_finite([looks[place] for place in places])
                pixels = to_uint8(pictures, *self.generator.spec.output_range)
                drawn.update(zip(places, pixels, strict=True))
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            self.release()
            reason = f"the memory of {describe_device(self.device)} does not last for {len(looks)} at once"
            raise OutOfMemoryError("pictures", reason, "draw fewer at once, or on the processor") from error
        return [drawn[place] for place in range(len(looks))]

    @torch.inference_mode()
    def calibrate(self) -> Iterator[None]:
        """Draw a few pictures that nobody sees, so that coarse ones get the right colours; may be given up any time."""
        drawing = self._staged or self._walked
        if drawing is not None and not self.is_calibrated:
            for number in range(drawing.learned, _CALIBRATION_PICTURES):
                for _step in self._draw_in_steps(self.latents.of((Look(_CALIBRATION_SEED + number),))):
                    yield None

    @property
    def is_calibrated(self) -> bool:
        """Whether `calibrate` would add nothing."""
        drawing = self._staged or self._walked
        return drawing is None or not drawing.shows_previews or drawing.learned >= _CALIBRATION_PICTURES

    def _draw_few(self, request: RenderRequest) -> Iterator[tuple[tuple[int, ...], Tensor | Pixels] | None]:
        """Draw one by one; a picture that was finished before is there at once."""
        full = self.generator.spec.resolution
        may_be_coarse = _size_of(request, full) == full
        for place, look in enumerate(request.looks):
            if may_be_coarse and look in self._finished:
                self._finished.move_to_end(look)
                yield (place,), self._finished[look]
                continue
            for picture in self._draw_one(look):
                is_wanted = picture is not None and (may_be_coarse or picture.shape[-1] == full)
                yield ((place,), picture) if picture is not None and is_wanted else None

    def _draw_one(self, look: Look) -> Iterator[Tensor | None]:
        """Draw a picture `(1, C, H, W)`, coarse before full; on the processor where the other device has no room."""
        while True:
            try:
                latents = self.latents.of((look,))
                for picture in self._draw_in_steps(latents):
                    yield picture if picture is None else self._finite(look, latents, picture)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self._give_way(error)
            else:
                return

    def _draw_in_steps(self, latents: Latents) -> Iterator[Tensor | None]:
        """Draw a picture as finely stepped as its network allows."""
        if self._staged is not None and latents.w_plus is not None:
            yield from self._staged.draw(latents.w_plus, latents.noise, latents.steps)
        elif self._walked is not None:
            yield from self._walked.draw(latents.z, latents.labels, latents.steps)
        else:
            yield self._synthesise(latents)

    def _draw_many(self, request: RenderRequest) -> Iterator[tuple[tuple[int, ...], Tensor] | None]:
        """Draw in batches, from the middle of the grid outwards."""
        order = list(from_the_middle(len(request.looks), request.columns))
        while order:
            size = self._batches.choose()
            places = tuple(sorted(_alike(order[:size], request.looks)))
            begun = time.perf_counter()
            try:
                pictures = self._synthesise_finite([request.looks[place] for place in places])
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
                self.release()
                if not self._batches.shrink(len(places)):
                    self._give_way(error)
                self._note = f"memory lasts for {max(1, len(places) // 2)} pictures at once, no more"
                continue
            if self.device.type == "cuda":
                torch.cuda.synchronize(self.device)
            self._batches.note(len(places), (time.perf_counter() - begun) * 1000)
            order = [place for place in order if place not in places]
            yield places, pictures

    def _synthesise_finite(self, looks: Sequence[Look]) -> Tensor:
        pictures = self._synthesise(self.latents.of(looks))
        if is_finite(pictures):
            return pictures
        whole = [
            picture[None] if has_numbers else self._limited(look)
            for look, picture, has_numbers in zip(looks, pictures, are_finite(pictures).tolist(), strict=True)
        ]
        return torch.cat(whole)

    def _finite(self, look: Look, latents: Latents, picture: Tensor) -> Tensor | None:
        """A picture as it is; where it overflows one with less of what was asked for, or None for a coarse one."""
        if is_finite(picture):
            return picture
        is_full = picture.shape[-1] == self.generator.spec.resolution
        return self._limited(look, latents) if is_full else None

    def _limited(self, look: Look, latents: Latents | None = None) -> Tensor:
        """Draw as much of a look as the network has numbers for, and remember what to say of it."""
        wanted = self.latents.of((look,)) if latents is None else latents
        plain = self.latents.of((plain_look(look),))
        picture, self._limits[look] = draw_limited(self._synthesise, plain, wanted, self.generator.spec)
        while len(self._limits) > _MOST_LIMITS:
            self._limits.pop(next(iter(self._limits)))
        return picture

    def _note_of(self, request: RenderRequest, places: tuple[int, ...]) -> str:
        limits = [self._limits[request.looks[place]] for place in places if request.looks[place] in self._limits]
        return limits[0] if limits else self._note

    def _give_way(self, error: BaseException) -> None:
        """Make room for a picture that memory did not last for, or say that there is none."""
        where, resolution = describe_device(self.device), self.generator.spec.resolution
        is_last = self.device.type == "cpu"
        self.release()
        if is_last:
            reason = f"the memory of this machine ({where}) does not last for one of {resolution} px"
            remedy = "close other programs or models, or open a smaller model"
            raise OutOfMemoryError("picture", reason, remedy) from error
        self.move_to("cpu")
        self._note = f"the memory of {where} does not last, the processor draws instead"

    def _synthesise(self, latents: Latents) -> Tensor:
        """Draw pictures `(N, C, H, W)` in one go."""
        generator = self.generator
        if latents.w_plus is not None and isinstance(generator, MappedGenerator):
            if self._staged is not None:
                return self._staged.draw_batch(latents.w_plus, latents.noise, latents.steps)
            return generator.synthesise(latents.w_plus, latents.noise, latents.steps)
        if isinstance(generator, SelfTruncatingGenerator):
            return generator.draw(latents.z, latents.labels, latents.truncation)
        return last_of(generator.walk(latents.z, latents.labels, latents.steps))

    def _to_pixels(self, request: RenderRequest, places: tuple[int, ...], pictures: Tensor) -> Pixels:
        full = self.generator.spec.resolution
        size, is_full = _size_of(request, full), pictures.shape[-1] == full
        if pictures.shape[-1] > size:
            pictures = functional.adaptive_avg_pool2d(pictures, size)
        pixels = to_uint8(pictures, *self.generator.spec.output_range)
        if is_full and size == full and len(request.looks) <= FEW:
            self._keep(request.looks[places[0]], pixels)
        return pixels

    def _keep(self, look: Look, pixels: Pixels) -> None:
        self._finished[look] = pixels
        while len(self._finished) > max(2, _KEPT_BYTES // (4 * pixels.shape[1] * pixels.shape[2])):
            self._finished.popitem(last=False)


def _same_each_time() -> AbstractContextManager[None]:
    """Let a GPU compute in one of the ways that give the same bits again."""
    cudnn = torch.backends.cudnn
    context: AbstractContextManager[None] = cudnn.flags(
        enabled=cudnn.enabled, benchmark=False, deterministic=True, allow_tf32=cudnn.allow_tf32
    )
    return context


def _alike(places: Sequence[int], looks: Sequence[Look]) -> list[int]:
    """Those places whose looks can be drawn in one go with the first one's: those with the same noise."""
    return [place for place in places if looks[place].noise == looks[places[0]].noise]


def _size_of(request: RenderRequest, resolution: int) -> int:
    return min(request.size_px or resolution, resolution)
