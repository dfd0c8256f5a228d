"""`ganstudio sample` with a generator that has a mapping network: z or w in, images and w out."""

import numpy as np
import pytest
import torch

from ganstudio.__main__ import main
from ganstudio.checkpoints.building import GeneratorFile, build_generator, save_generator
from ganstudio.checkpoints.catalogue import read
from tests.networks.test_stylegan2 import build


@pytest.fixture
def mapped(tmp_path):
    """A StyleGAN2 of three classes in our own format."""
    generator, config = build(num_classes=3)
    save_generator(tmp_path / "mapped.safetensors", generator, GeneratorFile("stylegan2", config))
    return tmp_path / "mapped.safetensors", generator


def sample(checkpoint, tmp_path, *options, **arrays):
    np.savez(tmp_path / "in.npz", **arrays)
    output = tmp_path / "out.npz"
    code = main(["sample", str(checkpoint), "--latents", str(tmp_path / "in.npz"), "--output", str(output), *options])
    assert code == 0
    with np.load(output, allow_pickle=False) as drawn:
        return drawn["images"], drawn["w"]


def test_our_own_format_keeps_it(mapped):
    path, generator = mapped
    again = build_generator(read(path), torch.device("cpu"))
    z = torch.randn(2, 6, generator=torch.Generator().manual_seed(0))
    assert torch.equal(again(z, torch.tensor([0, 2])), generator(z, torch.tensor([0, 2])))


def test_z_is_mapped_and_truncated_in_w(mapped, tmp_path):
    path, generator = mapped
    z = np.random.default_rng(0).normal(size=(5, 6))
    labels = np.arange(5) % 3
    images, w = sample(path, tmp_path, "--truncation", "0.6", z=z, labels=labels)
    expected = generator.map(torch.from_numpy(z).float(), torch.from_numpy(labels), truncation=0.6)
    assert w.shape == (5, 6, 7)
    assert np.allclose(w, expected.numpy(), atol=1e-6)
    assert np.allclose(images, generator.synthesise(expected).numpy(), atol=1e-4)


@pytest.mark.parametrize("broadcast", [False, True])
def test_w_is_drawn_as_it_is_and_truncated_if_asked(mapped, tmp_path, broadcast):
    path, generator = mapped
    w = np.random.default_rng(1).normal(size=(2, 7) if broadcast else (2, 6, 7)).astype(np.float32)
    whole = torch.from_numpy(np.repeat(w[:, None], 6, axis=1) if broadcast else w)
    images, kept = sample(path, tmp_path, w=w)
    assert np.array_equal(kept, whole.numpy())
    assert np.allclose(images, generator.synthesise(whole).numpy(), atol=1e-4)
    _, moved = sample(path, tmp_path, "--truncation", "0", w=w)
    assert np.allclose(moved, generator.mean_w.expand(2, 6, 7).numpy(), atol=1e-6)


def test_no_rows_give_none(mapped, tmp_path):
    images, w = sample(mapped[0], tmp_path, z=np.zeros((0, 6)))
    assert images.shape == (0, 3, 16, 16)
    assert w.shape == (0, 6, 7)


@pytest.mark.parametrize(
    "arrays",
    [
        {"w": np.zeros((2, 5, 7))},
        {"w": np.zeros((2, 6))},
        {"w": np.zeros(7)},
        {"w": np.full((1, 6, 7), np.inf)},
        {"z": np.zeros((2, 7))},
        {"w": np.zeros((2, 6, 7), np.complex64)},
    ],
)
def test_latents_of_another_network_are_refused(mapped, tmp_path, capsys, arrays):
    np.savez(tmp_path / "in.npz", **arrays)
    output = str(tmp_path / "out.npz")
    assert main(["sample", str(mapped[0]), "--latents", str(tmp_path / "in.npz"), "--output", output]) == 1
    assert "in.npz" in capsys.readouterr().err
