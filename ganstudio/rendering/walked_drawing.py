"""Draws with a network that can be watched block by block: shows a coarse picture on the way, may be given up."""

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from ganstudio.networks.base import Generator
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.staged import SynthesisState
from ganstudio.rendering.coarse_colours import CoarseColours, Sample
from ganstudio.rendering.layer_costs import FRAME_MS, LayerCosts
from ganstudio.rendering.overflow import is_ordinary


class WalkedDrawing:
    """Draws single pictures block by block; nothing of one is of use for the next, as all blocks take the latent.

    Args:
        generator: The network.
        frame_ms: The time that a picture may take while a slider moves.

    Attributes:
        learned: From how many pictures the colours of coarse ones were learned.
    """

    def __init__(self, generator: Generator, frame_ms: float = FRAME_MS) -> None:
        self._generator = generator
        self._frame_ms = frame_ms
        self._costs: LayerCosts | None = None
        self._colours = CoarseColours(generator.spec.resolution)
        self.learned = 0

    @property
    def shows_previews(self) -> bool:
        """Whether a full picture takes so long that coarse ones are worth while."""
        return self._costs is not None and self._costs.is_slow

    def draw(
        self, z: Tensor, labels: Tensor | None = None, steps: LayerSteps = NO_STEPS, enough_px: int = 0
    ) -> Iterator[Tensor | None]:
        """Draw the picture of z `(1, z_dim)`.

        Args:
            z: What to draw.
            labels: Its class `(1,)`, or None.
            steps: What is taken in the blocks.
            enough_px: A coarse picture of this height or more is the last, where there is one; 0 for the full one.

        Yields:
            None after each block, coarse pictures `(1, C, h, w)` when there are some to show, at last `(1, C, H, W)`.
        """
        previews = self._costs.choose_previews(0, self._colours.levels) if self._costs else []
        learns, samples, times = self.shows_previews, list[Sample](), list[float]()
        maps, begun = z, time.perf_counter()
        for maps in self._generator.walk(z, labels, steps):
            if maps.is_cuda:
                torch.cuda.synchronize(maps.device)
            times.append((time.perf_counter() - begun) * 1000)
            state = SynthesisState(len(times), maps)
            if learns and maps.ndim == 4 and (sample := self._colours.sample(state)) is not None:
                samples.append(sample)
            if enough_px and (rough := self._colours.guess_roughly(state, enough_px)) is not None:
                yield rough
                return
            yield self._colours.guess(state) if state.layer in previews else None
            begun = time.perf_counter()
        self._note(times)
        if samples and is_ordinary(maps, self._generator.spec):
            self._colours.learn(samples, maps)
            self.learned += 1
        yield maps

    def _note(self, times: list[float]) -> None:
        self._costs = self._costs or LayerCosts(len(times), self._frame_ms)
        for layer, elapsed_ms in enumerate(times):
            self._costs.note(layer, elapsed_ms)
