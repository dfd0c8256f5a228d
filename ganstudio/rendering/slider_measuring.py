"""What sliders do to pictures, measured by drawing: how much of the picture changes, where, and what is read off it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from ganstudio.images import Pixels, from_uint8
from ganstudio.latent.effects import Effect, change_by_region
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.opening import draw_fitting
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

CELLS = 4  # rows and columns of the map of where a picture changes
_FIRST_SEED = 3_000_000_000  # pictures that nobody has looked at
_AT_ONCE = 16

Read = Callable[[Tensor], Tensor]
"""Pictures `(N, C, H, W)` in [-1, 1] to attributes `(N, F)`, in their deviations."""


@dataclass(frozen=True)
class MovedSlider:
    """A slider to be measured: the name of its direction and its ends."""

    name: str
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class PictureEffect:
    """What one slider does.

    Attributes:
        unit: Mean change of a pixel's colour that strength 1 makes, as a share of the whole range, 0 to 1.
        regions: The same of each cell of a map, rows first `(CELLS * CELLS,)`.
        effect: What was read, from the low end over 0 to the high end; None where nothing reads.
    """

    unit: float
    regions: Tensor
    effect: Effect | None


@dataclass(frozen=True)
class SliderMeasured:
    """One more slider is measured."""

    name: str
    found: PictureEffect = field(repr=False)


class SliderMeter:
    """Measures the sliders of one model on the same pictures.

    Args:
        renderer: Draws; used by nobody else meanwhile.
        path: Of the model's file.
        directions: Those of the project.
        pictures: How many pictures each slider is moved on.
        read: Reads attributes, or None.
    """

    def __init__(
        self, renderer: Renderer, path: str, directions: Sequence[OwnDirection], pictures: int, read: Read | None
    ) -> None:
        self._renderer, self._path, self._directions = renderer, path, tuple(directions)
        self._read = read
        self._looks = tuple(Look(_FIRST_SEED + number) for number in range(pictures))
        self._before: Tensor | None = None

    def measure(self, slider: MovedSlider) -> PictureEffect:
        """Move the pictures along a slider and compare."""
        if self._before is None:
            self._before = self._draw("", 0.0)
        after = self._draw(slider.name, 1.0)
        regions = change_by_region(self._before, after, CELLS).flatten() / 2  # of a range from -1 to 1
        unit = float((after - self._before).abs().mean()) / 2
        return PictureEffect(unit, regions, None if self._read is None else self._read_ends(slider))

    def _read_ends(self, slider: MovedSlider) -> Effect:
        strengths = sorted({slider.low, 0.0, slider.high})
        readings = torch.stack([self._read_at(slider.name, strength) for strength in strengths]).double()
        places = torch.tensor(strengths, dtype=torch.float64)
        return Effect(places, readings.mean(1), (readings[-1] - readings[0]).abs().mean(0))

    @torch.inference_mode()
    def _read_at(self, name: str, strength: float) -> Tensor:
        assert self._read is not None  # noqa: S101 - asked for only where something reads
        pictures = self._before if strength == 0 and self._before is not None else self._draw(name, strength)
        device = self._renderer.generator.device
        parts = [self._read(part.to(device)).cpu() for part in torch.split(pictures, _AT_ONCE)]
        return torch.cat(parts)

    def _draw(self, name: str, strength: float) -> Tensor:
        """Pictures `(N, C, H, W)` in [-1, 1], as a person would see them."""
        edits = (Edit(name, strength),) if name else ()
        pixels: list[Pixels] = []
        for start in range(0, len(self._looks), _AT_ONCE):
            looks = tuple(replace(look, edits=edits) for look in self._looks[start : start + _AT_ONCE])
            pixels.append(draw_fitting(self._renderer, RenderRequest(self._path, looks, 1, 0, self._directions)).pixels)
        return from_uint8(np.concatenate(pixels))


def measure_sliders(meter: SliderMeter, sliders: Sequence[MovedSlider]) -> Iterator[SliderMeasured]:
    """Measure one slider after the other; may be ended between any two."""
    for slider in sliders:
        yield SliderMeasured(slider.name, meter.measure(slider))
