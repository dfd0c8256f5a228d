"""Files that are as they should be: every value as it was saved, by every protocol and in every wrapping."""

import pickle
import tracemalloc
from collections import OrderedDict

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.opened_file import OpenedFile


def make_tensors() -> dict[str, torch.Tensor]:
    random = torch.Generator().manual_seed(0)
    plain = torch.randn(40, 50, generator=random)
    tensors = {
        "float32": plain,
        "float64": plain[:3].double(),
        "float16": plain[:5].half(),
        "bfloat16": plain[:4].bfloat16(),
        "float8_e4m3fn": plain[:2].to(torch.float8_e4m3fn),
        "float8_e5m2": plain[:2].to(torch.float8_e5m2),
        "complex64": torch.complex(plain[0], plain[1]),
        "int64": torch.arange(-3, 4),
        "uint8": torch.arange(7, dtype=torch.uint8),
        "uint16": torch.arange(7).to(torch.uint16),
        "bool": torch.tensor([True, False, True]),
        "scalar": torch.tensor(3.5),
        "empty": torch.empty(0, 3),
        "transposed": plain.t(),
        "strided": plain[2:30:3, 1::7],
        "expanded": plain[:, :1].expand(40, 6),
        "parameter": torch.nn.Parameter(plain[:9, :300]),
    }
    return {**tensors, "tied": tensors["parameter"]}


def assert_equal(found, tensors):
    for name, tensor in tensors.items():
        wanted = tensor.detach().contiguous()
        assert found[name].dtype == str(wanted.dtype).removeprefix("torch.")
        assert found[name].shape == tuple(wanted.shape)
        assert found[name].bits() == bytes(wanted.flatten().view(torch.uint8).numpy().tobytes()), name
        if wanted.dtype.is_floating_point:
            assert np.array_equal(found[name].array(), wanted.float().numpy())


@pytest.mark.parametrize("protocol", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("zipped", [True, False])
def test_torch_files_of_every_protocol(tmp_path, protocol, zipped):
    tensors = make_tensors()
    torch.save({"g_ema": tensors}, tmp_path / "a.pt", pickle_protocol=protocol,
               _use_new_zipfile_serialization=zipped)  # fmt: skip
    found = OpenedFile.open(tmp_path / "a.pt").tensors
    assert_equal(found, {f"g_ema.{name}": tensor for name, tensor in tensors.items()})


@pytest.mark.parametrize("protocol", range(6))
def test_plain_pickles_of_every_protocol(tmp_path, protocol):
    tensors = make_tensors()
    arrays = {"c": np.arange(12.0).reshape(3, 4), "big": np.random.default_rng(0).random((90, 90)),
              "f": np.asfortranarray(np.arange(6).reshape(2, 3)), "swapped": np.arange(5, dtype=">i4")}  # fmt: skip
    others = {"b": b"ab" * 20_000, "set": {1, 2}, "od": OrderedDict(a=1), "long": 10**50, "float": 1e-300, "none": None,
              "text": "ä\n€", "scalar": np.float32(2.5), "tuple": (1, -2, True, (4.5,)), "c": 1j}  # fmt: skip
    (tmp_path / "a.pkl").write_bytes(pickle.dumps([tensors, arrays, others], protocol))
    file = OpenedFile.open(tmp_path / "a.pkl")
    assert_equal(file.tensors, {f"0.{name}": tensor for name, tensor in tensors.items()})
    for name, array in arrays.items():
        assert np.array_equal(file.tensors[f"1.{name}"].array(), array)
    tree = dict(file.tree[2])
    data = tree.pop("b")
    assert (data if isinstance(data, bytes) else data.read()) == others.pop("b")
    assert tree == others


def test_a_whole_module_is_listed_as_its_state_dict(tmp_path):
    module = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    torch.save(module, tmp_path / "a.pt")
    file = OpenedFile.open(tmp_path / "a.pt")
    assert file.tree.class_name == "torch.nn.modules.container.Sequential"
    assert_equal(file.tensors, module.state_dict())


def test_parsing_reads_no_weights_and_reading_takes_them_once(tmp_path):
    weights = {f"{index}.weight": torch.zeros(1 << 20) for index in range(8)}
    ways = {
        "a.pkl": lambda path: path.write_bytes(pickle.dumps(weights)),
        "a.pt": lambda path: torch.save(weights, path),
        "b.pt": lambda path: torch.save(weights, path, _use_new_zipfile_serialization=False),
    }
    for name, save in ways.items():
        path = tmp_path / name
        save(path)
        tracemalloc.start()
        file = OpenedFile.open(path)
        tensors = file.tensors
        assert tracemalloc.get_traced_memory()[1] < 4 << 20  # of 32 MiB
        values = tensors["3.weight"].load()
        assert values.nbytes == 4 << 20
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
        tracemalloc.stop()


def test_numpy_files(tmp_path):
    arrays = {"w": np.arange(6.0).reshape(2, 3), "v": np.asfortranarray(np.ones((2, 3), np.float32))}
    np.savez(tmp_path / "a.npz", **arrays)
    np.savez_compressed(tmp_path / "b.npz", **arrays)
    for path in tmp_path.iterdir():
        found = OpenedFile.open(path).tensors
        assert all(np.array_equal(found[name].array(), array) for name, array in arrays.items())
    np.save(tmp_path / "c.npy", arrays["v"])
    assert np.array_equal(OpenedFile.open(tmp_path / "c.npy").tree.array(), arrays["v"])
