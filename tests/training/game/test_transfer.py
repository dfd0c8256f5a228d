"""Beginning with another generator's weights: all that fit are taken, and what does not fit is refused."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.formats.native import read_file
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.training.errors import TrainingError
from ganstudio.training.events import ScalarsLogged, TrainingStarted
from ganstudio.training.game.pair import Pair
from ganstudio.training.game.transfer import take_discriminator, take_weights
from ganstudio.training.runs.following import RunFollower
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory
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


def test_a_family_that_is_not_trained_here_is_named_with_those_that_are(tiny_config, tmp_path):
    family = NETWORKS["lightweight_gan"]
    config = family.make_config({"resolution": 32, "z_dim": 8, "widths": (8, 8, 4), "attention": ()})
    other = family.build_generator(config, torch.Generator().manual_seed(0)).eval()
    save_generator(tmp_path / "other.safetensors", other, GeneratorFile("lightweight_gan", config))
    with pytest.raises(TrainingError, match=r"opened here but not trained.*dcgan, mlp, stylegan2"):
        take_weights(Pair(tiny_config, CPU), tmp_path / "other.safetensors")


def test_a_snapshot_brings_the_discriminator_of_its_run(tiny_config, tiny_pictures, tmp_path):
    first = RunFolder(tmp_path / "first")
    list(train(replace(tiny_config, kimg=0.04), tiny_pictures, first))
    snapshot = first.snapshots()[-1][1]
    pair = Pair(tiny_config, CPU)
    assert take_discriminator(pair, snapshot) == 1.0
    _, state = read_file(first.states()[-1][1])
    for name, value in pair.discriminator.state_dict().items():
        assert np.array_equal(value.numpy(), state[f"discriminator.{name}"])
    assert all(weight.requires_grad for weight in pair.discriminator.parameters())
    mlp = {"resolution": 28, "channels": 1, "z_dim": 8, "hidden": 16, "layers": 1}
    assert take_discriminator(Pair(replace(tiny_config, network="mlp", network_config=mlp), CPU), snapshot) == 0
    words = told_at_start(replace(tiny_config, start_from=str(snapshot)), tiny_pictures, tmp_path / "second")
    assert "100% of the generator's weights and 100% of the discriminator's" in words
    assert "Freeze D" in words
    second = RunFolder(tmp_path / "second")
    assert RunHistory.of(second).taken == RunFollower(second).history.taken == words
    first.states()[-1][1].unlink()
    words = told_at_start(replace(tiny_config, start_from=str(snapshot)), tiny_pictures, tmp_path / "third")
    assert "no discriminator that fits" in words


def told_at_start(config, pictures, folder):
    """What a run says of the weights that it begins with."""
    events = train(config, pictures, RunFolder(folder))
    started = next(events)
    events.close()
    assert isinstance(started, TrainingStarted)
    return started.taken


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
