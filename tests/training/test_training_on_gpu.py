"""Training on a GPU: a step, resuming there, going on elsewhere, and a snapshot that opens on a processor."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.formats.native import read_file
from ganstudio.training.errors import TrainingDivergedError
from ganstudio.training.events import ScalarsLogged, TrainingEnded, TrainingWarned
from ganstudio.training.feed import PictureFeed, RepeatedBatch
from ganstudio.training.game.pair import Batch, Pair
from ganstudio.training.presets.catalogue import PRESETS
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.runs.state import Progress, load_newest_state
from ganstudio.training.trainer import train
from tests.training.test_presets import Facts
from tests.training.test_trainer import stop_after

pytestmark = pytest.mark.gpu

STYLE = {
    "resolution": 16,
    "channels": 1,
    "num_classes": 2,
    "z_dim": 6,
    "w_dim": 6,
    "widths": (8, 8, 6),
    "mapping_widths": (6, 6),
    "label_width": 6,
}


@pytest.fixture(params=["dcgan", "stylegan2"])
def case(request, tiny_config, tiny_pictures):
    """Settings and pictures of a family, for a GPU."""
    config = replace(tiny_config, device="cuda")
    if request.param == "dcgan":
        return config, tiny_pictures
    config = replace(
        config,
        network="stylegan2",
        network_config=STYLE,
        parts={**config.parts, "path_length": {"weight": 2.0}},
        beta1=0.0,
    )
    return config, replace(tiny_pictures, pixels=np.ascontiguousarray(tiny_pictures.pixels[:, 6:22, 6:22]))


def test_a_step_changes_all_weights_and_stays_finite(case):
    config, pictures = case
    pair = Pair(config, torch.device("cuda"))
    before = {name: value.clone() for name, value in pair.generator.named_parameters()}
    images = torch.from_numpy(pictures.pixels[:8]).permute(0, 3, 1, 2).float().div(127.5).sub(1).cuda()
    labels = torch.from_numpy(pictures.labels[:8]).cuda() if config.network_config["num_classes"] else None
    for step in range(2):
        scalars = pair.play(RepeatedBatch(Batch(images, labels)), step, 0.0).scalars
        assert all(torch.isfinite(value).all() for value in scalars.values())
    changed = {name for name, value in pair.generator.named_parameters() if not torch.equal(value, before[name])}
    assert changed == set(before)
    assert all(value.is_cuda for value in pair.averaged.state_dict().values())


def test_the_first_losses_are_those_of_the_processor(case):
    """Before anything was learned only the latents differ between devices, so that their means nearly agree."""
    config, pictures = case
    images = torch.from_numpy(np.tile(pictures.pixels, (8, 1, 1, 1))).permute(0, 3, 1, 2).float().div(127.5).sub(1)
    labels = torch.from_numpy(np.tile(pictures.labels, 8)) if config.network_config["num_classes"] else None
    losses = []
    for name in ("cpu", "cuda"):
        pair, device = Pair(config, torch.device(name)), torch.device(name)
        batch = Batch(images.to(device), None if labels is None else labels.to(device))
        losses.append({key: float(value) for key, value in pair.play(RepeatedBatch(batch), 0, 0.0).scalars.items()})
    assert losses[0]["d_real"] == pytest.approx(losses[1]["d_real"], abs=0.02)
    assert losses[0]["loss_discriminator"] == pytest.approx(losses[1]["loss_discriminator"], rel=0.1)
    assert losses[0]["r1_penalty"] == pytest.approx(losses[1]["r1_penalty"], rel=0.1, abs=1e-4)


def test_resuming_there_goes_on_from_the_very_state(case, tmp_path):
    config, pictures = case
    run = RunFolder(tmp_path / "run")
    stop_after(train(config, pictures, run), 11)
    _, saved = read_file(run.states()[-1][1])
    pair = Pair(config, torch.device("cuda"))
    progress, warnings = load_newest_state(run, pair)
    assert (progress, warnings) == (replace(progress, step=11), [])
    for name, value in pair.generator.state_dict().items():
        assert np.array_equal(value.cpu().numpy(), saved[f"generator.{name}"])
    assert np.array_equal(pair.draws.generator.get_state().numpy(), saved["random"])
    events = list(train(config, pictures, run, resume=True))
    assert isinstance(events[-1], TrainingEnded)
    assert not any(isinstance(event, TrainingWarned) for event in events)
    assert all(np.isfinite(list(event.scalars.values())).all() for event in events if isinstance(event, ScalarsLogged))


def test_recorded_rounds_are_the_rounds_that_were_played(case):
    config, pictures = case
    device = torch.device("cuda")
    pairs = [Pair(replace(config, recorded=recorded, precision="float32"), device) for recorded in (False, True)]
    feeds = [PictureFeed(pictures, np.arange(len(pictures.pixels)), pair) for pair in pairs]
    for step in range(24):
        played, replayed = (pair.play(feed, step, step * 0.008) for pair, feed in zip(pairs, feeds, strict=True))
        for name, value in played.scalars.items():
            assert float(replayed.scalars[name]) == pytest.approx(float(value), rel=0.05, abs=0.01), (name, step)
    assert pairs[0].recorder is None
    assert pairs[1].recorder.refusal == ""
    assert pairs[1].recorder.replayed > 10
    states = [pair.draws.generator.get_state() for pair in pairs]
    assert torch.equal(*states)  # as many numbers were drawn


@pytest.mark.parametrize("name", PRESETS.names())
def test_every_recipe_is_recorded_or_said_not_to_be(name):
    config = PRESETS[name].configure(Facts(32, 3, 3, 500))
    config = replace(config, device="cuda", batch_size=8)
    pair = Pair(config, torch.device("cuda"))
    spec = pair.generator.spec
    images = torch.rand(8, 3, spec.resolution, spec.resolution, device="cuda") * 2 - 1
    labels = torch.arange(8, device="cuda") % 3 if spec.num_classes else None
    for step in range(1024, 1044):  # after the long first rounds of a critic
        scalars = pair.play(RepeatedBatch(Batch(images, labels)), step, 1.0).scalars
        assert all(np.isfinite(float(value)) for value in scalars.values())
    if pair.recorder is None:
        assert config.optimizer != "adam"
    else:
        assert pair.recorder.refusal == ""
        assert pair.recorder.replayed > 5


def test_broken_numbers_are_told_and_teach_nobody(case):
    config, pictures = case
    pair = Pair(config, torch.device("cuda"))
    feed = PictureFeed(pictures, np.arange(len(pictures.pixels)), pair)
    for step in range(20):
        pair.play(feed, step, 0.01)
    learners = [*pair.generator.parameters(), *pair.discriminator.parameters()]
    before = [weight.detach().clone() for weight in learners]
    good = feed.take()
    broken = RepeatedBatch(Batch(torch.full_like(good.images, float("nan")), good.labels))
    pair.recorder.forget()
    with pytest.raises(TrainingDivergedError):
        pair.play(broken, 20, 0.01)
    assert all(torch.equal(old, new) for old, new in zip(before[-2:], learners[-2:], strict=True))


def test_a_run_goes_on_on_another_device(case, tmp_path):
    config, pictures = case
    run = RunFolder(tmp_path / "run")
    stop_after(train(config, pictures, run), 11)
    for device, kimg in (("cpu", 0.2), ("cuda", 0.32)):
        events = list(train(replace(config, device=device, kimg=kimg), pictures, run, resume=True))
        assert any(isinstance(event, TrainingWarned) and "not with equal bits" in event.message for event in events)
        assert isinstance(events[-1], TrainingEnded)
    assert Progress(40, 320).kimg == run.snapshots()[-1][0]


def test_a_snapshot_opens_on_a_processor(case, tmp_path):
    config, pictures = case
    run = RunFolder(tmp_path / "run")
    list(train(replace(config, kimg=0.08), pictures, run))
    generator = build_generator(read(run.snapshots()[-1][1]), torch.device("cpu"))
    assert torch.isfinite(generator(torch.randn(2, generator.spec.z_dim))).all()


def test_bfloat16_is_taken_there_and_pictures_stay_on_the_device(case):
    config, pictures = case
    device = torch.device("cuda")
    exact, mixed = (Pair(replace(config, precision=precision), device) for precision in ("float32", "auto"))
    feeds = [PictureFeed(pictures, np.arange(len(pictures.pixels)), pair) for pair in (exact, mixed)]
    assert feeds[0].take().images.is_cuda
    assert feeds[0]._resident.is_cuda
    feeds[0].go_to(0)
    losses = [pair.play(feed, 0, 0.0).scalars for pair, feed in zip((exact, mixed), feeds, strict=True)]
    assert all(torch.isfinite(value) and value.dtype == torch.float32 for value in losses[1].values())
    assert float(losses[1]["loss_discriminator"]) == pytest.approx(float(losses[0]["loss_discriminator"]), rel=0.1)
