"""A checkpoint as another kind of file: it draws the same, or nothing is written."""

import importlib.util
import json
from dataclasses import asdict

import numpy as np
import pytest
import torch

from ganstudio.__main__ import main
from ganstudio.checkpoints import conversion
from ganstudio.checkpoints.building import GeneratorFile, build_generator, save_generator
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.conversion import convert
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.writers.base import ConversionError, ConversionProgress, Converted
from ganstudio.checkpoints.writers.catalogue import WRITERS, find_writer
from ganstudio.files import FileWriteError
from ganstudio.networks.catalogue import NETWORKS

pytestmark = pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
CPU = torch.device("cpu")
STYLEGAN2 = {
    "resolution": 16, "widths": (6, 5, 4), "z_dim": 7, "w_dim": 8, "mapping_widths": (8, 8), "label_width": 8,
}  # fmt: skip
STYLEGAN3 = {
    "resolution": 16, "z_dim": 8, "w_dim": 8, "channel_base": 128, "channel_max": 8, "num_layers": 4,
    "last_stopband": 2.0**1.1,
}  # fmt: skip
NEEDS_ONNX = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("onnx", "onnxscript", "onnxruntime")),
    reason="the extra onnx is not installed",
)


def save_network(path, family, **settings):
    """A generator file with random weights, biases and buffers included."""
    architecture = NETWORKS[family]
    config = architecture.make_config(settings)
    random = torch.Generator().manual_seed(1)
    generator = architecture.build_generator(config, random).eval()
    for name, tensor in generator.state_dict().items():
        if (
            tensor.is_floating_point()
            and "filter" not in name
            and "magnitude" not in name
            and "running_var" not in name
        ):
            tensor.copy_(torch.randn(tensor.shape, generator=random) * (0.2 if tensor.ndim != 2 else 0.5))
    save_generator(path, generator, GeneratorFile(family, config, facts={"kimg": 3.5}))
    return path


def run(source, target, kind=None):
    events = list(convert(source, target, kind))
    assert all(isinstance(event, ConversionProgress) for event in events[:-1])
    assert isinstance(events[-1], Converted)
    return events[-1]


@pytest.mark.parametrize(
    ("family", "settings"),
    [
        ("mlp", {"num_classes": 3, "z_dim": 8, "hidden": 16, "layers": 1}),
        ("dcgan", {"resolution": 28, "z_dim": 8, "channels": 1}),
        ("stylegan2", STYLEGAN2),
        ("stylegan2", {**STYLEGAN2, "num_classes": 3, "channels": 1, "architecture": "resnet"}),
        ("stylegan2", {**STYLEGAN2, "architecture": "orig", "has_noise": False}),
        ("stylegan3", STYLEGAN3),
    ],
)
class TestEveryFamily:
    def test_as_our_own_file_bit_for_bit(self, tmp_path, family, settings):
        source = save_network(tmp_path / "source.safetensors", family, **settings)
        assert run(source, tmp_path / "out.safetensors").difference == 0
        old, new = read(source), read(tmp_path / "out.safetensors")
        assert new.config == old.config
        assert new.description.spec == old.description.spec
        assert new.description.facts == {"kimg": 3.5}
        for name, weights in old.weights.items():
            assert np.array_equal(new.weights[name], weights)

    def test_as_torchscript_for_any_number_of_latents(self, tmp_path, family, settings):
        source = save_network(tmp_path / "source.safetensors", family, **settings)
        assert run(source, tmp_path / "out.ts").relative_difference < 1e-5
        script = torch.jit.load(str(tmp_path / "out.ts"))
        generator = build_generator(read(source), CPU)
        z = torch.randn(3, generator.spec.z_dim)
        given = (z, torch.tensor([2, 0, 1])) if generator.spec.num_classes else (z,)
        assert torch.allclose(script(*given), generator(*given), atol=1e-5)
        assert script(*(part[:1] for part in given)).shape[0] == 1


@NEEDS_ONNX
@pytest.mark.parametrize(
    ("family", "settings", "inputs"),
    [
        ("mlp", {"num_classes": 3, "z_dim": 8, "hidden": 16, "layers": 1}, ["z", "labels"]),
        (
            "stylegan2",
            {**STYLEGAN2, "resolution": 8, "widths": (6, 5), "num_classes": 3},
            ["z", "labels", "truncation"],
        ),
    ],
)
def test_as_onnx_for_any_number_of_latents(tmp_path, family, settings, inputs):
    import onnxruntime

    source = save_network(tmp_path / "source.safetensors", family, **settings)
    assert run(source, tmp_path / "out.onnx").relative_difference < 1e-4
    session = onnxruntime.InferenceSession(tmp_path / "out.onnx", providers=["CPUExecutionProvider"])
    assert [item.name for item in session.get_inputs()] == inputs
    generator = build_generator(read(source), CPU)
    z, labels = torch.randn(3, generator.spec.z_dim), torch.tensor([2, 0, 1])
    given = {"z": z.numpy(), "labels": labels.numpy(), "truncation": np.ones(1, np.float32)}
    [images] = session.run(None, {name: given[name] for name in inputs})
    assert np.allclose(images, generator(z, labels).numpy(), atol=1e-4)


