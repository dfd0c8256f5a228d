"""Beginning with another generator's weights: all that fit are taken, and what does not fit is refused."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import GeneratorFile, build_generator, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.formats.native import read_file
from ganstudio.images import to_convention
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.draws import Draws
from ganstudio.training.config import TrainingConfig
from ganstudio.training.errors import TrainingError
from ganstudio.training.events import ScalarsLogged, TrainingStarted
from ganstudio.training.game.fakes import draw_fakes, draw_latents
from ganstudio.training.game.pair import Pair
from ganstudio.training.game.transfer import adopt_generator, take_discriminator, take_weights
from ganstudio.training.run_writer import RunWriter
from ganstudio.training.runs.following import RunFollower
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.run_history import RunHistory
from ganstudio.training.trainer import train
from tests.networks.every_family import CONDITIONAL, UNCONDITIONAL, build
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


def test_a_pair_of_another_size_is_refused(tiny_config, tmp_path):
    save_other(tmp_path / "other.safetensors", max_channels=64, base_channels=16)
    with pytest.raises(TrainingError, match="of the weights fit"):
        take_weights(Pair(tiny_config, CPU), tmp_path / "other.safetensors")


def test_both_networks_become_as_large_as_the_file(tiny_config, tiny_pictures, tmp_path):
    save_other(tmp_path / "other.safetensors", max_channels=64, base_channels=16)
    config = replace(tiny_config, start_from=str(tmp_path / "other.safetensors"))
    adopted = adopt_generator(config)
    assert (adopted.generator, adopted.network_config["base_channels"]) == ("", 16)
    assert Pair(adopted, CPU).discriminator.blocks[0][0].out_channels == 16
    assert "100% of the generator's weights" in told_at_start(config, tiny_pictures, tmp_path / "run")
    small = replace(config, start_from="")
    assert adopt_generator(small) is small
    fitting = replace(config, network_config={**config.network_config, "base_channels": 16, "max_channels": 64})
    assert adopt_generator(fitting) is fitting  # the recipe's own takes it all


@pytest.fixture
def unmeasured(monkeypatch):
    """No scores: pictures of 16 px, which no recipe prepares, are too small for them."""
    monkeypatch.setattr(RunWriter, "measure_score", lambda *_: iter(()))


@pytest.mark.parametrize("name", sorted(UNCONDITIONAL))
def test_a_generator_of_any_family_learns_against_the_recipe_s_discriminator(name, tmp_path, unmeasured):
    learns_on(name, build(name), tmp_path, classes=0)


@pytest.mark.parametrize("name", sorted(CONDITIONAL))
def test_one_with_classes_learns_from_pictures_of_as_many(name, tmp_path, unmeasured):
    learns_on(name, build(name), tmp_path, classes=3)


def learns_on(name, other, folder, classes):
    """Train a generator of a family for some rounds, stop and resume; its snapshot is of the family and has learned."""
    family, values = {**CONDITIONAL, **UNCONDITIONAL}[name]
    config = NETWORKS[family].make_config(values | ({"num_classes": classes} if classes else {}))
    save_generator(folder / "other.safetensors", other, GeneratorFile(family, config))
    spec = other.spec
    judge = {"resolution": spec.resolution, "channels": spec.channels, "num_classes": classes}
    if spec.resolution == 28:
        network, more = ("mlp" if family == "dcgan" else "dcgan"), {}
    elif family == "stylegan2":
        network, more = "r3gan", {"widths": (8, 8, 8), "cardinalities": (2, 2, 2), "blocks": (1, 1, 1)}
        del judge["resolution"]
    else:
        network, more = "stylegan2", {"widths": (4,) * (spec.resolution.bit_length() - 2), "z_dim": 4, "w_dim": 4,
                                      "mapping_widths": (4,)}  # fmt: skip
    settings = TrainingConfig(
        network, {**judge, **more}, str(folder / "other.safetensors"), batch_size=4, kimg=0.024, ema_kimg=0.001,
        device="cpu", threads=1, sample_count=3, state_seconds=0.0,
    )  # fmt: skip
    size = (16, spec.resolution, spec.resolution, spec.channels)
    pixels = np.random.default_rng(0).integers(0, 256, size, np.uint8)
    labels = np.arange(16) % classes if classes else None
    pictures = SimpleNamespace(pixels=pixels, labels=labels, class_names=tuple("abc"[:classes]), digest="0")
    run = RunFolder(folder / "run")
    stop_after(train(settings, pictures, run), 3)
    assert run.config().generator == family
    list(train(run.config(), pictures, run, resume=True))
    learned = read(run.snapshots()[-1][1])
    assert learned.description.family == family
    assert build_generator(learned, CPU).spec == spec
    before = other.state_dict()
    assert any(not np.array_equal(value, before[key].numpy()) for key, value in learned.weights.items())


def test_what_a_generator_cannot_learn_from_is_told_before_there_is_a_run(tiny_config, tiny_pictures, tmp_path):
    def told(name, words, **values):
        family, own = {**CONDITIONAL, **UNCONDITIONAL}[name]
        config = NETWORKS[family].make_config(own | values)
        save_generator(tmp_path / f"{name}.safetensors", build(name, **values), GeneratorFile(family, config))
        settings = replace(tiny_config, start_from=str(tmp_path / f"{name}.safetensors"))
        with pytest.raises(TrainingError, match=words):
            list(train(settings, tiny_pictures, RunFolder(tmp_path / "run")))
        assert not (tmp_path / "run").exists()

    told("lightweight_gan", r"draws 32 px in colour, not 28 px in grey.*prepare the pictures at 32 px in colour")
    told("mlp", r"draws 3 classes, the pictures have none.*3 folders", resolution=28, channels=1, num_classes=3)


def test_a_network_of_uniform_latents_and_dark_zero_is_trained_in_our_range(tmp_path):
    """Its own output is in [0, 1]: shown to the discriminator it is in [-1, 1], written it is in [0, 1] again."""
    layers = [{"kind": "linear", "inputs": 4, "outputs": 784}, {"kind": "reshape", "shape": [1, 28, 28]},
              {"kind": "activation", "function": "sigmoid"}]  # fmt: skip
    config = NETWORKS["sequence"].make_config(
        {"z_dim": 4, "layers": layers, "latent_law": "uniform", "low": 0.0, "high": 1.0}
    )
    generator = NETWORKS["sequence"].build_generator(config, torch.Generator().manual_seed(0))
    fakes = draw_fakes(generator, 64, None, 0.0, Draws(CPU, 0))
    assert -1 <= fakes.images.min() < -0.1 < 0.1 < fakes.images.max() <= 1
    assert -1 <= fakes.z.min() < -0.9
    assert 0.9 < fakes.z.max() <= 1
    assert torch.allclose(to_convention(generator(fakes.z), 0.0, 1.0), fakes.images)
    sphere = draw_latents(SimpleNamespace(spec=replace(generator.spec, latent_law="sphere")), 8, Draws(CPU, 0))
    assert torch.allclose(sphere.square().mean(1), torch.ones(8))


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
    alone = replace(tiny_config, start_from=str(snapshot))
    words = told_at_start(alone, tiny_pictures, tmp_path / "third")
    assert "no discriminator that fits" in words
    assert "freeze" not in words
    frozen = replace(alone, parts={"freeze_discriminator": {}})
    assert "do not freeze" in told_at_start(frozen, tiny_pictures, tmp_path / "fourth")


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
