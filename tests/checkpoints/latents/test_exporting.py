"""Direction files that other programs read."""

import json

import numpy as np
import pytest
import safetensors.numpy
import torch
from safetensors import safe_open

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.checkpoints.latents.exporting import DirectionExportError, export_directions
from ganstudio.recognition import Kind, recognise


def pairs(space: str = "w", count: int = 3):
    steps = np.random.default_rng(0).normal(size=(count, 16)).astype(np.float32)
    return [(DirectionInfo(f"d{k}", f"D {k}", -3, 3, space=space), step) for k, step in enumerate(steps)]


def test_an_array_is_what_interfacegan_loads(tmp_path):
    path = tmp_path / "net_smile_w_boundary.npy"
    export_directions(path, pairs(count=1))
    boundary = np.load(path, allow_pickle=False)
    assert boundary.shape == (1, 16)
    assert boundary.dtype == np.float64
    assert np.linalg.norm(boundary) == pytest.approx(1)
    found = read_latents(path)
    assert (found.space, found.kind, found.names) == ("w", "direction", ("smile",))


def test_a_cache_is_what_ganspace_loads(tmp_path):
    path = tmp_path / "stylegan2-ffhq_style_ipca_c3_n1000_w.npz"
    export_directions(path, pairs())
    with np.load(path, allow_pickle=False) as data:
        assert {"act_comp", "act_mean", "act_stdev", "lat_comp", "lat_mean", "lat_stdev", "var_ratio"} <= set(data)
        assert data["lat_comp"].shape == (3, 1, 16)
    found = read_latents(path)
    steps = np.stack([step for _, step in pairs()])
    assert found.space == "w"
    assert np.allclose(found.arrays["vectors"] * np.array(found.deviations)[:, None], steps, atol=1e-5)


def test_factors_are_what_rosinality_loads(tmp_path):
    path = tmp_path / "factor.pt"
    export_directions(path, pairs())
    content = torch.load(path, weights_only=True)  # as its apply_factor.py does
    assert content["eigvec"].shape == (16, 3)
    assert torch.allclose(content["eigvec"].norm(dim=0), torch.ones(3))
    found = read_latents(path)
    assert (found.format, found.count, found.space) == ("sefa", 3, "w")


def test_a_tensor_is_what_e4e_loads(tmp_path):
    path = tmp_path / "age.pt"
    export_directions(path, pairs(count=1), "tensor")
    assert torch.load(path, weights_only=True).shape == (1, 16)
    assert read_latents(path).kind == "direction"


def test_our_own_file_keeps_everything(tmp_path):
    path = tmp_path / "mine.safetensors"
    step = np.random.default_rng(1).normal(size=(4, 16)).astype(np.float32)
    layered = DirectionInfo("layered", "Layered ü", -2.5, 7, 0.9, "picks", "w_plus", (1, 3), 0, 0.3)
    folded = DirectionInfo("folded", "Folded", -1, 1, None, "factor", "z", None, 1)
    export_directions(path, [(layered, step), (folded, step[0])], "ganstudio", {"folded": "a" * 64})
    found = read_latents(path)
    assert [info for info, _ in found.ready] == [layered, folded]
    assert np.array_equal(found.ready[0][1], step)
    assert found.models == ("", "a" * 64)
    assert found.count == 2
    assert recognise(path).kind is Kind.LATENTS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"low": 5}, "range"),
        ({"layers": [3, 1]}, "layers"),
        ({"space": 7}, "space"),
        ({"fold": 1}, "fold"),
        ({"quality": "good"}, "number"),
        ({"sudden": 1}, "sudden"),
        ({"name": "gone"}, "missing"),
    ],
)
def test_a_damaged_file_of_ours_is_refused(tmp_path, change, message):
    path = tmp_path / "mine.safetensors"
    export_directions(path, pairs(count=1), "ganstudio")
    with safe_open(path, "numpy") as file:
        header = json.loads(file.metadata()["ganstudio"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
    header["directions"][0].update(change)
    path.write_bytes(safetensors.numpy.save(tensors, {"ganstudio": json.dumps(header)}))
    with pytest.raises(CheckpointError, match=message):
        read_latents(path)


@pytest.mark.parametrize(
    ("name", "directions", "message"),
    [
        ("a.txt", pairs(), "no kind of direction file"),
        ("a.npy", [], "no directions"),
        ("a.npy", [*pairs("z"), *pairs("w")], "w and z"),
        ("a.npz", [(DirectionInfo("zero", "Zero", -1, 1), np.zeros(16, np.float32))], "zero"),
    ],
)
def test_what_no_such_file_can_hold_is_refused(tmp_path, name, directions, message):
    with pytest.raises(DirectionExportError, match=message):
        export_directions(tmp_path / name, directions)
    assert not list(tmp_path.iterdir())


def test_a_header_whose_length_begins_like_a_pickle_is_none(tmp_path):
    step = np.ones(16, np.float32)
    for letters in range(1, 200):
        path = tmp_path / "a.safetensors"
        export_directions(path, [(DirectionInfo("a", "A" * letters, -3, 3), step)], "ganstudio")
        if path.read_bytes()[:2] in (b"\x80\x01", b"\x80\x02"):
            assert read_latents(path).ready[0][0].title == "A" * letters
            return
    pytest.fail("no name gave such a length")
