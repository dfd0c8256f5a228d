"""Plain state_dicts: the network is found again, assumptions narrow it, and what is no generator is named."""

import numpy as np
import pytest
import torch
from script_networks import (
    Dcgan,
    Functional,
    Mlp,
    OneHot,
    TwoWays,
    Upsampling,
    draw,
    labels_of,
    train_shortly,
    without_names,
)
from torch import nn

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import describe, read
from ganstudio.checkpoints.errors import AssumptionError
from ganstudio.checkpoints.rebuilding.assumed import forget, recall, remember, store_path
from ganstudio.checkpoints.rebuilding.candidates import CandidateFound, SearchProgressed, search_candidates
from ganstudio.files import FileWriteError


def difference(path, network, assumptions=None, law="normal"):
    """Largest difference of pictures, relative to the largest value."""
    generator = build_generator(read(path, assumptions or {}), torch.device("cpu"))
    random = torch.Generator().manual_seed(5)
    z, labels = draw(network, 12, law, random), labels_of(network, 12, random)
    with torch.no_grad():
        expected, found = network(z, labels), generator(z, labels)
    if found.shape != expected.shape:
        return 9.0
    return float((found - expected).abs().max() / expected.abs().max())


CASES = {
    "mlp": (Mlp, "normal"),
    "mlp, eps 0.8": (lambda: Mlp(0.8), "normal"),
    "mlp, slope 0.1": (lambda: Mlp(slope=0.1), "normal"),
    "mlp, uniform": (Mlp, "uniform"),
    "mlp, uniform from 0": (Mlp, "uniform_0_1"),
    "mlp, class before": (lambda: Mlp(classes=6), "normal"),
    "dcgan": (Dcgan, "normal"),
    "dcgan, uniform": (Dcgan, "uniform"),
    "upsampling": (Upsampling, "normal"),
    "upsampling, class multiplied": (lambda: Upsampling(5), "normal"),
    "two ways": (TwoWays, "normal"),
    "normalisations registered last": (Functional, "normal"),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("named", [True, False])
def test_the_network_is_found_again(tmp_path, case, named):
    make, law = CASES[case]
    network = train_shortly(make(), law)
    path = tmp_path / "G.pth"
    state = network.state_dict()
    torch.save(state if named else without_names(state), path)
    assert describe(path).spec.latent_law == law
    assert difference(path, network, law=law) < 1e-4


def test_a_file_says_what_was_assumed_and_how_sure_it_is(tmp_path):
    path = tmp_path / "G.pth"
    torch.save({"netG": train_shortly(Mlp(0.8)).state_dict(), "epoch": 7}, path)
    description = describe(path)
    assumed = {info.name: info.value for info in description.assumptions}
    assert assumed["activation"] == "leaky_relu:0.2"
    assert assumed["batch_norm_eps"] == "0.8"
    assert assumed["latent_law"] == "normal"
    assert description.facts["epoch"] == 7
    assert description.components["netG"].role == "generator"
    assert 0 < description.confidence < 1
    assert any("--assume" in warning for warning in description.warnings)
    assert describe(path, {"output": "sigmoid"}).spec.output_range == (0.0, 1.0)


def test_every_candidate_can_be_asked_for_again(tmp_path):
    path = tmp_path / "G.pth"
    torch.save(train_shortly(Upsampling()).state_dict(), path)
    events = list(search_candidates(path))
    assert isinstance(events[0], SearchProgressed)
    found = [event.candidate for event in events if isinstance(event, CandidateFound)]
    assert len(found) > 2
    assert [candidate.score for candidate in found] == sorted((c.score for c in found), reverse=True)
    assert sum(candidate.confidence for candidate in found) <= 1
    for candidate in found[:3]:
        assert candidate.pixels.dtype == np.uint8
        assert candidate.pixels.shape[1:] == (28, 28, 1)
        again = read(path, candidate.assumptions)
        assert again.config == {**candidate.config, "layers": candidate.config["layers"]}


def test_a_choice_is_remembered_for_the_content(tmp_path):
    path, copy = tmp_path / "G.pth", tmp_path / "copy.pt"
    torch.save(train_shortly(Mlp()).state_dict(), path)
    copy.write_bytes(path.read_bytes())
    remember(path, {"output": "sigmoid"})
    assert describe(copy).spec.output_range == (0.0, 1.0)
    assert describe(copy, {"output": "tanh"}).spec.output_range == (-1.0, 1.0)
    forget(copy)
    assert describe(path).spec.output_range == (-1.0, 1.0)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 9, "files": {}}', '{"schema": 1, "files": 3}', "\x00" * 9])
