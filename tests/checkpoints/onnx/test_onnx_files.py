"""ONNX files as data: exact values, and every way in which one can lie."""

import hashlib
import json
import time

import numpy as np
import pytest
from onnx_files import (
    attribute,
    graph,
    linear_generator,
    model,
    node,
    number,
    port,
    tensor,
    text,
    typed_tensor,
)

from ganstudio.__main__ import main
from ganstudio.checkpoints.catalogue import describe, read
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.onnx.protobuf import write_field, write_varint
from ganstudio.checkpoints.opened_file import OpenedFile

WEIGHT = np.random.default_rng(0).normal(size=(8, 48)).astype(np.float32)
NOWHERE = [node("Tanh", ["z"], ["images"])]
PORTS = [port("z", "float32", "n", 8)], [port("images", "float32", "n", 3, 4, 4)]


def save(path, data):
    path.write_bytes(data)
    return path


def test_tensors_come_with_names_types_and_exact_values(tmp_path):
    half = np.array([[1.5, -2.0]], np.float16)
    weights = [tensor("a", WEIGHT), tensor("b/half", half), typed_tensor("typed", [1.5, -2.5, 0.0])]
    file = OpenedFile.open(save(tmp_path / "m", model(graph(NOWHERE, weights, *PORTS))))
    found = file.tensors
    assert set(found) == {"a", "b/half", "typed"}
    assert np.array_equal(found["a"].array(), WEIGHT)
    assert (found["b/half"].dtype, found["b/half"].shape) == ("float16", (1, 2))
    assert found["b/half"].bits() == half.tobytes()
    assert found["typed"].array().tolist() == [1.5, -2.5, 0.0]


