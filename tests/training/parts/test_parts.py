"""Each part does what it says in one round, and none of it is lost when a run is stopped and gone on with."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

import ganstudio.training.parts
from ganstudio.networks.draws import Draws
from ganstudio.networks.minibatch_discrimination import MinibatchDiscrimination
from ganstudio.networks.packs import pack_pictures
from ganstudio.networks.spectral_norm import SpectralNorm, iterate_all, normalise_spectrally
from ganstudio.training.config import LOSS_NAMES, TrainingConfig, with_settings
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.feed import RepeatedBatch
from ganstudio.training.game.pair import Batch, Pair
from ganstudio.training.parts.base import Moment, make_settings
from ganstudio.training.parts.catalogue import PARTS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train
from tests.training.test_trainer import final_digest, stop_after

CPU = torch.device("cpu")
CLASSES = {"resolution": 28, "channels": 1, "num_classes": 2, "z_dim": 8, "base_channels": 4, "max_channels": 8}
NEEDS: dict[str, dict[str, object]] = {
    "gradient_penalty": {"loss": "wasserstein"},
    "auxiliary_classifier": {"network_config": CLASSES},
    "lecam": {"lecam.wait_kimg": 0.02},
    "adaptive_augmentation": {"adaptive_augmentation.start": 0.5, "adaptive_augmentation.speed_kimg": 0.2},
}


@pytest.fixture
def batch() -> Batch:
    images = torch.randn(8, 1, 28, 28, generator=torch.Generator().manual_seed(0)).clamp(-1, 1)
    return Batch(images, None)


def pair_of(config: TrainingConfig, **settings: object) -> Pair:
    return Pair(with_settings(replace(config, x_flip=False, parts={}), settings), CPU)


def test_every_file_is_a_part_in_the_list():
    files = {path.stem for path in Path(ganstudio.training.parts.__file__).parent.glob("*.py")}
    assert set(PARTS.names()) == files - {"__init__", "base", "catalogue"}
    for part in PARTS.values():
        assert part.title
        assert len(part.description) > 30
        assert part.settings_type()  # its defaults are in range


@pytest.mark.parametrize("name", sorted(set(PARTS.names()) - {"feature_reconstruction"}))  # see test_few_pictures
def test_a_run_with_the_part_goes_on_to_the_same_bits(name, tiny_config, tiny_pictures, tmp_path):
    config = with_settings(replace(tiny_config, kimg=0.16), {name: True, **NEEDS.get(name, {})})
    check_resuming(config, tiny_pictures, tmp_path)


@pytest.mark.parametrize("loss", LOSS_NAMES)
def test_a_run_with_the_loss_goes_on_to_the_same_bits(loss, tiny_config, tiny_pictures, tmp_path):
    settings = {"loss": loss, "discriminator_steps": 2, "optimizer": "rmsprop", "rate_schedule": "linear"}
    check_resuming(with_settings(replace(tiny_config, kimg=0.16), settings), tiny_pictures, tmp_path)


def check_resuming(config: TrainingConfig, pictures: object, folder: Path) -> None:
    config = replace(config, score_kimg=10.0, snapshot_kimg=10.0, sample_kimg=10.0)
    if "critic_to_optimality" in config.parts:
        config = with_settings(config, {"critic_to_optimality.steps": 3, "critic_to_optimality.first_rounds": 2})
    whole, broken = RunFolder(folder / "whole"), RunFolder(folder / "broken")
    list(train(config, pictures, whole))
    stop_after(train(config, pictures, broken), 3)
    list(train(config, pictures, broken, resume=True))
    assert final_digest(broken) == final_digest(whole)


def test_clipped_weights_stay_within_the_limit(tiny_config, batch):
    pair = pair_of(tiny_config, loss="wasserstein", optimizer="rmsprop", weight_clipping=True)
    pair.play(RepeatedBatch(batch), 0, 0.0)
    assert max(float(weight.detach().abs().max()) for weight in pair.discriminator.parameters()) <= 0.01 + 1e-9


def test_long_rounds_come_first_and_now_and_then():
    part = PARTS["critic_to_optimality"](make_settings("critic_to_optimality", {}))
    steps = [part.discriminator_steps(Moment(step, 0.0, 0.0), 5) for step in (0, 24, 25, 499, 500, 501)]
    assert steps == [100, 100, 5, 5, 100, 5]


def test_discriminator_steps_show_as_many_batches(tiny_config, batch):
    pair = pair_of(tiny_config, discriminator_steps=3)
    assert pair.play(RepeatedBatch(batch), 0, 0.0).images == 24


def test_noise_fades_and_is_gone():
    settings = make_settings("instance_noise", {"deviation": 0.2, "until": 0.5})
    found = [settings.at(Moment(0, 0.0, share)) for share in (0.0, 0.25, 0.5, 1.0)]
    assert found == pytest.approx([0.2, 0.1, 0.0, 0.0])


def test_smoothed_labels_are_the_smoothed_cross_entropy(tiny_config, batch):
    """Adding the term is the cross entropy with a target of 0.8, whatever the network."""
    pair = pair_of(tiny_config, **{"label_smoothing.target": 0.8})
    moment = pair.moment(0, 0.0)
    fakes = pair._draw(batch, with_gradients=False)
    loss, _ = pair._discriminator_loss(batch, fakes, moment)
    real, fake = (pair.judge(images, None, moment) for images in (batch.images, fakes.images))
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    expected = entropy(real, torch.full_like(real, 0.8)) + entropy(fake, torch.zeros_like(fake))
    assert torch.isclose(loss, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"label_smoothing": True, "loss": "hinge"}, "no labels to smooth"),
        ({"packing": True, "network_config": {"resolution": 28, "channels": 1, "num_classes": 3}}, "different classes"),
        ({"packing.size": 3}, "packs of 3"),
        ({"r1.gamma": -1.0}, "out of range"),
        ({"r1.strength": 1.0}, "no such setting"),
        ({"accumulation": 3}, "3 equal parts"),
    ],
)
def test_what_does_not_go_together_is_refused(settings, message, tiny_config):
    with pytest.raises(TrainingConfigError, match=message):
        with_settings(tiny_config, settings)


def test_packs_put_neighbours_behind_each_other():
    images = torch.arange(8.0).view(4, 2, 1, 1)
    assert pack_pictures(images, 2).flatten(1).tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    with pytest.raises(ValueError, match="multiple"):
        pack_pictures(images, 3)


@pytest.mark.parametrize("network", ["dcgan", "mlp"])
def test_a_pack_has_one_logit(network, tiny_config, batch):
    values = {"resolution": 28, "channels": 1, "z_dim": 4}
    pair = pair_of(tiny_config, network=network, network_config=values, packing=True, minibatch_discrimination=True)
    assert pair.judge(batch.images, None, pair.moment(0, 0.0)).shape == (4,)
    scalars = pair.play(RepeatedBatch(batch), 0, 0.0).scalars
    assert all(torch.isfinite(value) for value in scalars.values())


def test_closeness_against_a_plain_reference():
    layers = MinibatchDiscrimination(3, 2, 4, Draws(CPU, 0))
    features = torch.randn(5, 3, generator=torch.Generator().manual_seed(1))
    projected = torch.einsum("nf,fkl->nkl", features, layers.projections)
    expected = torch.zeros(5, 2)
    for row in range(5):
        for other in range(5):
            if other != row:
                expected[row] += (-(projected[row] - projected[other]).abs().sum(dim=1)).exp()
    assert torch.allclose(layers.closeness(features), expected, atol=1e-6)
    assert not layers(features).any()


@pytest.mark.parametrize("shape", [(6, 4), (5, 3, 4, 4)])
def test_a_normalised_weight_has_the_largest_singular_value_one(shape):
    weight = torch.randn(shape, generator=torch.Generator().manual_seed(2))
    norm = SpectralNorm(weight, Draws(CPU, 0))
    for _ in range(200):
        norm.iterate(weight)
    found = torch.linalg.svdvals(norm(weight).flatten(1))[0]
    assert found.item() == pytest.approx(1.0, abs=1e-4)


def test_the_gradient_of_a_normalised_weight_is_that_of_the_quotient():
    weight = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    norm = SpectralNorm(weight, Draws(CPU, 0)).double()
    for _ in range(500):
        norm.iterate(weight.detach())
    weights = torch.randn(4, 3, dtype=torch.float64)
    (found,) = torch.autograd.grad((norm(weight) * weights).sum(), weight)
    quotient = weight / torch.linalg.svdvals(weight)[0]
    (expected,) = torch.autograd.grad((quotient * weights).sum(), weight)
    assert torch.allclose(found, expected, atol=1e-8)


def test_all_weights_are_normalised_and_kept_so(tiny_config, batch):
    pair = pair_of(tiny_config, loss="hinge", spectral_norm=True)
    for step in range(30):
        pair.play(RepeatedBatch(batch), step, 0.0)
    largest = [
        float(torch.linalg.svdvals(part.weight.detach().flatten(1))[0])
        for part in pair.discriminator.modules()
        if hasattr(part, "parametrizations")
    ]
    assert len(largest) >= 4
    assert max(largest) < 1.15


def test_one_iteration_changes_nothing_that_a_graph_holds():
    layer = torch.nn.Linear(4, 3)
    normalise_spectrally(layer, Draws(CPU, 0))
    output = layer(torch.randn(2, 4)).sum()
    iterate_all(layer)
    output.backward()
    assert layer.parametrizations.weight.original.grad is not None


def test_r1_and_r2_penalise_their_own_kind(tiny_config, batch):
    for name, asked in (("r1", (True, False)), ("r2", (False, True))):
        pair = pair_of(tiny_config, **{f"{name}.gamma": 2.0, f"{name}.interval": 2, f"{name}.final_share": 0.5})
        part = pair.parts[name]
        assert part.wants_gradients(Moment(0, 0.0, 0.0)) == asked
        assert part.wants_gradients(Moment(1, 0.0, 0.0)) == (False, False)
        assert part.settings.weight(Moment(0, 0.0, 0.0)) == pytest.approx(2.0)
        assert part.settings.weight(Moment(0, 0.0, 1.0)) == pytest.approx(1.0)
        assert f"{name}_penalty" in pair.play(RepeatedBatch(batch), 0, 0.0).scalars


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"loss": "relativistic", "r1": True, "r2": True},
        {"loss": "wasserstein", "gradient_penalty": True, "instance_noise": True, "spectral_norm": True},
        {"loss": "wasserstein", "weight_clipping": True, "optimizer": "rmsprop"},
    ],
)
def test_a_batch_in_parts_is_the_whole_batch(settings, tiny_config, batch):
    """On networks that compare nothing within a batch, to rounding."""
    network = {"resolution": 28, "channels": 1, "z_dim": 4, "hidden": 16, "layers": 2}
    pairs = [
        pair_of(tiny_config, network="mlp", network_config=network, accumulation=parts, reuse_fakes=False, **settings)
        for parts in (1, 4)
    ]
    for step in range(3):
        whole, in_parts = (pair.play(RepeatedBatch(batch), step, 0.0).scalars for pair in pairs)
    assert whole.keys() == in_parts.keys()
    first, second = (torch.cat([weight.flatten() for weight in pair.generator.parameters()]) for pair in pairs)
    assert torch.allclose(first, second, atol=2e-5)
    for name in ("loss_generator", "loss_discriminator"):
        assert torch.isclose(whole[name], in_parts[name], rtol=1e-3, atol=1e-5)


def test_drawing_once_gives_the_generator_what_was_judged(tiny_config, batch):
    """The generator's step from kept fakes descends as from the same fakes drawn anew."""
    pair = pair_of(tiny_config, network="mlp", network_config={"resolution": 28, "channels": 1, "z_dim": 4})
    moment = pair.moment(0, 0.0)
    _, fakes = pair.step_discriminator(batch, moment, keeps_fakes=True)
    loss, _ = pair._generator_loss(batch, fakes, moment)
    expected = torch.nn.functional.softplus(-pair.judge(fakes.images, None, moment)).mean()
    assert torch.isclose(loss, expected)
    assert pair.step_generator(batch, moment, fakes)["loss_generator"] == loss.detach()


