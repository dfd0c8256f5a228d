"""TorchScript archives that torch itself made: opened without running anything in them."""

import contextlib
import json
import zipfile

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.__main__ import main
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import describe, read
from ganstudio.checkpoints.errors import CheckpointError

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
CPU = torch.device("cpu")


def make_dcgan():
    torch.manual_seed(0)
    layers = [
        nn.ConvTranspose2d(100, 32, 4, 1, 0, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        nn.ConvTranspose2d(32, 16, 4, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        nn.ConvTranspose2d(16, 3, 4, 2, 1, bias=False), nn.Tanh(),
    ]  # fmt: skip
    return nn.Sequential(*layers).eval()


def save_script(path, module, how):
    script = torch.jit.script(module) if how == "script" else torch.jit.trace(module, torch.zeros(1, 100, 1, 1))
    torch.jit.save(script, str(path))
    return path


@pytest.mark.parametrize("how", ["script", "trace"])
def test_a_plain_network_is_rebuilt_from_its_modules(tmp_path, how):
    network = make_dcgan()
    path = save_script(tmp_path / "generator.pt", network, how)
    checkpoint = read(path)
    assert checkpoint.description.format == "torchscript"
    assert "not run" in checkpoint.description.warnings[0]
    generator = build_generator(checkpoint, CPU)
    z = torch.randn(4, 100)
    assert torch.allclose(generator(z), network(z[:, :, None, None]), atol=1e-6)


def test_tensors_are_named_as_in_the_scripts_state_dict(tmp_path, capsys):
    network = make_dcgan()
    path = save_script(tmp_path / "generator.pt", network, "script")
    assert main(["inspect", str(path), "--json", "--tensors"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert set(facts["tensors"]) == set(network.state_dict())
    assert np.array_equal(read(path).tensors["0.weight"].array(), network[0].weight.detach().numpy())


def test_our_own_scripts_open_as_what_they_were(tiny_checkpoint, tmp_path):
    target = tmp_path / "out.ts"
    assert main(["convert", str(tiny_checkpoint), str(target)]) == 0
    old, new = read(tiny_checkpoint), read(target)
    assert new.description.spec == old.description.spec
    assert (new.description.family, new.description.class_names) == ("mlp", ("a", "b", "c"))
    for name, weights in old.weights.items():
        assert np.array_equal(new.weights[name], weights)
    assert main(["convert", str(target), str(tmp_path / "back.safetensors")]) == 0


@pytest.mark.parametrize(
    "note", [b"", b"{", b"[]", b'{"kind": "generator"}', b'{"kind": "generator", "network": "mlp", "config": {}}']
)
def test_a_damaged_note_is_an_error_or_nothing(tiny_checkpoint, tmp_path, note):
    target = tmp_path / "out.ts"
    main(["convert", str(tiny_checkpoint), str(target)])
    broken = tmp_path / "broken.ts"
    with zipfile.ZipFile(target) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, note if entry.filename.endswith("ganstudio.json") else old.read(entry))
    with contextlib.suppress(CheckpointError):
        build_generator(read(broken), CPU)


def test_what_cannot_be_rebuilt_is_refused_with_the_way_out(tmp_path):
    path = tmp_path / "lstm.pt"
    torch.jit.save(torch.jit.script(nn.LSTM(10, 20)), str(path))
    with pytest.raises(CheckpointError, match="never run") as caught:
        describe(path)
    assert "torch.save(torch.jit.load('lstm.pt').state_dict(), 'weights.pt')" in caught.value.remedy
    assert len(caught.value.message) <= 400


class Canary(nn.Module):
    """Would leave a file if it ran; scripts cannot write files, so this is a print that a test can see."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(48, 20))

    def forward(self, z):
        print("canary")
        return (z @ self.weight.t()).view(-1, 3, 4, 4)


def test_nothing_runs(tmp_path, capfd, monkeypatch):
    path = tmp_path / "canary.pt"
    torch.jit.save(torch.jit.script(Canary()), str(path))
    for name in ("load", "_load_for_lite_interpreter"):
        monkeypatch.setattr(torch.jit, name, None, raising=False)
    monkeypatch.setattr(torch, "load", None)
    with contextlib.suppress(CheckpointError):
        build_generator(read(path), CPU)(torch.zeros(1, 20))
    assert "canary" not in "".join(capfd.readouterr())
