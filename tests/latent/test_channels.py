"""Ranking of style channels."""

import pytest
import torch

from ganstudio.latent.channels import rank_channels, style_space
from ganstudio.networks.base import Modulation
from ganstudio.networks.catalogue import NETWORKS


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def layers() -> tuple[Modulation, ...]:
    """Three layers; channel 4 of the second reads w[0] alone, channel 2 of the third is dead."""
    weights = [normal(6, 8, seed=index) for index in range(3)]
    weights[1][4] = torch.eye(8)[0] * 0.01
    weights[2][2] = 0
    offset = torch.full((6,), 5.0)
    return tuple(
        Modulation(torch.nn.Identity(), f"layers.{index}", index, weight, offset)
        for index, weight in enumerate(weights)
    )


def test_the_channel_that_tells_the_picks_apart_comes_first(layers):
    cloud = normal(2000, 8, seed=9)
    order = cloud[:96, 0].argsort()
    latents = cloud[torch.cat([order[:6], order[-6:]])]
    ranked = rank_channels(layers, latents, torch.arange(12) >= 6, cloud, count=10)
    assert (ranked[0].number, ranked[0].channel, ranked[0].layer) == (1, 4, "layers.1")
    assert ranked[0].shift > 2
    assert len(ranked) == 10
    assert [item.separation for item in ranked] == sorted((item.separation for item in ranked), reverse=True)
    assert all(item.separation > 0 for item in ranked)


def test_plus_picks_alone_are_compared_with_all_pictures(layers):
    cloud = normal(2000, 8, seed=9)
    latents = cloud[cloud[:96, 0].argsort()[-8:]]
    ranked = rank_channels(layers, latents, torch.ones(8, dtype=torch.bool), cloud)
    assert (ranked[0].number, ranked[0].channel) == (1, 4)


def test_separation_is_the_normalised_difference(layers):
    cloud, latents, positive = normal(500, 8, seed=9), normal(10, 8, seed=3), torch.arange(10) < 4
    first = next(item for item in rank_channels(layers, latents, positive, cloud, 18) if item.number == 0)
    random = layers[0].styles(cloud)[:, first.channel].double()
    styles = (layers[0].styles(latents)[:, first.channel].double() - random.mean()) / random.std(correction=0)
    shift = styles[positive].mean() - styles[~positive].mean()
    scatter = sum(((part - part.mean()) ** 2).sum() for part in (styles[positive], styles[~positive]))
    assert first.shift == pytest.approx(float(shift), rel=1e-5)
    assert first.separation == pytest.approx(float(shift.abs() / ((scatter + 2) / (8 + 2)).sqrt()), rel=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"positive": torch.zeros(4, dtype=torch.bool)}, r"no \+ picks"),
        ({"latents": normal(4, 9)}, "not of this model"),
        ({"latents": torch.full((4, 8), torch.nan)}, "not finite"),
        ({"cloud": normal(3, 8)}, "at least 10"),
        ({"modulations": ()}, "does not tell"),
    ],
)
def test_what_cannot_be_ranked_is_refused(layers, change, message):
    values = {"modulations": layers, "latents": normal(4, 8), "positive": torch.arange(4) < 2, "cloud": normal(50, 8)}
    with pytest.raises(ValueError, match=message):
        rank_channels(**(values | change))


def test_style_space_is_that_of_the_network():
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=16, z_dim=12, w_dim=12, mapping_widths=(12, 12), widths=(8, 8, 4))
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).eval().requires_grad_(False)
    styles = style_space(generator, normal(3, 12))
    assert [tuple(part.shape) for part in styles] == [(3, len(part.bias)) for part in generator.modulations()]
    with pytest.raises(ValueError, match="no style space"):
        style_space(NETWORKS["mlp"].build_generator(NETWORKS["mlp"].config_type(), torch.Generator()), normal(1, 64))
