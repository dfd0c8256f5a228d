"""The form for GPUs, run on the processor: nearly the same pictures, whatever the kind of network and the batch."""

import pytest
import torch

from ganstudio.networks.half_precision import HalfPrecisionSynthesis
from ganstudio.networks.staged import draw, walk
from tests.networks.test_stylegan2 import build


@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
@pytest.mark.parametrize("count", [1, 3])
@torch.inference_mode()
def test_pictures_are_those_of_single_precision_up_to_its_steps(architecture, count):
    generator, _ = build(architecture=architecture, clamp=256.0)
    w_plus = torch.randn(count, generator.spec.num_ws, generator.spec.w_dim, generator=torch.Generator().manual_seed(1))
    half = HalfPrecisionSynthesis(generator.synthesis)
    picture, expected = draw(half, w_plus), generator.synthesise(w_plus)
    assert picture.dtype == torch.float32
    assert (picture - expected).abs().max() < 5e-3 * expected.abs().max()


@torch.inference_mode()
def test_only_the_highest_resolutions_are_in_half_precision():
    generator, _ = build(resolution=64, widths=(4,) * 5, clamp=256.0)
    w_plus = torch.randn(1, generator.spec.num_ws, generator.spec.w_dim)
    states = list(walk(HalfPrecisionSynthesis(generator.synthesis), w_plus))
    halves = {state.features.shape[-1]: state.features.dtype == torch.float16 for state in states}
    assert halves == {4: False, 8: True, 16: True, 32: True, 64: True}
    assert all(state.image.dtype == torch.float32 for state in states if state.image is not None)
