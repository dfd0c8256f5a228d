"""Directions that go two ways, from the file to the latent."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import replace_directions
from ganstudio.checkpoints.catalogue import describe, read
from ganstudio.latent.spaces import sample_z
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer


@pytest.fixture
def folded(tiny_checkpoint, tmp_path):
    """A model whose first slider leads away from the plane where z[0] is zero, and whose second one moves z[0]."""
    checkpoint = read(tiny_checkpoint)
    first, second = checkpoint.description.directions
    path = tmp_path / "folded.safetensors"
    pairs = [(replace(first, fold=1), 0.5 * np.eye(8)[0]), (second, np.eye(8)[0])]
    replace_directions(path, checkpoint, pairs)
    return path


def test_each_latent_goes_to_its_own_side(folded):
    latents = Renderer(folded, "cpu").latents
    z = sample_z(range(20), 8)
    moved = torch.cat([latents.z_of(Look(seed, edits=(Edit("smile", 2.0),))) for seed in range(20)])
    assert torch.allclose(moved[:, 0], z[:, 0] + z[:, 0].sign())
    assert torch.equal(moved[:, 1:], z[:, 1:])
    back = torch.cat([latents.z_of(Look(seed, edits=(Edit("smile", -20.0),))) for seed in range(20)])
    assert torch.allclose(back[:, 0], torch.zeros(20), atol=1e-6)


def test_straight_sliders_come_first_whatever_the_order(folded):
    latents = Renderer(folded, "cpu").latents
    both = (Edit("smile", 2.0), Edit("pca_1", -5.0))
    one, other = (latents.z_of(Look(3, edits=part)) for part in (both, both[::-1]))
    assert torch.equal(one, other)
    assert float(one[0, 0]) == pytest.approx(float(sample_z([3], 8)[0, 0]) - 5 - 1)


@pytest.mark.parametrize("change", [{"fold": 2}, {"fold": "x"}])
def test_an_unknown_fold_is_refused(tiny_checkpoint, tmp_path, change):
    checkpoint = read(tiny_checkpoint)
    info = replace(checkpoint.description.directions[0], **change)
    path = tmp_path / "odd.safetensors"
    replace_directions(path, checkpoint, [(info, np.eye(8, dtype=np.float32)[0])])
    with pytest.raises(CheckpointError, match="incomplete"):
        describe(path)
