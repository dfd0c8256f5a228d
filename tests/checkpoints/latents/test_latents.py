"""Latents and directions of other programs: read as data, named for what they are, fitted to a generator or refused."""

import numpy as np
import pytest
from latent_files import (
    normal,
    save_npy,
    save_npz,
    save_pickle,
    save_torch,
    unit,
    write_ganspace_cache,
    write_ganspace_edit,
)

from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.checkpoints.latents.fitting import fit_directions
from ganstudio.networks.spec import GeneratorSpec

SPEC = GeneratorSpec(32, 64, 3, w_dim=32, num_ws=10)


def outline(found):
    return found.format, found.kind, found.space, found.count, found.shape


def test_projected_w(tmp_path):
    values = normal(1, 10, 32)
    found = read_latents(save_npz(tmp_path / "projected_w.npz", w=values))
    assert outline(found) == ("projected_w", "latent", "w_plus", 1, (10, 32))
    assert np.array_equal(found.arrays["vectors"], values)
    same = np.repeat(normal(1, 1, 32), 10, axis=1)
    assert read_latents(save_npz(tmp_path / "p.npz", w=same)).facts["same_in_all_layers"]
    assert read_latents(save_npz(tmp_path / "z.npz", z=normal(4, 32))).space == "z"


@pytest.mark.parametrize("save", [save_npy, save_torch])
def test_bare_arrays(tmp_path, save):
    assert outline(read_latents(save(tmp_path / "latents.pt", normal(4, 18, 32)))) == (
        "array", "latent", "w_plus", 4, (18, 32)
    )  # fmt: skip
    assert outline(read_latents(save(tmp_path / "z.pt", normal(4, 512)))) == ("array", "latent", "z", 4, (512,))
    w = read_latents(save(tmp_path / "0.pt", normal(10, 512) * 0.5))
    assert outline(w) == ("array", "latent", "w", 10, (512,))
    assert len(w.warnings) == 2, "neither space nor layers are certain"
    layered = read_latents(tmp_path / "0.pt", {"space": "w_plus"})
    assert outline(layered) == ("array", "latent", "w_plus", 1, (10, 512))
    assert not layered.warnings
    assert read_latents(save(tmp_path / "double.pt", normal(3, 32).astype(np.float64))).arrays["vectors"].dtype == "f4"


def test_latents_of_networks_of_convolutions(tmp_path):
    assert outline(read_latents(save_npy(tmp_path / "z.npy", normal(6, 100, 1, 1))))[2:] == ("z", 6, (100,))
    even = np.random.default_rng(0).uniform(-1, 1, (6, 100, 1, 1)).astype(np.float32)
    assert outline(read_latents(save_npy(tmp_path / "u.npy", even)))[2:] == ("z", 6, (100,))


@pytest.mark.parametrize(
    ("stem", "space", "facts"),
    [
        ("stylegan_ffhq_age_boundary", "z", {"attribute": "age", "model": "stylegan_ffhq"}),
        ("stylegan_ffhq_age_w_boundary", "w", {"attribute": "age", "model": "stylegan_ffhq"}),
        ("pggan_celebahq_age_c_gender_boundary", "z",
         {"attribute": "age", "condition": "gender", "model": "pggan_celebahq"}),
        ("stylegan_ffhq_eyeglasses_c_age_gender_w_boundary", "w",
         {"attribute": "eyeglasses", "condition": "age, gender", "model": "stylegan_ffhq"}),
        ("smile_boundary", "z", {"attribute": "smile"}),
    ],
)  # fmt: skip
def test_boundaries_by_the_names_of_interfacegan(tmp_path, stem, space, facts):
    found = read_latents(save_npy(tmp_path / f"{stem}.npy", unit(1, 32).astype(np.float64)))
    assert (found.kind, found.space, found.count) == ("direction", space, 1)
    assert found.facts == {**facts, "named_as": "InterFaceGAN"}
    assert found.name(0).startswith(facts["attribute"])


def test_rows_of_length_one_are_directions_whatever_their_name(tmp_path):
    found = read_latents(save_torch(tmp_path / "age.pt", unit(1, 32)))
    assert (found.kind, found.space, found.names) == ("direction", "w", ("age",))
    assert found.warnings == ("the file does not say its space; w is assumed",)
    assert read_latents(tmp_path / "age.pt", {"space": "z"}).space == "z"
    assert read_latents(tmp_path / "age.pt", {"kind": "latent"}).kind == "latent"
    autolume = read_latents(save_npy(tmp_path / "network-1_xcomp.npy", unit(6, 32)))
    assert (autolume.kind, autolume.count, autolume.facts["model"]) == ("direction", 6, "network-1")