def test_augmentation_follows_the_discriminators_certainty_and_stops_at_its_cap(tiny_config, batch):
    settings = {"adaptive_augmentation.speed_kimg": 0.1, "adaptive_augmentation.cap": 0.5}
    pair = pair_of(tiny_config, discriminator_lr=1e-7, **settings)
    part = pair.parts["adaptive_augmentation"]
    head = pair.discriminator.head.linear
    strengths = []
    for bias, steps in ((50.0, 40), (-50.0, 80)):  # all are called real, then none
        torch.nn.init.constant_(head.bias, bias)
        for step in range(steps):
            pair.play(RepeatedBatch(batch), step, 0.0)
        strengths.append(part.curves()["augmentation_p"])
    assert strengths == [0.5, 0.0]
    assert part.curves()["overfitting_rt"] == -1.0


def test_a_frozen_share_of_the_discriminator_stays_as_it_is(tiny_config, batch):
    pair = pair_of(tiny_config, **{"freeze_discriminator.share": 0.5})
    before = [weight.detach().clone() for weight in pair.discriminator.parameters()]
    for step in range(2):
        pair.play(RepeatedBatch(batch), step, 0.0)
    stayed = [torch.equal(old, new) for old, new in zip(before, pair.discriminator.parameters(), strict=True)]
    half = round(len(stayed) / 2)
    assert all(stayed[:half])
    assert not any(stayed[half:])
    assert not any(weight.requires_grad for weight in list(pair.discriminator.parameters())[:half])


