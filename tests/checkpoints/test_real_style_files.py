"""StyleGAN files as bytes, through the command line: nothing in them runs, and the pictures are the generator's."""

import json

import numpy as np
import pytest
import torch

from ganstudio.__main__ import main
from tests.checkpoints import nvlabs_files, tensorflow_files
from tests.checkpoints.real_pickles import write_nvlabs, write_tensorflow
from tests.networks.test_stylegan1 import build as build_first
from tests.networks.test_stylegan2 import build


def nvlabs(path, values):
    generator, _ = build(**values)
    other, _ = build(resolution=8, widths=(4, 4))
    tree = {
        "G": nvlabs_files.stylegan2_generator(other),
        "D": nvlabs_files.discriminator(),
        "G_ema": nvlabs_files.stylegan2_generator(generator, img_resolution=16),
        "augment_pipe": None,
        "training_set_kwargs": {"path": "cats.zip"},
    }
    write_nvlabs(path, tree)
    return generator


def tensorflow(path, values):
    generator, _ = build(scaled_demodulation=True, **values)
    record = tensorflow_files.stylegan2_generator(generator)
    write_tensorflow(path, (record, tensorflow_files.discriminator(), record))
    return generator


def first_tensorflow(path, values):
    generator, _ = build_first(num_classes=values["num_classes"])
    record = tensorflow_files.stylegan1_generator(generator)
    write_tensorflow(path, (record, tensorflow_files.discriminator(), record))
    return generator


@pytest.mark.parametrize("write", [nvlabs, tensorflow, first_tensorflow])
@pytest.mark.parametrize("values", [{"num_classes": 0}, {"num_classes": 3, "label_width": 6, "architecture": "resnet"}])
def test_pictures_are_the_generators(tmp_path, write, values, capsys):
    path = tmp_path / "network.pkl"
    generator = write(path, values)
    z, labels = np.random.default_rng(0).normal(size=(3, 6)).astype("f4"), np.arange(3)
    np.savez(tmp_path / "in.npz", z=z, labels=labels)
    arguments = ["--latents", str(tmp_path / "in.npz"), "--output", str(tmp_path / "out.npz"), "--truncation", "0.7"]
    assert main(["sample", str(path), *arguments]) == 0
    w_plus = generator.map(torch.from_numpy(z), torch.from_numpy(labels) if values["num_classes"] else None, 0.7)
    expected = generator.synthesise(w_plus).numpy()
    with np.load(tmp_path / "out.npz", allow_pickle=False) as drawn:
        assert np.abs(drawn["w"] - w_plus.numpy()).max() < 1e-5
        assert np.abs(drawn["images"] - expected).max() < 1e-4 * np.abs(expected).max()
    capsys.readouterr()
    assert main(["inspect", str(path), "--json", "--tensors"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["family"] == ("stylegan1" if write is first_tensorflow else "stylegan2")
    assert (facts["z_dim"], facts["w_dim"], facts["num_ws"], facts["c_dim"]) == (6, 7, 6, values["num_classes"])
    assert len(facts["components"]) == 3
    assert len(facts["tensors"]) > 50


@pytest.mark.parametrize("write", [nvlabs, tensorflow])
def test_damage_never_does_worse_than_an_error(tmp_path, write, capsys):
    path = tmp_path / "network.pkl"
    write(path, {})
    good, random = path.read_bytes(), np.random.default_rng(0)
    for _ in range(25):
        data = bytearray(good)
        for place in random.integers(0, len(data), 20):
            data[place] = random.integers(0, 256)
        path.write_bytes(bytes(data[: random.integers(len(data) // 2, len(data) + 1)]))
        code = main(["inspect", str(path), "--json"])
        assert code in (0, 3)
        if code:
            assert len(capsys.readouterr().err.splitlines()) == 1