def test_a_ganspace_cache(tmp_path):
    found = read_latents(write_ganspace_cache(tmp_path / "stylegan2-ffhq_style_ipca_c80_n1000000_w.npz"))
    assert outline(found) == ("ganspace", "direction", "w", 5, (32,))
    assert found.deviations == (3.0, 2.5, 2.0, 1.5, 1.0)
    assert found.facts == {
        "model": "stylegan2", "class": "ffhq", "layer": "style", "estimator": "ipca", "samples": "1000000",
    }  # fmt: skip
    z = read_latents(write_ganspace_cache(tmp_path / "BigGAN-512-husky_generator.gen_z_ipca_n1000000.npz"))
    assert z.space == "z"


def test_a_ganspace_edit(tmp_path):
    found = read_latents(write_ganspace_edit(tmp_path / "edit.pkl"))
    assert outline(found) == ("ganspace_edit", "direction", "w", 1, (32,))
    assert (found.names, found.deviations, found.layers, found.sliders) == (
        ("Head tilt",), (1.5,), ((0, 4),), ((-4.0, 4.0),)
    )  # fmt: skip
    assert found.facts["component_index"] == 7
    [(info, step)] = fit_directions(found, SPEC)
    assert (info.low, info.high) == (-4.0, 4.0)
    assert np.linalg.norm(step) == pytest.approx(1.5)


def test_axes_of_e4e_and_factors_of_rosinality(tmp_path):
    path = save_torch(
        tmp_path / "ffhq_pca.pt", {"comp": unit(5, 1, 32), "mean": normal(1, 32), "std": np.ones(5, "f4")}
    )
    found = read_latents(path)
    assert outline(found) == ("e4e_pca", "direction", "w", 5, (32,))
    assert found.arrays["mean"].shape == (32,)
    factors = np.linalg.qr(normal(32, 32))[0].astype(np.float32)
    found = read_latents(save_torch(tmp_path / "factor.pt", {"ckpt": "550000.pt", "eigvec": factors}))
    assert outline(found) == ("sefa", "direction", "w", 32, (32,))
    assert np.array_equal(found.arrays["vectors"][3], factors[:, 3]), "directions are the columns"
    assert found.facts == {"checkpoint": "550000.pt"}


def test_projections_of_rosinality(tmp_path):
    entries = {
        f"faces/{name}.png": {"img": normal(3, 8, 8), "latent": normal(10, 32), "noise": [normal(1, 1, 4, 4)]}
        for name in ("ann", "bob")
    }
    found = read_latents(save_torch(tmp_path / "projected.pt", entries))
    assert outline(found) == ("rosinality_projection", "latent", "w_plus", 2, (10, 32))
    assert found.names == ("ann", "bob")
    entries["faces/bob.png"]["latent"] = normal(12, 32)
    with pytest.raises(CheckpointError, match="different shapes"):
        read_latents(save_torch(tmp_path / "projected.pt", entries))


def test_style_space_files(tmp_path):
    layers = [normal(100, 1, 1, channels) for channels in [512] * 15 + [256, 256, 256, 128, 128, 128, 64]]
    found = read_latents(save_pickle(tmp_path / "S", layers))
    assert outline(found) == ("style_space", "latent", "style", 100, (512 * 15 + 3 * 256 + 3 * 128 + 64,))
    spread = read_latents(save_pickle(tmp_path / "S_mean_std", [[part[0] for part in layers]] * 2))
    assert (spread.space, spread.count) == ("style", 1)
    table = read_latents(save_npy(tmp_path / "fs3.npy", normal(6048, 512)))
    assert (table.kind, table.space, table.facts["channels"]) == ("direction", "style", 6048)


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((4, 28, 28), np.float32),
        np.zeros((4, 3), np.float32),
        np.zeros((4, 512), np.int64),
        np.zeros((0, 512), np.float32),
        np.zeros((2, 3, 4, 5, 512), np.float32),
        np.float32(3.0),
        np.full((1, 512), np.nan, np.float32),
        np.full((1, 512), 1e300),
    ],
)
def test_other_arrays_are_refused(tmp_path, values):
    with pytest.raises(CheckpointError) as caught:
        read_latents(save_npy(tmp_path / "x.npy", values))
    assert caught.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        {"comp": unit(5, 1, 32), "mean": normal(1, 32), "std": np.ones(4, "f4")},
        {"ckpt": "x", "eigvec": normal(3, 4, 32, 32)},
        {"lat_comp": normal(1, 32) * np.inf, "latent_space": "W", "edit_start": 0, "edit_end": 99999},
        {"a": {"latent": normal(2, 2)}},
        {},
        [],
        "text",
    ],
)
def test_damaged_or_other_content_is_refused(tmp_path, content):
    with pytest.raises(CheckpointError):
        read_latents(save_torch(tmp_path / "x.pt", content))