def test_the_auxiliary_classifier_learns_the_classes(tiny_config):
    labels = torch.arange(16) % 2
    images = torch.full((16, 1, 28, 28), -1.0)
    images[labels == 1, :, 8:20, 8:20] = 1.0
    pair = pair_of(tiny_config, network_config=CLASSES, auxiliary_classifier=True, discriminator_lr=2e-3)
    losses = [
        float(pair.play(RepeatedBatch(Batch(images, labels)), step, 0.0).scalars["class_loss"]) for step in range(40)
    ]
    assert losses[-1] < 0.3 * losses[0]


def test_lecam_measures_from_the_means_of_before(tiny_config, batch):
    pair = pair_of(tiny_config, **{"lecam.wait_kimg": 0.0, "lecam.keep": 0.5})
    moment = pair.moment(0, 0.0)
    fakes = pair._draw(batch, with_gradients=False)
    _, scalars = pair._discriminator_loss(batch, fakes, moment)
    real, fake = (pair.judge(images, None, moment).detach() for images in (batch.images, fakes.images))
    assert torch.isclose(scalars["lecam"], (real**2).mean() + (fake**2).mean(), rtol=1e-4)
    _, scalars = pair._discriminator_loss(batch, fakes, moment)
    expected = (real - fake.mean() / 2).square().mean() + (fake - real.mean() / 2).square().mean()
    assert torch.isclose(scalars["lecam"], expected, rtol=1e-4)


def test_matching_features_are_at_no_distance(tiny_config, batch):
    pair = pair_of(tiny_config, feature_matching=True, network="mlp", network_config=CLASSES_OFF)
    part = pair.parts["feature_matching"]
    moment = pair.moment(0, 0.0)
    fakes = pair._draw(batch, with_gradients=False)
    pair._discriminator_loss(Batch(fakes.images, None), fakes, moment)
    _, scalars = pair._generator_loss(batch, fakes, moment)
    assert float(scalars["feature_distance"]) == pytest.approx(0.0, abs=1e-10)
    assert part.state()["mean"].shape == (256,)


CLASSES_OFF = {"resolution": 28, "channels": 1, "z_dim": 4}
