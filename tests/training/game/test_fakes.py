"""Pictures drawn while training: mixed styles, fresh noise, and nothing of it for other families."""

import pytest
import torch

from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.draws import Draws
from ganstudio.training.game.fakes import draw_fakes, mix_styles
from tests.networks.test_stylegan2 import build


def seeded(seed: int = 0) -> Draws:
    return Draws(torch.device("cpu"), seed)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_styles_change_once_at_any_layer_in_that_share_of_pictures(share):
    coarse, fine = torch.zeros(5000, 6, 2), torch.ones(5000, 6, 2)
    mixed = mix_styles(coarse, fine, share, seeded())
    assert torch.equal(mixed[..., 0], mixed[..., 1])
    of_fine = mixed[..., 0]
    assert not of_fine[:, 0].any()
    assert (of_fine.diff(dim=1) >= 0).all()
    is_mixed = of_fine[:, -1] > 0
    assert abs(float(is_mixed.float().mean()) - share) < 0.03
    for layers in range(1, 6) if share else ():
        assert abs(float((of_fine[is_mixed].sum(1) == layers).float().mean()) - 0.2) < 0.04


def test_noise_is_another_for_each_picture_and_call_and_the_kept_one_stays():
    generator, _ = build()
    w_plus = generator.map(torch.zeros(1, 6)).expand(3, -1, -1)
    random = seeded()
    first, second = generator.synthesise_anew(w_plus, random), generator.synthesise_anew(w_plus, random)
    assert (first[0] - first[1]).abs().max() > 1e-3
    assert (first - second).abs().max() > 1e-3
    assert torch.equal(first, generator.synthesise_anew(w_plus, seeded()))
    kept = generator.synthesise(w_plus)
    assert torch.allclose(kept[0], kept[1], atol=1e-5)
    silent, _ = build(has_noise=False)
    assert torch.allclose(silent.synthesise_anew(w_plus, seeded()), silent.synthesise(w_plus), atol=1e-5)


def test_fakes_are_drawn_of_the_w_that_they_come_with():
    generator, _ = build(num_classes=2)
    labels = torch.tensor([0, 1, 1, 0])
    fakes = draw_fakes(generator, 4, labels, 0.0, seeded())
    assert torch.equal(fakes.w_plus, generator.map(fakes.z, labels))
    mixed = draw_fakes(generator, 4, labels, 1.0, seeded())
    assert torch.equal(mixed.z, fakes.z)
    assert torch.allclose(mixed.w_plus[:, 0], fakes.w_plus[:, 0])
    assert not torch.allclose(mixed.w_plus[:, -1], fakes.w_plus[:, -1])


def test_a_generator_without_a_mapping_is_drawn_as_it_is():
    architecture = NETWORKS["mlp"]
    config = architecture.make_config({"z_dim": 6, "hidden": 8, "layers": 1})
    generator = architecture.build_generator(config, seeded().generator)
    fakes = draw_fakes(generator, 4, None, 0.9, seeded(5))
    z = seeded(5).normal(4, 6)
    assert torch.equal(fakes.z, z)
    assert torch.equal(fakes.images, generator(z))
    assert fakes.w_plus is None
