"""ONNX models as generators, run through onnxruntime where it is installed."""

import numpy as np
import pytest
import torch
from onnx_files import graph, linear_generator, model, node, port, tensor

from ganstudio.__main__ import main
from ganstudio.checkpoints.building import build_generator
from ganstudio.checkpoints.catalogue import describe, read
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.networks import onnx_session
from ganstudio.networks.spec import NetworkConfigError
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

CPU = torch.device("cpu")
WEIGHT = np.random.default_rng(0).normal(size=(8, 48)).astype(np.float32)


@pytest.fixture
def runtime():
    pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")


def build(path, data, assumptions=None):
    path.write_bytes(data)
    return build_generator(read(path, assumptions or {}), CPU)


@pytest.mark.parametrize("batch", ["n", 1, 2, 5])
@pytest.mark.parametrize("last", [False, True])
def test_pictures_whatever_the_batch_and_the_layout(runtime, tmp_path, batch, last):
    generator = build(tmp_path / "m", linear_generator(WEIGHT, batch=batch, last=last))
    z = torch.randn(3, 8)
    flat = torch.tanh(z @ torch.from_numpy(WEIGHT))
    expected = flat.view(3, 4, 4, 3).permute(0, 3, 1, 2) if last else flat.view(3, 3, 4, 4)
    assert torch.allclose(generator(z), expected, atol=1e-6)
    assert generator(z[:0]).shape == (0, 3, 4, 4)
    assert generator.first_features(z).shape == (3, 192)


def conditional(kind):
    """Adds the class, as a number or as a one-hot row, to every pixel, and multiplies by a truncation."""
    nodes = [node("MatMul", ["z", "weight"], ["flat"]), node("Reshape", ["flat", "shape"], ["maps"])]
    if kind == "rows":
        inputs = [port("z", "float32", "n", 8), port("class_label", "float32", "n", 4)]
        nodes += [node("MatMul", ["class_label", "values"], ["value"])]
    else:
        inputs = [port("z", "float32", "n", 8), port("labels", "int64", "n")]
        nodes += [node("Gather", ["values", "labels"], ["value"])]
    nodes += [
        node("Reshape", ["value", "column"], ["bias"]),
        node("Add", ["maps", "bias"], ["sum"]),
        node("Mul", ["sum", "truncation"], ["images"]),
    ]
    weights = [
        tensor("weight", WEIGHT), tensor("shape", np.array([-1, 3, 4, 4], np.int64)),
        tensor("values", np.arange(4, dtype=np.float32)[:, None]), tensor("column", np.array([-1, 1, 1, 1], np.int64)),
    ]  # fmt: skip
    inputs.append(port("truncation", "float32", 1))
    outputs = [port("features", "float32", "n", 5), port("images", "float32", "n", 3, 4, 4)]
    nodes.append(node("Identity", ["flat"], ["features"]))
    return model(graph(nodes, weights, inputs, outputs))


@pytest.mark.parametrize("kind", ["rows", "numbers"])
def test_classes_truncation_and_several_outputs(runtime, tmp_path, kind):
    generator = build(tmp_path / "m", conditional(kind))
    assert generator.spec.num_classes == 4
    z, labels = torch.randn(3, 8), torch.tensor([3, 0, 2])
    expected = (z @ torch.from_numpy(WEIGHT)).view(3, 3, 4, 4) + labels.view(3, 1, 1, 1)
    assert torch.allclose(generator(z, labels), expected, atol=1e-5)
    drawn = generator.draw(z, labels, torch.tensor([0.5, 1.0, 0.0]))
    assert torch.allclose(drawn, expected * torch.tensor([0.5, 1.0, 0.0]).view(3, 1, 1, 1), atol=1e-5)


def test_a_blend_of_classes_goes_where_the_model_takes_rows(runtime, tmp_path):
    z, weights = torch.randn(3, 8), torch.tensor([[0.5, 0.5, 0, 0], [0, 0, 0, 1], [0.25, 0.25, 0.25, 0.25]])
    generator = build(tmp_path / "m", conditional("rows"))
    expected = (z @ torch.from_numpy(WEIGHT)).view(3, 3, 4, 4) + torch.tensor([0.5, 3.0, 1.5]).view(3, 1, 1, 1)
    assert torch.allclose(generator(z, weights), expected, atol=1e-5)
    numbers = build(tmp_path / "n", conditional("numbers"))
    with pytest.raises(NetworkConfigError, match="number of one class"):
        numbers(z, weights)


