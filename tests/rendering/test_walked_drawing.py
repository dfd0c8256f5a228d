"""Networks that are watched block by block: the same picture, early ones on the way, given up between blocks."""

import pytest
import torch

from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.walked_drawing import WalkedDrawing

CONFIGS = {
    "residual": {"resolution": 32, "z_dim": 8, "first_width": 8, "widths": (8, 8, 4), "layers": ("block",) * 3},
    "fastgan": {"resolution": 256, "z_dim": 8, "widths": (8, 8, 8, 8, 4, 4, 4)},
    "r3gan": {"z_dim": 8, "widths": (8, 8, 8, 8), "blocks": (1,) * 4, "cardinalities": (2,) * 4},
    "lightweight_gan": {"resolution": 32, "z_dim": 8, "widths": (8, 8, 4)},
    "dcgan": {"resolution": 32},
}


def build(name: str) -> torch.nn.Module:
    architecture = NETWORKS[name]
    config = architecture.make_config(CONFIGS[name])
    return architecture.build_generator(config, torch.Generator().manual_seed(0)).eval()


@pytest.mark.parametrize("name", CONFIGS)
@torch.inference_mode()
def test_a_walk_ends_with_the_picture_and_shows_larger_maps_on_the_way(name):
    generator = build(name)
    z = torch.randn(2, generator.spec.z_dim, generator=torch.Generator().manual_seed(1))
    *maps, images = generator.walk(z)
    assert torch.equal(images, generator(z))
    sides = [part.shape[-1] for part in maps]
    assert sides == sorted(sides)
    assert len(sides) > 1 or name == "dcgan"


@torch.inference_mode()
def test_coarse_pictures_come_first_once_their_colours_are_known():
    generator = build("fastgan")
    drawing = WalkedDrawing(generator, frame_ms=1e-6)  # no machine is that quick
    z = torch.randn(2, generator.spec.z_dim, generator=torch.Generator().manual_seed(1))
    for _ in range(2):  # the first measures, the second learns
        pictures = [picture for picture in drawing.draw(z[:1]) if picture is not None]
        assert [picture.shape[-1] for picture in pictures] == [256]
    assert drawing.shows_previews
    assert drawing.learned == 1
    steps = list(drawing.draw(z[1:]))
    pictures = [picture for picture in steps if picture is not None]
    assert len(steps) > len(pictures) > 1
    assert pictures[0].shape[-1] < 256
    assert torch.equal(pictures[-1], generator(z[1:]))
    sides = [picture.shape[-1] for picture in drawing.draw(z[1:], enough_px=20) if picture is not None]
    assert 20 <= sides[-1] < 256


@torch.inference_mode()
def test_drawing_may_be_given_up_between_blocks():
    generator = build("fastgan")
    steps = WalkedDrawing(generator).draw(torch.randn(1, 8))
    assert next(steps) is None
    steps.close()
