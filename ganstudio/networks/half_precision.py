"""StyleGAN2's synthesis with its highest resolutions in half precision, where GPUs compute several times as fast.

Source: Karras et al. 2020b, appendix B: the four highest resolutions, maps clamped to 256, channels last in memory.
"""

from dataclasses import replace

import torch
from torch import Tensor

from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.staged import SynthesisState
from ganstudio.networks.stylegan2 import StyledConvolution, Synthesis, SynthesisForm

RESOLUTIONS = 4


class HalfPrecisionSynthesis(SynthesisForm):
    """A form that hands maps in float16 to the layers of the highest resolutions; colours stay float32.

    Args:
        plain: Its weights stay float32; its config must clamp, or float16 would overflow.
    """

    def __init__(self, plain: Synthesis) -> None:
        super().__init__(plain)
        self._from_px = plain.config.resolution >> (RESOLUTIONS - 1)

    def advance(
        self, state: SynthesisState, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS
    ) -> SynthesisState:
        """See `StagedSynthesis`."""
        layer = self._plain.layers[state.layer]
        if isinstance(layer, StyledConvolution) and layer.resolution >= self._from_px:
            state = replace(state, features=_half(state.features))
        return self._plain.advance(state, w_plus, noise, steps)

    def finish(self, state: SynthesisState) -> Tensor:
        """See `StagedSynthesis`."""
        return self._plain.finish(state).float()


def _half(maps: Tensor) -> Tensor:
    return maps.to(torch.float16, memory_format=torch.channels_last)
