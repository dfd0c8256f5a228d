"""One latent drawn with every snapshot of a run: how the same face grows up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.request import RenderRequest

MAX_FRAMES = 24


@dataclass(frozen=True, eq=False)
class FrameDrawn:
    """The latent as one snapshot draws it: pixels uint8 `(H, W, C)`."""

    kimg: float
    path: Path
    pixels: npt.NDArray[np.uint8]


def choose_frames(snapshots: list[tuple[float, Path]], count: int = MAX_FRAMES) -> list[tuple[float, Path]]:
    """Choose at most `count` snapshots, evenly over the run, first and last among them."""
    if len(snapshots) <= count:
        return list(snapshots)
    places = np.linspace(0, len(snapshots) - 1, count).round().astype(int)
    return [snapshots[place] for place in places]


def draw_over_time(look: Look, snapshots: list[tuple[float, Path]]) -> Iterator[FrameDrawn]:
    """Draw a look with each snapshot; directions of other models are left out, vanished snapshots passed over."""
    from ganstudio.rendering.renderer import Renderer  # late: it loads torch, and this runs in a worker

    plain = replace(look, edits=())
    for kimg, path in choose_frames(snapshots):
        try:
            renderer = Renderer(path)
        except CheckpointError:
            continue
        classes = renderer.generator.spec.num_classes
        fitting = plain if look.label is None or look.label < classes else replace(plain, label=None)
        rendered = renderer.render(RenderRequest(str(path), (fitting,)))
        yield FrameDrawn(kimg, path, rendered.pixels[0])
