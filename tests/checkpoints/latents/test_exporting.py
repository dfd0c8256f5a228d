"""Direction files that other programs read."""

import numpy as np
import pytest

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.checkpoints.latents.exporting import DirectionExportError, export_directions


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