def test_an_unknown_assumption_is_refused(tmp_path):
    path = save_npy(tmp_path / "x.npy", unit(1, 32))
    for assumptions in ({"space": "q"}, {"kind": "q"}):
        with pytest.raises(CheckpointError, match="choose"):
            read_latents(path, assumptions)


def test_directions_fit_a_generator_or_say_why_not(tmp_path):
    z = read_latents(save_npy(tmp_path / "a_smile_boundary.npy", unit(1, 32)))
    [(info, step)] = fit_directions(z, SPEC)
    assert (info.name, info.title, step.shape, step.dtype) == ("smile", "smile", (32,), np.float32)
    assert len(fit_directions(z, GeneratorSpec(32, 64, 3))) == 1
    with pytest.raises(CheckpointError, match=r"shape \[64\]"):
        fit_directions(z, GeneratorSpec(64, 64, 3))
    same = read_latents(save_torch(tmp_path / "pose.pt", np.repeat(unit(1, 1, 32), 18, axis=1)))
    assert fit_directions(same, SPEC)[0][1].shape == (32,), "the same in all layers fits any number of layers"
    layered = read_latents(save_torch(tmp_path / "pose.pt", unit(1, 18, 32)))
    with pytest.raises(CheckpointError, match=r"shape \[10, 32\]"):
        fit_directions(layered, SPEC)
    with pytest.raises(CheckpointError, match="which this generator has not"):
        fit_directions(layered, GeneratorSpec(32, 64, 3))
    point = read_latents(save_npy(tmp_path / "w.npy", normal(1, 32)))
    with pytest.raises(CheckpointError, match="not directions"):
        fit_directions(point, SPEC)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("e4e_MIT/ganspace_pca/cars_pca.pt", ("e4e_pca", "direction", "w", 80, (512,))),
        ("e4e_MIT/ganspace_pca/ffhq_pca.pt", ("e4e_pca", "direction", "w", 80, (512,))),
        ("e4e_MIT/interfacegan_directions/age.pt", ("array", "direction", "w", 1, (512,))),
        ("e4e_MIT/interfacegan_directions/pose.pt", ("array", "direction", "w_plus", 1, (18, 512))),
        ("e4e_MIT/interfacegan_directions/smile.pt", ("array", "direction", "w", 1, (512,))),
        ("interfacegan_MIT/stylegan_ffhq_age_boundary.npy", ("array", "direction", "z", 1, (512,))),
        ("interfacegan_MIT/stylegan_ffhq_age_c_gender_boundary.npy", ("array", "direction", "z", 1, (512,))),
        ("interfacegan_MIT/stylegan_ffhq_age_w_boundary.npy", ("array", "direction", "w", 1, (512,))),
        ("interfacegan_MIT/stylegan_ffhq_gender_boundary.npy", ("array", "direction", "z", 1, (512,))),
        ("interfacegan_MIT/stylegan_ffhq_pose_w_boundary.npy", ("array", "direction", "w", 1, (512,))),
        ("interfacegan_MIT/stylegan_ffhq_smile_w_boundary.npy", ("array", "direction", "w", 1, (512,))),
        ("styleclip_MIT/w_plus.npy", ("array", "latent", "w_plus", 68, (18, 512))),
    ],
)
def test_files_from_the_wild(shared, name, expected):
    path = shared / "checkpoints" / "directions" / name
    found = read_latents(path)
    assert outline(found) == expected
    if found.kind == "direction":
        pairs = fit_directions(found, GeneratorSpec(512, 1024, 3, w_dim=512, num_ws=18))
        assert len(pairs) == found.count
    if name.endswith(".npy"):
        assert np.array_equal(found.arrays["vectors"].ravel(), np.load(path).ravel().astype(np.float32))
