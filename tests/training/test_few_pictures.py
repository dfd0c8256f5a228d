"""The light network for few pictures: its sizes, that it learns, resumes bit for bit, and opens like others."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.fastgan_discriminator import PictureDecoders
from ganstudio.training.config import with_settings
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.events import ScalarsLogged
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train
from tests.training.test_presets import Facts
from tests.training.test_trainer import final_digest, stop_after

LIGHT = {"resolution": 32, "channels": 1, "z_dim": 8, "widths": (16, 16, 8, 8), "tanh": True, "noise": False}
PARTS = {"diff_augment": {}, "feature_reconstruction": {}, "spectral_norm": {}}


@pytest.fixture
def light_config(tiny_config):
    """Forty steps of the preset's game."""
    return replace(tiny_config, network="fastgan", network_config=LIGHT, loss="hinge", parts=PARTS)


@pytest.fixture
def framed_pictures(tiny_pictures):
    """The tiny pictures with a frame, 32 px."""
    return replace(tiny_pictures, pixels=np.pad(tiny_pictures.pixels, ((0, 0), (2, 2), (2, 2), (0, 0))))


@pytest.mark.parametrize("resolution", [32, 64, 128, 256, 512, 1024])
def test_it_draws_judges_and_decodes_every_size(resolution):
    family, random = NETWORKS["fastgan"], torch.Generator().manual_seed(0)
    levels = resolution.bit_length() - 2
    config = family.make_config({"resolution": resolution, "z_dim": 4, "widths": (8,) * levels, "noise": False})
    generator = family.build_generator(config, random).eval()
    discriminator = family.build_discriminator(config, random).eval()
    decoders = PictureDecoders(discriminator.width, resolution, 3, random).eval()
    with torch.no_grad():
        images = generator(torch.randn(2, 4, generator=random))
        features = discriminator.features(images)
        miss = decoders.miss(discriminator.maps_of(features), images, torch.tensor([0, 3]))
    assert images.shape == (2, 3, resolution, resolution)
    assert discriminator.judge(features).shape == (2,)
    assert float(miss) > 0


@pytest.mark.parametrize(("size", "source"), [(32, 4), (256, 16)])
def test_early_maps_excite_the_last_ones(size, source):
    family, random = NETWORKS["fastgan"], torch.Generator().manual_seed(0)
    config = family.make_config({"resolution": size, "z_dim": 4, "widths": (4,) * (size.bit_length() - 2)})
    generator = family.build_generator(config, random).eval()
    looked_at = []

    def turn_off(_module, inputs, scale):
        looked_at.append(inputs[0].shape[-1])
        return scale * 0

    generator.get_submodule(f"se_{size}").register_forward_hook(turn_off)
    with torch.no_grad():
        assert not generator(torch.randn(1, 4, generator=random)).any()
    assert looked_at == [source]


def test_a_quarter_is_the_one_that_was_asked_for():
    decoders = PictureDecoders(8, 32, 1, torch.Generator().manual_seed(0))
    images = torch.zeros(1, 1, 32, 32)
    images[:, :, 16:, :16] = 1.0  # corner 2
    maps = torch.zeros(1, 8, 16, 16)  # decoded to grey, 0
    misses = [float(decoders.miss(maps, images, torch.tensor([corner])).detach()) for corner in range(4)]
    assert misses == pytest.approx([0.25, 0.25, 1.25, 0.25], abs=1e-5)


def test_it_learns_and_its_snapshot_opens(light_config, framed_pictures, tmp_path):
    config = replace(light_config, kimg=1.2, generator_lr=1e-3, discriminator_lr=2e-3, score_kimg=5.0)
    run = RunFolder(tmp_path / "run")
    points = [event.scalars for event in train(config, framed_pictures, run) if isinstance(event, ScalarsLogged)]
    reconstruction = [point["reconstruction"] for point in points]
    assert np.mean(reconstruction[-5:]) < 0.7 * np.mean(reconstruction[:2])
    checkpoint = read(run.snapshots()[-1][1])
    assert checkpoint.description.family == "fastgan"
    images = build_generator(checkpoint, torch.device("cpu"))(torch.randn(4, 8))
    assert images.shape == (4, 1, 32, 32)
    assert float(images.std()) > 0.05


def test_stopping_and_resuming_gives_the_same_bits(light_config, framed_pictures, tmp_path):
    config = replace(light_config, kimg=0.16)
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    list(train(config, framed_pictures, whole))
    stop_after(train(config, framed_pictures, broken), 7)
    list(train(config, framed_pictures, broken, resume=True))
    assert final_digest(broken) == final_digest(whole)


def test_reconstruction_is_for_the_light_network_only(tiny_config):
    with pytest.raises(TrainingConfigError, match="keeps no maps"):
        with_settings(tiny_config, {"feature_reconstruction": True})


@pytest.mark.parametrize("resolution", [256, 1024])
def test_the_preset_is_for_large_pictures_too(resolution):
    config = PRESETS["few_pictures"].configure(Facts(resolution, 3, 0))
    made = NETWORKS[config.network].make_config(config.network_config)
    assert (made.resolution, len(made.widths)) == (resolution, resolution.bit_length() - 2)