def test_as_a_state_dict_of_rosinality(tmp_path):
    settings = {**STYLEGAN2, "z_dim": 8}
    source = save_network(tmp_path / "source.safetensors", "stylegan2", **settings)
    assert run(source, tmp_path / "out.pt").relative_difference < 1e-5
    assert read(tmp_path / "out.pt").description.format == "rosinality"
    assert run(tmp_path / "out.pt", tmp_path / "back.safetensors").difference == 0
    grey = save_network(tmp_path / "grey.safetensors", "stylegan2", **{**settings, "channels": 1})
    with pytest.raises(ConversionError, match="grey pictures"):
        run(grey, tmp_path / "grey.pt")


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
def test_as_tensors_of_nvlabs(tmp_path, suffix, architecture):
    settings = {**STYLEGAN2, "architecture": architecture, "num_classes": 3}
    source = save_network(tmp_path / "source.safetensors", "stylegan2", **settings)
    target = tmp_path / f"out{suffix}"
    assert run(source, target, "nvlabs").relative_difference < 1e-6
    names = set(read(target).tensors)
    expected = {"mapping.w_avg", "mapping.fc1.bias", "synthesis.b4.const", "synthesis.b16.conv0.noise_const"}
    assert names >= {*expected, "synthesis.b8.conv1.affine.weight", "synthesis.b16.torgb.weight"}
    assert ("synthesis.b8.skip.weight" in names) == (architecture == "resnet")


def test_only_networks_with_names_of_nvlabs_get_them(tiny_checkpoint, tmp_path):
    with pytest.raises(ConversionError, match="family mlp"):
        run(tiny_checkpoint, tmp_path / "out.npz")


@pytest.mark.parametrize("family", [name for name in NETWORKS if name not in ("onnx_graph", "sequence")])
def test_configs_of_all_families_survive_json(family):
    architecture = NETWORKS[family]
    config = architecture.config_type()
    assert architecture.make_config(json.loads(json.dumps(asdict(config)))) == config


def test_directions_survive(tiny_checkpoint, tmp_path):
    run(tiny_checkpoint, tmp_path / "out.safetensors")
    old, new = read(tiny_checkpoint), read(tmp_path / "out.safetensors")
    assert new.description.directions == old.description.directions
    assert new.description.class_names == old.description.class_names
    assert np.array_equal(new.directions["smile"], old.directions["smile"])


def test_without_the_packages_onnx_says_how_to_get_them(tiny_checkpoint, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ConversionError, match="pip install onnx") as caught:
        run(tiny_checkpoint, tmp_path / "out.onnx")
    assert "onnx" in caught.value.reason
    assert not (tmp_path / "out.onnx").exists()


def test_a_result_that_draws_something_else_is_never_left(tiny_checkpoint, tmp_path, monkeypatch):
    target = tmp_path / "out.safetensors"
    target.write_bytes(b"old")
    monkeypatch.setattr(type(WRITERS["ganstudio"]), "reopen", lambda _self, _path, _model: lambda z, _labels: z)
    with pytest.raises(ConversionError, match="something else"):
        run(tiny_checkpoint, target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.safetensors", "tiny.safetensors"]


def test_pictures_of_another_size_or_that_are_no_numbers_are_something_else(tiny_checkpoint):
    generator = build_generator(read(tiny_checkpoint), CPU)
    assert conversion.compare(generator, lambda z, _labels: z)[1] == float("inf")
    assert not conversion.compare(generator, lambda z, labels: generator(z, labels) * float("nan"))[1] <= 1e-4


def test_the_source_is_never_overwritten(tiny_checkpoint, tmp_path):
    before = tiny_checkpoint.read_bytes()
    link = tmp_path / "link.safetensors"
    link.symlink_to(tiny_checkpoint)
    for target in (tiny_checkpoint, link):
        with pytest.raises(ConversionError, match="the file that is read"):
            run(tiny_checkpoint, target)
    assert tiny_checkpoint.read_bytes() == before


def test_targets_that_cannot_be(tiny_checkpoint, tmp_path):
    with pytest.raises(ConversionError, match="folder"):
        run(tiny_checkpoint, tmp_path, "ganstudio")
    with pytest.raises(ConversionError, match="end it in one of"):
        run(tiny_checkpoint, tmp_path / "out.xyz")
    with pytest.raises(FileWriteError):
        run(tiny_checkpoint, tmp_path / "gone" / "out.safetensors")
    with pytest.raises(CheckpointError):
        run(tmp_path / "gone.safetensors", tmp_path / "out.safetensors")


def test_suffixes_tell_the_kind(tmp_path):
    assert find_writer(tmp_path / "a.SAFETENSORS") == "ganstudio"
    assert find_writer(tmp_path / "a.ts") == "torchscript"
    assert find_writer(tmp_path / "a.onnx") == "onnx"
    suffixes = [suffix for writer in WRITERS.values() for suffix in writer.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_the_verb(tiny_checkpoint, tmp_path, capsys):
    target = tmp_path / "out.safetensors"
    assert main(["convert", str(tiny_checkpoint), str(target)]) == 0
    assert "largest difference of 4 pictures: 0" in capsys.readouterr().out
    assert main(["inspect", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["family"] == "mlp"
    assert main(["convert", str(tiny_checkpoint), str(tiny_checkpoint)]) == 1
    assert "choose another name" in capsys.readouterr().err
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"")
    assert main(["convert", str(broken), str(target)]) == 3
    assert main(["convert", str(tiny_checkpoint), str(tmp_path / "a.xyz")]) == 1