def test_inspect_by_the_contract(tmp_path, capsys):
    path = save(tmp_path / "generator.bin", linear_generator(WEIGHT))
    assert main(["inspect", str(path), "--json", "--tensors"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["format"], facts["family"], facts["z_dim"], facts["c_dim"]) == ("onnx", "onnx_graph", 8, 0)
    assert (facts["resolution"], facts["channels"], facts["output_range"]) == (4, 3, [-1.0, 1.0])
    assert facts["confidence"] == 0.95
    assert facts["tensors"]["weight"]["sha256"] == hashlib.sha256(WEIGHT.tobytes()).hexdigest()


@pytest.mark.parametrize(("ending", "bounds"), [("Tanh", (-1.0, 1.0)), ("Sigmoid", (0.0, 1.0))])
def test_the_last_operation_tells_the_range(tmp_path, ending, bounds):
    path = save(tmp_path / "m", linear_generator(WEIGHT, ending=ending))
    assert describe(path).spec.output_range == bounds
    assert describe(path, {"output_range": "0:255"}).spec.output_range == (0.0, 255.0)


def test_layout_batch_and_names(tmp_path):
    found = read(save(tmp_path / "m", linear_generator(WEIGHT, last=True, batch=2, latent="noise")))
    assert (found.config["layout"], found.config["batch"], found.config["latent_input"]) == ("nhwc", 2, "noise")
    assert bytes(found.weights["model"]) == (tmp_path / "m").read_bytes()


@pytest.mark.parametrize(
    ("inputs", "roles"),
    [
        ([port("z", "float32", "n", 8), port("c", "float32", "n", 5)], {"label_input": "c", "num_classes": 5}),
        ([port("label", "int64", "n"), port("x", "float32", "n", 8)], {"label_input": "label", "num_classes": 10}),
        ([port("latent", "float32", 1, 8, 1, 1), port("truncation_psi", "float32")],
         {"truncation_input": "truncation_psi", "latent_shape": (8, 1, 1)}),
        ([port("z", "float32", 1, 8), port("noise0", "float32", 1, 1, 4, 4)], {"silent_inputs": ("noise0",)}),
        ([port("w", "float32", 1, 6, 8)], {"latent_shape": (6, 8)}),
    ],
)  # fmt: skip
def test_roles_are_told_by_names_types_and_shapes(tmp_path, inputs, roles):
    data = model(graph(NOWHERE, [], inputs, PORTS[1]))
    config = read(save(tmp_path / "m", data)).config
    assert {name: config[name] for name in roles} == roles


def test_a_person_may_say_the_roles(tmp_path):
    inputs = [port("z", "float32", "n", 8), port("mystery", "float32", "n", 8)]
    path = save(tmp_path / "m", model(graph(NOWHERE, [], inputs, PORTS[1])))
    config = read(path, {"latent_input": "mystery", "latent_law": "uniform"}).config
    assert (config["latent_input"], config["latent_law"], config["silent_inputs"]) == ("mystery", "uniform", ("z",))
    for wrong in ({"latent_input": "gone"}, {"output": "gone"}, {"latent_law": "odd"}, {"output_range": "1:0"}):
        with pytest.raises(CheckpointError) as caught:
            describe(path, wrong)
        assert caught.value.remedy


def test_classes_are_counted_in_the_table_they_are_looked_up_in(tmp_path):
    nodes = [node("Cast", ["y"], ["index"]), node("Gather", ["table", "index"], ["row"]), *NOWHERE]
    inputs = [port("z", "float32", "n", 8), port("y", "int64", "n")]
    data = model(graph(nodes, [tensor("table", np.zeros((7, 8), np.float32))], inputs, PORTS[1]))
    path = save(tmp_path / "m", data)
    assert describe(path).spec.num_classes == 7
    assert describe(path, {"num_classes": "3"}).spec.num_classes == 3


def test_weights_in_a_file_beside_are_taken_in(tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"pad!" + WEIGHT.tobytes())
    place = {"location": "weights.bin", "offset": "4", "length": str(WEIGHT.nbytes)}
    data = model(graph(NOWHERE, [tensor("weight", WEIGHT, place)], *PORTS))
    checkpoint = read(save(tmp_path / "m", data))
    assert np.array_equal(checkpoint.tensors["weight"].array(), WEIGHT)
    whole = save(tmp_path / "whole", bytes(checkpoint.weights["model"]))
    (tmp_path / "weights.bin").unlink()
    assert np.array_equal(read(whole).tensors["weight"].array(), WEIGHT)
    with pytest.raises(CheckpointError, match="not there"):
        read(tmp_path / "m")


@pytest.mark.parametrize(
    "place",
    [
        {"location": "../secret.bin"},
        {"location": "/etc/passwd"},
        {"location": "link.bin"},
        {"location": "folder/../../secret.bin"},
        {"location": "..\\secret.bin"},
        {"location": "weights.bin", "offset": "99999999"},
        {"location": "weights.bin", "offset": "-4"},
        {"location": "weights.bin", "length": "4"},
        {"location": "weights.bin", "offset": "9" * 30},
        {"offset": "0"},
    ],
)
def test_nothing_outside_the_folder_is_opened(tmp_path, place):
    folder = tmp_path / "model"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(WEIGHT.tobytes())
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    (folder / "weights.bin").write_bytes(WEIGHT.tobytes())
    path = save(folder / "m", model(graph(NOWHERE, [tensor("weight", WEIGHT, place)], *PORTS)))
    with pytest.raises(CheckpointError):
        describe(path)


def loops():
    body = graph([node("Loop", ["n", "c"], ["o"])], [], [], [])
    return graph([node("If", ["c"], ["o"], attribute("then_branch", graph=body)), *NOWHERE], [], *PORTS)


def nested(depth):
    inner = graph(NOWHERE, [], [], [])
    for _ in range(depth):
        inner = graph([node("If", ["c"], ["o"], attribute("then_branch", graph=inner))], [], [], [])
    return inner


DAMAGED = {
    "a loop within a branch": model(loops()),
    "a scan": model(graph([node("Scan", ["z"], ["images"])], [], *PORTS)),
    "an operator of a library": model(graph([node("Run", ["z"], ["images"], domain="evil.so")], [], *PORTS)),
    "no graph": number(1, 8) + text(2, "x"),
    "two graphs": model(graph(NOWHERE, [], *PORTS), write_field(7, graph(NOWHERE, [], *PORTS))),
    "no inputs": model(graph(NOWHERE, [], [], PORTS[1])),
    "no outputs": model(graph(NOWHERE, [], PORTS[0], [])),
    "no picture": model(graph(NOWHERE, [], PORTS[0], [port("features", "float32", "n", 64)])),
    "oblong pictures": model(graph(NOWHERE, [], PORTS[0], [port("images", "float32", "n", 3, 4, 8)])),
    "a latent without length": model(graph(NOWHERE, [], [port("z", "float32", "n", "d")], PORTS[1])),
    "an input nobody knows": model(graph(NOWHERE, [], [*PORTS[0], port("q", "float32", "a", "b")], PORTS[1])),
    "two tensors of a name": model(graph(NOWHERE, [tensor("a", WEIGHT), tensor("a", WEIGHT)], *PORTS)),
    "a tensor too short": model(graph(NOWHERE, [number(1, 9) + number(2, 1) + write_field(9, b"1234")], *PORTS)),
    "a tensor of a negative size": model(graph(NOWHERE, [number(1, -1) + number(2, 1) + write_field(9, b"")], *PORTS)),
    "an enormous tensor": model(graph(NOWHERE, [number(1, 1 << 39) + number(1, 1 << 39) + number(2, 1)], *PORTS)),
    "values that are too few": model(graph(NOWHERE, [number(1, 4) + number(2, 1) + write_field(4, b"1234")], *PORTS)),
    "half a value": model(graph(NOWHERE, [number(1, 1) + number(2, 1) + write_field(4, b"123")], *PORTS)),
    "graphs in graphs": model(nested(60)),
    "a name without end": model(graph([node("x" * 5000, ["z"], ["images"])], [], *PORTS)),
    "a part longer than all": number(1, 8) + write_varint(7 << 3 | 2) + write_varint(1 << 40) + b"x",
    "a number without end": number(1, 8) + write_varint(7 << 3 | 2) + b"\xff" * 40,
    "an unknown wire type": number(1, 8) + write_field(2, b"a") + b"\x3b\x00",
    "field zero": number(1, 8) + write_field(2, b"a") + b"\x02\x00",
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_and_hostile_models_are_refused(tmp_path, name, capsys):
    path = save(tmp_path / "m", DAMAGED[name])
    assert main(["inspect", str(path), "--json", "--tensors"]) == 3
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(str(path))
    assert "; " in line
    assert len(line) <= 400


def test_random_damage_never_does_worse_than_an_error(tmp_path):
    good = linear_generator(WEIGHT)
    random = np.random.default_rng(1)
    path = tmp_path / "m"
    end = time.monotonic() + 20
    refused = 0
    for round_number in range(400):
        data = bytearray(good)
        for place in random.integers(0, 400 if round_number % 2 else len(data), random.integers(1, 6)):
            data[-int(place) - 1] = random.integers(0, 256)
        path.write_bytes(bytes(data[: int(random.integers(1, len(data) + 1))] if round_number % 5 == 0 else data))
        try:
            read(path, {"output_range": "-1:1"})
        except CheckpointError:
            refused += 1
        assert time.monotonic() < end
    assert refused > 100
