"""The first StyleGAN against the plain reference."""

import pytest
import torch

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.noise import CONSTANT, NONE
from ganstudio.networks.staged import walk
from tests.networks import style_reference as reference
from tests.networks.test_stylegan2 import relative_error, state_of

TINY = {
    "resolution": 16,
    "z_dim": 6,
    "w_dim": 7,
    "widths": (5, 4, 3),
    "mapping_widths": (9, 7),
    "label_width": 6,
}


def build(**values):
    """A generator whose biases, strengths and mean are not what they begin with."""
    architecture = NETWORKS["stylegan1"]
    config = architecture.make_config({**TINY, **values})
    random = torch.Generator().manual_seed(1)
    generator = architecture.build_generator(config, random).eval()
    with torch.no_grad():
        for name, tensor in generator.state_dict().items():
            if name.endswith(("bias", "noise_strength", "average", "constant")):
                tensor.add_(torch.randn(tensor.shape, generator=random) * 0.4)
    return generator.requires_grad_(False), config


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"channels": 1, "num_classes": 3},
        {"has_noise": False, "normalise_z": False},
        {"bias_before_filter": True, "epsilon": 1e-5},
    ],
)
@pytest.mark.parametrize("noise", [CONSTANT, NONE], ids=["constant", "none"])
@torch.inference_mode()
def test_pictures_are_those_of_the_plain_reference(values, noise):
    generator, config = build(**values)
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(2))
    labels = torch.tensor([2, 0]) if config.num_classes else None
    w_plus = generator.map(z, labels)
    images = generator.synthesise(w_plus, noise)
    state = state_of(generator)
    for index in range(2):
        label = labels[index] if labels is not None else None
        w = reference.map_z_joined(state, config, z[index].double(), label)
        assert relative_error(w_plus[index, 0], w) < 1e-6
        expected = reference.synthesise_with_instance_norm(state, config, w.expand(6, -1), noise == CONSTANT)
        assert relative_error(images[index], expected) < 1e-4


def test_each_layer_has_its_own_w():
    generator, config = build()
    w_plus = torch.randn(1, generator.spec.num_ws, 7, generator=torch.Generator().manual_seed(3))
    expected = reference.synthesise_with_instance_norm(state_of(generator), config, w_plus[0].double())
    assert relative_error(generator.synthesise(w_plus)[0], expected) < 1e-4


def test_a_kept_state_can_be_gone_on_from():
    generator, _ = build()
    w_plus = generator.map(torch.randn(2, 6, generator=torch.Generator().manual_seed(8))).clone()
    states = list(walk(generator.synthesis, w_plus))
    assert [state.image is not None for state in states] == [False] * 5 + [True]
    w_plus[:, 3:] += 1
    *_, last = walk(generator.synthesis, w_plus, state=states[2])
    assert torch.allclose(last.image, generator.synthesise(w_plus), rtol=1e-5, atol=1e-5)


def test_truncation_moves_w_towards_the_mean():
    generator, _ = build()
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(7))
    assert torch.allclose(generator.map(z, truncation=0.0), generator.mean_w.expand(2, 6, -1), atol=1e-6)


def test_gradients_reach_every_weight():
    generator, _ = build(num_classes=2)
    generator.requires_grad_(True)
    generator(torch.randn(2, 6), torch.tensor([0, 1])).square().mean().backward()
    assert all(parameter.grad is not None for parameter in generator.parameters())


@pytest.mark.parametrize(
    "values", [{"resolution": 24}, {"widths": (5, 4)}, {"taps": 0}, {"epsilon": 0.0}, {"channels": 2}]
)
def test_what_cannot_be_built_is_refused(values):
    with pytest.raises(NetworkConfigError):
        NETWORKS["stylegan1"].make_config({**TINY, **values})
