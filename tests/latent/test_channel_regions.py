"""Style channels by where they change the picture."""

import pytest
import torch

from ganstudio.latent.channel_regions import rank_channels_by_region
from ganstudio.networks.catalogue import NETWORKS


@pytest.fixture
def generator():
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=16, z_dim=12, w_dim=12, mapping_widths=(12, 12), widths=(8, 8, 4))
    return architecture.build_generator(config, torch.Generator().manual_seed(0)).eval().requires_grad_(False)


@pytest.fixture
def latents(generator):
    z = torch.randn(200, 12, generator=torch.Generator().manual_seed(1))
    return generator.map(z)


def slopes_by_differences(generator, w_plus, part, channel, step=1e-2):
    """How each pixel changes with one style, the plain way."""
    pictures = []
    for sign in (1, -1):

        def move(_layer, _inputs, styles, sign=sign):
            styles = styles.clone()
            styles[:, channel] += sign * step
            return styles

        hook = part.layer.register_forward_hook(move)
        with torch.no_grad():
            pictures.append(generator.synthesise(w_plus))
        hook.remove()
    return (pictures[0] - pictures[1]) / (2 * step)


def test_effects_are_those_of_small_changes(generator, latents):
    region = torch.zeros(16, 16, dtype=torch.bool)
    region[:8] = True
    ranked = rank_channels_by_region(generator, latents[:1], region, latents[:, 0], count=3, probes=400)
    for item in ranked:
        part = generator.modulations()[item.channel.number]
        slopes = slopes_by_differences(generator, latents[:1], part, item.channel.channel)
        deviation = float(part.styles(latents[:, 0])[:, item.channel.channel].std(correction=0))
        inside, outside = (float(slopes[..., mask].square().mean().sqrt()) * deviation for mask in (region, ~region))
        assert item.inside == pytest.approx(inside, rel=0.15)
        assert item.locality == pytest.approx(inside / (inside + outside), abs=0.05)


def test_a_channel_that_paints_one_corner_is_found(generator, latents):
    """The constant of one channel is kept to a corner and made strong there."""
    with torch.no_grad():
        generator.synthesis.constant[5] = 0
        generator.synthesis.constant[5, 0, 0] = 30
    region = torch.zeros(16, 16, dtype=torch.bool)
    region[:5, :5] = True
    ranked = rank_channels_by_region(generator, latents[:2], region, latents[:, 0], count=40)
    corner = next(item for item in ranked if (item.channel.layer, item.channel.channel) == ("layers.0", 5))
    assert corner.locality > 0.6
    assert [item.channel.separation for item in ranked] == sorted((i.channel.separation for i in ranked), reverse=True)


@pytest.mark.parametrize(
    ("region", "message"),
    [
        (torch.zeros(16, 16, dtype=torch.bool), "empty"),
        (torch.ones(16, 16, dtype=torch.bool), "whole picture"),
        (torch.ones(8, 8, dtype=torch.bool), "16 x 16"),
    ],
)
def test_regions_that_say_nothing_are_refused(generator, latents, region, message):
    with pytest.raises(ValueError, match=message):
        rank_channels_by_region(generator, latents[:1], region, latents[:, 0])