def test_the_range_is_guessed_from_pictures_where_no_operation_bounds_it(runtime, tmp_path):
    path = tmp_path / "m"
    for ending, bounds in (("Identity", (-1.0, 1.0)), ("Abs", (0.0, 255.0))):
        path.write_bytes(linear_generator(WEIGHT, ending=ending))
        description = describe(path)
        assert description.spec.output_range == bounds
        assert description.confidence == 0.8
        assert "guessed" in description.warnings[0]


def test_sizes_that_only_a_run_can_tell(runtime, tmp_path):
    nodes = [node("MatMul", ["z", "weight"], ["flat"]), node("Reshape", ["flat", "shape"], ["images"])]
    weights = [tensor("weight", WEIGHT), tensor("shape", np.array([-1, 3, 4, 4], np.int64))]
    path = tmp_path / "m"
    inputs, outputs = [port("z", "float32", "n", 8)], [port("images", "float32", "n", "c", "h", "w")]
    path.write_bytes(model(graph(nodes, weights, inputs, outputs)))
    assert describe(path).spec.resolution == 4
    weights[1] = tensor("shape", np.array([1, 3, 4, 4], np.int64))  # traced with one latent, said to take any number
    path.write_bytes(model(graph(nodes, weights, inputs, outputs)))
    assert read(path).config["batch"] == 1
    assert build_generator(read(path), CPU)(torch.randn(3, 8)).shape == (3, 3, 4, 4)


def test_the_renderer_and_the_command_line_draw_it(runtime, tmp_path):
    path = tmp_path / "m"
    path.write_bytes(conditional("numbers"))
    rendered = Renderer(path).render(RenderRequest(str(path), (Look(1, label=2), Look(2, truncation=0.5))))
    assert rendered.pixels.shape == (2, 4, 4, 3)
    np.savez(tmp_path / "z.npz", z=np.zeros((2, 8)), labels=np.array([1, 3]))
    arguments = ["sample", str(path), "--latents", str(tmp_path / "z.npz"), "--output", str(tmp_path / "o.npz")]
    assert main([*arguments, "--truncation", "0.5"]) == 0
    images = np.load(tmp_path / "o.npz")["images"]
    assert images[:, 0, 0, 0].tolist() == [0.5, 1.5]


def test_it_becomes_a_file_of_ours_and_back(runtime, tmp_path):
    path = tmp_path / "m"
    path.write_bytes(conditional("rows"))
    assert main(["convert", str(path), str(tmp_path / "ours.safetensors")]) == 0
    assert main(["inspect", str(tmp_path / "ours.safetensors")]) == 0


def test_a_graph_may_not_take_all_memory(runtime, tmp_path):
    nodes = [
        node("ConstantOfShape", ["many"], ["large"]), node("ReduceMax", ["large"], ["one"]),
        node("Add", ["z", "one"], ["moved"]), node("MatMul", ["moved", "weight"], ["flat"]),
        node("Reshape", ["flat", "shape"], ["maps"]), node("Tanh", ["maps"], ["images"]),
    ]  # fmt: skip
    weights = [
        tensor("many", np.array([1 << 31], np.int64)), tensor("weight", WEIGHT),
        tensor("shape", np.array([-1, 3, 4, 4], np.int64)),
    ]  # fmt: skip
    data = model(graph(nodes, weights, [port("z", "float32", "n", 8)], [port("images", "float32", "n", 3, 4, 4)]))
    generator = build(tmp_path / "m", data)
    with pytest.raises(NetworkConfigError, match="onnxruntime"):
        generator(torch.zeros(1, 8))


def test_a_model_that_the_runtime_refuses(runtime, tmp_path):
    path = tmp_path / "m"
    path.write_bytes(linear_generator(WEIGHT, ending="NoSuchOperator"))
    with pytest.raises(CheckpointError, match="onnxruntime does not take"):
        describe(path)


def test_without_the_package_it_says_how_to_get_it(tmp_path, monkeypatch, capsys):
    onnx_session._runtime.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    path = tmp_path / "m"
    path.write_bytes(linear_generator(WEIGHT))
    assert main(["inspect", str(path)]) == 0
    assert main(["sample", str(path), "--seeds", "1", "--grid", str(tmp_path / "g.png")]) == 1
    assert "pip install onnxruntime" in capsys.readouterr().err
    path.write_bytes(linear_generator(WEIGHT, ending="Identity"))
    assert describe(path).confidence == 0.5
    onnx_session._runtime.cache_clear()
