"""Other people's tutorial checkpoints draw what their own programs draw, without any assumption."""

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import describe, read

GENERATORS = (
    "faces32_udacity_fletcher/generator.pt",
    "mnist_cwgangp_hayato/generator.pth",
    "mnist_mlp_csinva/G--300.ckpt",
    "quickdraw_dcgan_moreira/gan_artifact.pth",
)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_best_guess_draws_the_reference(shared, name):
    path = shared / "checkpoints" / name
    folder = path.parent
    z = torch.from_numpy(np.load(folder / "ref_z.npy", allow_pickle=False)).flatten(1)
    labels = folder / "ref_labels.npy"
    classes = torch.from_numpy(np.load(labels, allow_pickle=False)) if labels.exists() else None
    expected = np.load(folder / "ref_out.npy", allow_pickle=False)
    with torch.no_grad():
        found = build_generator(read(path), torch.device("cpu"))(z, classes).numpy()
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1e-4 * np.abs(expected).max()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("faces32_udacity_fletcher/discriminator.pt", "discriminator"),
        ("mnist_fullmodule_jayyang3/discriminator.pth", "__main__.Discriminator"),
        ("mnist_mlp_csinva/D--300.ckpt", "discriminator"),
        ("mnist_mlp_csinva/netD_epoch_99.pth", "discriminator"),
        ("mnist_mlp_csinva/lenet_epoch=12_test_acc=0.991.pth", "classifier"),
        ("mnist_mlp_csinva/vae_epoch_25.pth", "variational autoencoder"),
        ("lfs_pointer_28bc23/generator.pth", "LFS"),
    ],
)
def test_what_is_no_generator_is_refused_by_name(shared, name, what):
    with pytest.raises(CheckpointError, match=what):
        describe(shared / "checkpoints" / name)


def test_a_whole_pickled_module_gives_its_tensors(shared):
    description = describe(shared / "checkpoints" / "mnist_fullmodule_jayyang3" / "generator.pth")
    assert description.spec.z_dim == 128
    assert any("__main__.Generator" in warning for warning in description.warnings)
    assert {info.value for info in description.assumptions if info.name == "activation" and info.told} == {"relu"}
