"""Beginning with another generator's weights: all that fit are taken, and what does not fit is refused."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.errors import TrainingError
from ganstudio.training.events import ScalarsLogged
from ganstudio.training.game.pair import Pair
from ganstudio.training.game.transfer import take_weights
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train
from tests.training.test_trainer import final_digest, stop_after

CPU = torch.device("cpu")


def save_other(path, family="dcgan", **values):
    """A generator of the tiny shape, of other weights."""
    shape = {"resolution": 28, "channels": 1, "num_classes": 0, "z_dim": 8}
    sizes = {"base_channels": 4, "max_channels": 8} if family == "dcgan" else {"hidden": 8, "layers": 1}
    config = NETWORKS[family].make_config({**shape, **sizes, **values})
    generator = NETWORKS[family].build_generator(config, torch.Generator().manual_seed(99)).eval()
    save_generator(path, generator, GeneratorFile(family, config))
    return generator


def test_a_generator_of_the_same_shape_is_taken_whole(tiny_config, tmp_path):
    other = save_other(tmp_path / "other.safetensors")
    pair = Pair(tiny_config, CPU)
    assert take_weights(pair, tmp_path / "other.safetensors") == 1.0
    for network in (pair.generator, pair.averaged):
        assert all(torch.equal(value, network.state_dict()[name]) for name, value in other.state_dict().items())
    assert all(parameter.requires_grad for parameter in pair.generator.parameters())


def test_what_has_another_shape_stays_fresh(tiny_config, tmp_path):
    other = save_other(tmp_path / "other.safetensors", full_channels=4)
    pair = Pair(tiny_config, CPU)
    fresh = pair.generator.to_image.weight.clone()
    assert 0.5 < take_weights(pair, tmp_path / "other.safetensors") < 1
    assert torch.equal(pair.generator.to_image.weight, fresh)
    assert torch.equal(pair.generator.stem.weight, other.stem.weight)


@pytest.mark.parametrize(
    ("family", "values", "words"),
    [("mlp", {}, "of the family mlp"), ("dcgan", {"max_channels": 64, "base_channels": 16}, "of the weights fit")],
)
def test_another_family_or_size_is_refused(tiny_config, tmp_path, family, values, words):
    save_other(tmp_path / "other.safetensors", family, **values)
    with pytest.raises(TrainingError, match=words):
        take_weights(Pair(tiny_config, CPU), tmp_path / "other.safetensors")


def test_a_run_begins_with_it_and_resumes_without_it(tiny_config, tiny_pictures, tmp_path):
    save_other(tmp_path / "other.safetensors")
    config = replace(tiny_config, start_from=str(tmp_path / "other.safetensors"))
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    list(train(config, tiny_pictures, whole))
    stop_after(train(config, tiny_pictures, broken), 7)
    (tmp_path / "other.safetensors").unlink()
    list(train(config, tiny_pictures, broken, resume=True))
    assert final_digest(broken) == final_digest(whole)


def test_a_run_that_ended_before_its_first_state_begins_with_it_again(tiny_config, tiny_pictures, tmp_path):
    save_other(tmp_path / "other.safetensors")
    config = replace(tiny_config, kimg=0.04, start_from=str(tmp_path / "other.safetensors"))
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    list(train(config, tiny_pictures, whole))
    events = train(config, tiny_pictures, broken)
    next(events)
    events.close()
    assert not broken.states()
    list(train(config, tiny_pictures, broken, resume=True))
    assert final_digest(broken) == final_digest(whole)


def test_the_generator_waits_while_the_discriminator_learns(tiny_config, tiny_pictures, tmp_path):
    other = save_other(tmp_path / "other.safetensors")
    config = replace(tiny_config, start_from=str(tmp_path / "other.safetensors"), generator_delay_kimg=0.2)
    run = RunFolder(tmp_path / "run")
    events = list(train(config, tiny_pictures, run))
    told = [(event.kimg, "loss_generator" in event.scalars) for event in events if isinstance(event, ScalarsLogged)]
    assert [is_told for _, is_told in told] == [kimg > 0.2 for kimg, _ in told]
    first, last = (read(run.snapshots()[index][1]).weights["to_image.weight"] for index in (0, -1))
    assert np.array_equal(first, other.to_image.weight.detach().numpy())
    assert not np.array_equal(last, first)
