"""What a synthesis has computed of the picture on the canvas, kept so that an edit restarts at the layers it means."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import Noise
from ganstudio.networks.staged import StagedSynthesis, SynthesisState


@dataclass(frozen=True, eq=False)
class _Kept:
    state: SynthesisState
    used: Tensor  # the w `(1, ws_of, w_dim)` that it depends on
    noise: Noise
    steps: LayerSteps  # of the layers done
    size: int


class KeptStates:
    """The state after each layer, as far as memory is granted; small ones, of the low resolutions, come first.

    A state is gone on from only where every w that it depends on is the same to the bit, and the noise and steps of
    its layers, too. Layers do the same sums from a kept state as from a new one, so that pictures are the same as well.

    Args:
        synthesis: Whose states they are.
        limit: Bytes that all of them may hold together.
    """

    def __init__(self, synthesis: StagedSynthesis, limit: int) -> None:
        self._synthesis = synthesis
        self._limit = limit
        self._kept: dict[int, _Kept] = {}

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(kept.size for kept in self._kept.values())

    def find(self, w_plus: Tensor, noise: Noise, steps: LayerSteps = NO_STEPS) -> SynthesisState:
        """Where to go on from to draw w_plus `(1, num_ws, w_dim)`: the last state that holds for it, or a new one."""
        for layers in sorted(self._kept, reverse=True):
            kept = self._kept[layers]
            is_same = _agree(kept.noise, noise, layers) and torch.equal(kept.used, w_plus[:, : kept.used.shape[1]])
            if is_same and kept.steps.agrees(self._first_of(steps, layers)):
                return kept.state
        return self._synthesis.start(w_plus, steps)

    def keep(self, state: SynthesisState, w_plus: Tensor, noise: Noise, steps: LayerSteps = NO_STEPS) -> None:
        """Keep a state of w_plus in the place of the one after the same layer; one that is too large is not kept."""
        self._kept.pop(state.layer, None)
        size = sum(_bytes_of(maps) for maps in (state.features, state.image, state.shortcut))
        if self.size + size <= self._limit:
            used = w_plus[:, : self._synthesis.ws_of(state.layer)].clone()
            self._kept[state.layer] = _Kept(state, used, noise, self._first_of(steps, state.layer), size)

    def _first_of(self, steps: LayerSteps, layers: int) -> LayerSteps:
        return steps.first(layers, self._synthesis.styles_of(layers))

    def clear(self) -> None:
        """Let go of all."""
        self._kept.clear()


def _agree(one: Noise, other: Noise, layers: int) -> bool:
    """Whether two noises are the same in the first so many layers."""
    return one == other or one.first(layers) == other.first(layers)


def _bytes_of(maps: Tensor | None) -> int:
    return 0 if maps is None else maps.numel() * maps.element_size()
