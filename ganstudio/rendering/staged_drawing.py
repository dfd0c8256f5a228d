"""Draws with a network that works in stages: restarts where an edit begins, shows a coarse picture on the way."""

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from ganstudio.devices import physical_bytes
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.spec import GeneratorSpec
from ganstudio.networks.staged import StagedSynthesis, SynthesisState, draw
from ganstudio.rendering.coarse_colours import CoarseColours, Sample
from ganstudio.rendering.kept_states import KeptStates
from ganstudio.rendering.layer_costs import FRAME_MS, LayerCosts
from ganstudio.rendering.overflow import is_ordinary

_MOST_KEPT = 320 << 20  # all states of a 1024 px StyleGAN2 but the last
_SAID_OF_MEMORY = ("can't allocate memory", "not enough memory", "STATUS_ALLOC_FAILED")
_SHARE_KEPT = 16  # part of the machine's memory at most


class StagedDrawing:
    """Draws single pictures layer by layer.

    Args:
        synthesis: The network, prepared for drawing.
        spec: Of its generator.
        frame_ms: The time that a picture may take while a slider moves.

    Attributes:
        learned: From how many pictures the colours of coarse ones were learned.
    """

    def __init__(self, synthesis: StagedSynthesis, spec: GeneratorSpec, frame_ms: float = FRAME_MS) -> None:
        self._synthesis, self._spec = synthesis, spec
        self._costs = LayerCosts(synthesis.num_layers, frame_ms)
        self._colours = CoarseColours(spec.resolution, synthesis.margin_of)
        self._kept = KeptStates(synthesis, min(_MOST_KEPT, physical_bytes() // _SHARE_KEPT))
        self.learned = 0

    @property
    def shows_previews(self) -> bool:
        """Whether a full picture takes so long that coarse ones are worth while."""
        return self._costs.is_slow

    def draw(
        self, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS, enough_px: int = 0
    ) -> Iterator[Tensor | None]:
        """Draw the picture of w_plus `(1, num_ws, w_dim)`.

        Args:
            w_plus: What to draw.
            noise: Which noise is added.
            steps: What is taken in the layers.
            enough_px: A coarse picture of this height or more is the last, where there is one; 0 for the full one.

        Yields:
            None after each layer, coarse pictures `(1, C, h, w)` when there are some to show, at last `(1, C, H, W)`.
        """
        state = self._kept.find(w_plus, noise, steps)
        first = state.layer
        previews = self._costs.choose_previews(first, self._colours.levels)
        learns = first == 0 and self.shows_previews
        samples: list[Sample] = []
        while state.layer < self._synthesis.num_layers:
            state = self._advance(state, w_plus, noise, steps)
            if learns and (sample := self._colours.sample(state)) is not None:
                samples.append(sample)
            if enough_px and (rough := self._colours.guess_roughly(state, enough_px)) is not None:
                yield rough
                return
            yield self._colours.guess(state) if state.layer in previews else None
        picture = self._synthesis.finish(state)
        if samples and is_ordinary(picture, self._spec):
            self._colours.learn(samples, picture)
            self.learned += 1
        yield picture

    def draw_batch(self, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS) -> Tensor:
        """Draw pictures `(N, C, H, W)` of w_plus `(N, num_ws, w_dim)` in one go; nothing is kept."""
        return draw(self._synthesis, w_plus, noise, steps)

    def release(self) -> None:
        """Let go of what is kept to be quick."""
        self._kept.clear()
        self._synthesis.release()

    def _advance(self, state: SynthesisState, w_plus: Tensor, noise: Noise, steps: LayerSteps) -> SynthesisState:
        begun, layer = time.perf_counter(), state.layer
        state = self._synthesis.advance(state, w_plus, noise, steps)
        if state.features.is_cuda:
            torch.cuda.synchronize(state.features.device)
        self._costs.note(layer, (time.perf_counter() - begun) * 1000)
        if state.layer < self._synthesis.num_layers:
            self._kept.keep(state, w_plus, noise, steps)
        return state


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory did not last; torch says it of the processor, and of GPU libraries, in words only."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    words = str(error)
    return isinstance(error, RuntimeError) and any(said in words for said in _SAID_OF_MEMORY)
