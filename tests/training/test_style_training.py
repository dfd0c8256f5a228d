"""Training a StyleGAN2: what it keeps, that it learns, resumes bit for bit, and opens like any other model."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.formats.native import read_file, write_file
from ganstudio.losses.zero_centred import zero_centred_penalty
from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import Look, RenderRequest
from ganstudio.training.config import TrainingConfig
from ganstudio.training.events import ScalarsLogged, ScoreMeasured, TrainingWarned
from ganstudio.training.feed import RepeatedBatch
from ganstudio.training.game.pair import Batch, Pair
from ganstudio.training.runs.run_folder import RunFolder
from ganstudio.training.trainer import train
from tests.conftest import TinyPictures
from tests.training.test_trainer import final_digest, stop_after

NETWORK = {
    "resolution": 16,
    "channels": 1,
    "num_classes": 2,
    "z_dim": 6,
    "w_dim": 6,
    "widths": (8, 8, 6),
    "mapping_widths": (6, 6),
    "label_width": 6,
}
CPU = torch.device("cpu")


@pytest.fixture
def style_config(tiny_config) -> TrainingConfig:
    """Everything that carries state: mean w, mixing, path length, R1, the average, flips, classes."""
    return replace(
        tiny_config, network="stylegan2", network_config=NETWORK,
        parts={"r1": {"interval": 2}, "path_length": {"weight": 2.0, "interval": 3}},
        generator_lr=2.5e-3, discriminator_lr=2.5e-3, beta1=0.0,
    )  # fmt: skip


@pytest.fixture
def small_pictures() -> TinyPictures:
    """Sixty grey pictures of 16 px: a bright square of two sizes anywhere."""
    random = np.random.default_rng(0)
    pixels = np.zeros((60, 16, 16, 1), np.uint8)
    labels = np.arange(60, dtype=np.int64) % 2
    for picture, label in zip(pixels, labels, strict=True):
        top, left = random.integers(0, 9, 2)
        picture[top : top + 4 + 3 * label, left : left + 4 + 3 * label] = random.integers(150, 256)
    return TinyPictures(pixels, labels, ("small", "large"))


def batch_of(pictures: TinyPictures, count: int = 8) -> Batch:
    images = torch.from_numpy(pictures.pixels[:count]).permute(0, 3, 1, 2).float() / 127.5 - 1
    return Batch(images, torch.from_numpy(pictures.labels[:count]))


def test_stopping_and_resuming_gives_the_same_bits(style_config, small_pictures, tmp_path):
    whole, broken = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "broken")
    list(train(style_config, small_pictures, whole))
    for number, step in enumerate((5, 6, 22)):
        stop_after(train(style_config, small_pictures, broken, resume=number > 0), step)
    list(train(style_config, small_pictures, broken, resume=True))
    assert final_digest(broken) == final_digest(whole)
    first, second = (read(run.snapshots()[-1][1]).weights for run in (whole, broken))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_a_snapshot_opens_and_is_explored_like_any_other(style_config, small_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    list(train(style_config, small_pictures, run))
    path = run.snapshots()[-1][1]
    checkpoint = read(path)
    assert checkpoint.description.family == "stylegan2"
    generator = build_generator(checkpoint, CPU)
    assert (generator.spec.num_ws, generator.spec.w_dim, generator.spec.has_noise) == (6, 6, True)
    assert generator.mean_w.abs().max() > 0
    renderer = Renderer(path, "cpu")
    seeds = tuple(Look(seed=seed, label=1, truncation=0.0) for seed in range(2))
    pictures = renderer.render(RenderRequest(str(path), seeds)).pixels
    assert np.array_equal(pictures[0], pictures[1])
    untruncated = tuple(replace(look, truncation=1.0) for look in seeds)
    pictures = renderer.render(RenderRequest(str(path), untruncated)).pixels
    assert not np.array_equal(pictures[0], pictures[1])


def test_the_mean_w_is_that_of_the_averaged_mapping(style_config, small_pictures):
    pair = Pair(style_config, CPU)
    seen = []
    for step in range(50):
        pair.play(RepeatedBatch(batch_of(small_pictures)), step, step * 0.008)
    with torch.no_grad():
        z = torch.randn(4000, 6, generator=torch.Generator().manual_seed(0))
        seen = pair.averaged.mapping(z, torch.arange(4000) % 2)
    deviation = float(seen.std(dim=0).mean())
    assert (pair.averaged.mean_w - seen.mean(dim=0)).abs().max() < 0.3 * deviation
    assert not pair.generator.mean_w.any()


def test_the_averaged_generator_keeps_its_own_noise(style_config, small_pictures):
    pair = Pair(style_config, CPU)
    before = pair.averaged.synthesis.layers[1].noise.clone()
    pair.play(RepeatedBatch(batch_of(small_pictures)), 0, 0.0)
    assert torch.equal(pair.averaged.synthesis.layers[1].noise, before)
    assert pair.generator.synthesis.layers[1].noise_strength.grad is not None


def test_regularisers_come_at_their_intervals(style_config, small_pictures):
    pair = Pair(replace(style_config, parts={**style_config.parts, "r1": {"interval": 4}}), CPU)
    told = [set(pair.play(RepeatedBatch(batch_of(small_pictures)), step, 0.0).scalars) for step in range(7)]
    assert [step for step, names in enumerate(told) if "r1_penalty" in names] == [0, 4]
    assert [step for step, names in enumerate(told) if "path_length" in names] == [0, 3, 6]


def test_path_length_does_nothing_to_a_generator_without_w(tiny_config, tiny_pictures, tmp_path):
    plain, asked = RunFolder(tmp_path / "plain"), RunFolder(tmp_path / "asked")
    list(train(replace(tiny_config, kimg=0.04), tiny_pictures, plain))
    events = list(
        train(replace(tiny_config, kimg=0.04, parts={**tiny_config.parts, "path_length": {}}), tiny_pictures, asked)
    )
    assert not any("path_length" in event.scalars for event in events if isinstance(event, ScalarsLogged))
    first, second = (read(run.snapshots()[-1][1]).weights for run in (plain, asked))
    assert first.keys() == second.keys()


def test_a_state_of_before_path_lengths_is_gone_on_from(tiny_config, tiny_pictures, tmp_path):
    tiny_config = replace(tiny_config, parts={**tiny_config.parts, "path_length": {}})
    run = RunFolder(tmp_path / "run")
    stop_after(train(tiny_config, tiny_pictures, run), 5)
    path = run.states()[-1][1]
    header, tensors = read_file(path)
    kept = {name: np.array(value) for name, value in tensors.items() if not name.startswith("parts.path_length")}
    assert len(kept) < len(tensors)
    write_file(path, {name: header[name] for name in header}, kept)
    list(train(tiny_config, tiny_pictures, run, resume=True))
    whole = RunFolder(tmp_path / "whole")
    list(train(tiny_config, tiny_pictures, whole))
    assert final_digest(run) == final_digest(whole)


def test_it_learns(style_config, small_pictures, tmp_path):
    config = replace(
        style_config, batch_size=16, parts={"r1": {"interval": 8}}, ema_kimg=0.1, generator_lr=5e-3,
        discriminator_lr=5e-3, score_kimg=4.0, sample_kimg=4.0, snapshot_kimg=4.0, log_kimg=1.0,
    )  # fmt: skip
    scores = {}
    for name, kimg in (("before", 0.016), ("after", 4.0)):
        events = list(train(replace(config, kimg=kimg), small_pictures, RunFolder(tmp_path / name)))
        scores[name] = [event.scalars for event in events if isinstance(event, ScoreMeasured)][-1]
    assert scores["after"]["kid"] < 0.5 * scores["before"]["kid"]
    assert scores["after"]["diversity"] > 0.3


def test_fresh_weights_keep_the_size_of_signals():
    """Scaled weights: with w of unit deviation, maps of every layer stay near 1 (filters take some), so do logits."""
    architecture = NETWORKS["stylegan2"]
    config = architecture.make_config({"resolution": 32, "z_dim": 64, "w_dim": 64, "widths": (64, 64, 64, 32),
                                       "mapping_widths": (64,) * 4})  # fmt: skip
    random = torch.Generator().manual_seed(0)
    generator = architecture.build_generator(config, random)
    discriminator = architecture.build_discriminator(config, random)
    w_plus = torch.randn(8, generator.spec.num_ws, 64, generator=random)
    sizes = []
    hooks = [layer.register_forward_hook(lambda _m, _i, out: sizes.append(float(out.square().mean().sqrt())))
             for layer in generator.synthesis.layers]  # fmt: skip
    with torch.no_grad():
        generator.synthesise(w_plus)
        logits = discriminator(torch.randn(8, 3, 32, 32, generator=random))
    for hook in hooks:
        hook.remove()
    assert all(0.25 < size < 2.0 for size in sizes)
    assert 0.01 < float(logits.square().mean().sqrt()) < 10


def test_r1_of_its_discriminator_is_differentiated_right():
    config = NETWORKS["stylegan2"].make_config({**NETWORK, "activation": "swish"})  # smooth, for finite differences
    random = torch.Generator().manual_seed(0)
    discriminator = NETWORKS["stylegan2"].build_discriminator(config, random).double()
    images = torch.randn(4, 1, 16, 16, generator=random, dtype=torch.float64)
    labels = torch.tensor([0, 1, 0, 1])

    def penalty() -> torch.Tensor:
        real = images.clone().requires_grad_(True)
        return zero_centred_penalty(real, discriminator(real, labels))

    penalty().backward()
    weight, step = discriminator.blocks[0].second.weight, 1e-5
    analytic = float(weight.grad[1, 2, 0, 2])
    values = []
    for move in (step, -2 * step):
        with torch.no_grad():
            weight[1, 2, 0, 2] += move
        values.append(float(penalty().detach()))
    assert analytic == pytest.approx((values[0] - values[1]) / (2 * step), rel=1e-4)


def test_a_size_that_it_cannot_draw_is_refused_before_there_is_a_run(style_config, tiny_pictures, tmp_path):
    config = replace(style_config, network_config={**NETWORK, "resolution": 28})
    with pytest.raises(NetworkConfigError, match="28 px is no power of two"):
        next(train(config, tiny_pictures, RunFolder(tmp_path / "run")))
    assert not (tmp_path / "run").exists()


def test_a_state_of_another_kind_of_device_is_gone_on_from_with_a_warning(style_config, small_pictures, tmp_path):
    run = RunFolder(tmp_path / "run")
    stop_after(train(style_config, small_pictures, run), 5)
    path = run.states()[-1][1]
    header, tensors = read_file(path)
    written = {**{name: np.array(value) for name, value in tensors.items()}, "random": np.zeros(16, np.uint8)}
    write_file(path, {**header, "device": "cuda"}, written)
    events = list(train(style_config, small_pictures, run, resume=True))
    assert any(isinstance(event, TrainingWarned) and "not with equal bits" in event.message for event in events)
    assert events[0].resumed_at_kimg == 0.04
    assert run.snapshots()[-1][0] == 0.32