def test_a_garbled_store_is_as_good_as_none(tmp_path, text):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    store_path().parent.mkdir(parents=True, exist_ok=True)
    store_path().write_text(text)
    assert recall(path) == {}
    remember(path, {"output": "tanh"})
    assert recall(path) == {"output": "tanh"}


def test_only_so_many_choices_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("ganstudio.checkpoints.rebuilding.assumed.MOST_FILES", 3)
    for number in range(5):
        path = tmp_path / str(number)
        path.write_bytes(bytes([number]))
        remember(path, {"output": "tanh"})
    kept = [bool(recall(tmp_path / str(number))) for number in range(5)]
    assert kept == [False, False, True, True, True]


def test_a_store_that_cannot_be_written_is_an_error_of_ours(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    store_path().mkdir(parents=True)
    with pytest.raises(FileWriteError):
        remember(path, {"output": "tanh"})


@pytest.mark.parametrize(
    ("assumptions", "reason"),
    [
        ({"nonsense": "1"}, "activation, batch_norm_eps"),
        ({"activation": "swoosh"}, "leaky_relu:0.2"),
        ({"activation": "leaky_relu:x"}, "NAME:SLOPE"),
        ({"batch_norm_eps": "big"}, "number"),
        ({"batch_norm_eps": "nan"}, "number"),
        ({"latent_law": "poisson"}, "uniform_0_1"),
        ({"resolution": "-3"}, "pixels"),
        ({"resolution": "96"}, "no network of its weights"),
        ({"classes": "3"}, "no network of its weights"),
        ({"activation_places": "2"}, "1 or 0"),
    ],
)
def test_wrong_assumptions_are_explained(tmp_path, assumptions, reason):
    path = tmp_path / "G.pth"
    torch.save(Mlp().state_dict(), path)
    with pytest.raises(AssumptionError, match=reason):
        describe(path, assumptions)


def picture_judge(*last):
    return nn.Sequential(
        nn.Conv2d(1, 8, 4, 2, 1), nn.LeakyReLU(0.2), nn.Conv2d(8, 16, 4, 2, 1), nn.BatchNorm2d(16), *last
    )


@pytest.mark.parametrize(
    ("network", "what"),
    [
        (picture_judge(nn.Flatten(), nn.Linear(784, 1)), "a discriminator"),
        (picture_judge(nn.Conv2d(16, 1, 7)), "a discriminator"),
        (nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 1)), "a discriminator"),
        (picture_judge(nn.Flatten(), nn.Linear(784, 10)), "a classifier"),
        (nn.ModuleDict({"fc1": nn.Linear(784, 400), "fc21": nn.Linear(400, 20), "fc22": nn.Linear(400, 20),
                        "fc3": nn.Linear(20, 400), "fc4": nn.Linear(400, 784)}), "a variational autoencoder"),
    ],
)  # fmt: skip
def test_what_is_no_generator_is_named(tmp_path, network, what):
    path = tmp_path / "file.pth"
    torch.save(network.state_dict(), path)
    with pytest.raises(CheckpointError, match=what):
        describe(path)


@pytest.mark.parametrize(
    "state",
    [
        {"0.weight": torch.zeros(48, 16), "2.weight": torch.zeros(784, 47)},
        {"0.weight": torch.zeros(48, 16), "2.weight": torch.zeros(784, 48), "what": torch.zeros(3, 3, 3)},
        {"0.weight": torch.full((48, 16), torch.nan), "2.weight": torch.zeros(784, 48)},
        {"0.weight": torch.zeros(784, 0)},
        {"emb.weight": torch.zeros(10, 784)},
    ],
)
def test_weights_that_make_no_network_are_refused(tmp_path, state):
    path = tmp_path / "G.pth"
    torch.save(state, path)
    with pytest.raises(CheckpointError) as caught:
        describe(path)
    assert len(caught.value.message) < 500


def test_sigmoid_and_one_hot_are_taken_where_they_are_said(tmp_path):
    network = train_shortly(OneHot())
    path = tmp_path / "G.pkl"
    torch.save(network.state_dict(), path)
    assumptions = {"class_input": "one_hot_after", "classes": "10", "output": "sigmoid"}
    assert difference(path, network, assumptions) < 1e-4
