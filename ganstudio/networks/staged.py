"""Synthesis in stages, one a layer, so that it can be stopped, kept half-way, gone on from, and shown early."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import CONSTANT, Noise


@dataclass(frozen=True, eq=False)
class SynthesisState:
    """How far a synthesis has come; kept, it can be gone on from with other w for the layers that are still to come.

    Nothing here is ever written to, so that a state may be kept and gone on from any number of times.

    Attributes:
        layer: Layers done.
        features: Feature maps `(N, C, H, W)`.
        image: The picture so far `(N, channels, H, W)`; None until the first layer that makes colours.
        shortcut: In a "resnet", what the block's end will add to the maps; None elsewhere.
    """

    layer: int
    features: Tensor
    image: Tensor | None = None
    shortcut: Tensor | None = None


class StagedSynthesis(Protocol):
    """Draws pictures of w_plus `(N, num_ws, w_dim)`, layer by layer."""

    @property
    def num_layers(self) -> int:
        """After so many layers the picture is done."""

    def ws_of(self, layers: int) -> int:
        """How many of the w, counted from the first, a state of so many layers depends on."""

    def styles_of(self, layers: int) -> int:
        """How many of the styles of all layers, counted from the first, a state of so many layers depends on."""

    def margin_of(self, layers: int) -> int:
        """How many pixels the feature maps of a state of so many layers reach beyond the picture on each side."""

    def start(self, w_plus: Tensor, steps: LayerSteps = NO_STEPS) -> SynthesisState:
        """What all begins with: a state of no layers."""

    def advance(
        self, state: SynthesisState, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS
    ) -> SynthesisState:
        """Do one layer, and what follows it; the layer of number `i` adds the noise of that number, if any."""

    def finish(self, state: SynthesisState) -> Tensor:
        """The pictures `(N, channels, H, W)` of a state of all layers, in `spec.output_range`."""

    def release(self) -> None:
        """Let go of memory that is there to be quick only."""


def walk(
    synthesis: StagedSynthesis,
    w_plus: Tensor,
    noise: Noise = CONSTANT,
    steps: LayerSteps = NO_STEPS,
    state: SynthesisState | None = None,
) -> Iterator[SynthesisState]:
    """Yield the state after each layer.

    Args:
        synthesis: What draws.
        w_plus: `(N, num_ws, w_dim)`.
        noise: What the layers add.
        steps: What is added to styles and maps.
        state: Where to go on from; noise, w and steps must agree as far as it depends on them.
    """
    state = synthesis.start(w_plus, steps) if state is None else state
    while state.layer < synthesis.num_layers:
        state = synthesis.advance(state, w_plus, noise, steps)
        yield state


def draw(synthesis: StagedSynthesis, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS) -> Tensor:
    """Draw pictures `(N, channels, H, W)` of w_plus `(N, num_ws, w_dim)` in one go."""
    state = synthesis.start(w_plus, steps)
    while state.layer < synthesis.num_layers:  # holds no state but the last, for they are large
        state = synthesis.advance(state, w_plus, noise, steps)
    return synthesis.finish(state)
