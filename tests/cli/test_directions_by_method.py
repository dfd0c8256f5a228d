"""`ganstudio directions --method`: every way, and the files that come of it."""

import numpy as np
import pytest

from ganstudio.__main__ import main
from ganstudio.checkpoints.catalogue import read
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.latent.spaces import sample_z


def run(*arguments: object) -> int:
    return main(["directions", *(str(argument) for argument in arguments)])


def test_the_closed_form_goes_into_a_copy(tiny_checkpoint, tmp_path):
    out = tmp_path / "out.safetensors"
    assert run(tiny_checkpoint, "--method", "closed-form", "--set", "count=3", "--output", out) == 0
    found = read(out)
    assert [info.name for info in found.description.directions] == ["sefa_1", "sefa_2", "sefa_3"]
    weight = read(tiny_checkpoint).weights["hidden.0.weight"][:, :8].astype(np.float64)  # then come classes
    weight /= np.linalg.norm(weight, axis=1, keepdims=True)
    first = np.linalg.svd(weight)[2][0]
    step = found.directions["sefa_1"].astype(np.float64)
    assert abs(step @ first) / np.linalg.norm(step) > 0.999


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_a_direction_file_reads_back(tiny_checkpoint, tmp_path, suffix):
    out = tmp_path / f"axes{suffix}"
    assert run(tiny_checkpoint, "--method", "pca", "--set", "count=4,samples=500", "--output", out) == 0
    found = read_latents(out)
    assert found.kind == "direction"
    assert found.arrays["vectors"].shape == (4, 8)
    assert np.allclose(np.linalg.norm(found.arrays["vectors"], axis=1), 1, atol=1e-6)
    assert len(found.deviations) == (4 if suffix == ".npz" else 0)


def test_labels_of_a_table_give_boundaries(tiny_checkpoint, tmp_path, capsys):
    z = sample_z(range(200), 8).numpy()
    lines = ["seed,smile,age", *(f"{seed},{row[1]},{'' if seed % 5 == 0 else row[6]}" for seed, row in enumerate(z))]
    table = tmp_path / "scores.csv"
    table.write_text("\n".join(lines))
    out = tmp_path / "mine_boundary.npy"
    assert run(tiny_checkpoint, "--method", "labels", "--scores", table, "--condition-on", "all", "--output", out) == 0
    smile, age = np.load(out, allow_pickle=False)
    assert smile[1] > 0.9
    assert age[6] > 0.9
    assert "right" in capsys.readouterr().err


def test_picks_of_seeds_give_a_slider(tiny_checkpoint, tmp_path):
    z = sample_z(range(96), 8).numpy()
    order = np.argsort(z[:, 4])
    minus, plus = (",".join(map(str, part)) for part in (order[:8], order[-8:]))
    out = tmp_path / "picked.safetensors"
    assert run(tiny_checkpoint, "--method", "picks", "--plus", plus, "--minus", minus, "--output", out) == 0
    step = read(out).directions["picked"]
    assert int(np.abs(step).argmax()) == 4
    assert step[4] > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--method", "labels"], "--scores"),
        (["--method", "picks", "--plus", "1,2"], "both kinds"),
        (["--method", "pca", "--set", "colour=3"], "no such setting"),
        (["--method", "pca", "--set", "count=many"], "no value of type int"),
        (["--method", "pca", "--condition-on", "age"], "use it with labels"),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(tiny_checkpoint, tmp_path, capsys, arguments, message):
    assert run(tiny_checkpoint, *arguments, "--output", tmp_path / "out.safetensors") == 2
    assert message in capsys.readouterr().err


def test_failures_are_one_line_with_a_remedy(tiny_checkpoint, tmp_path, capsys):
    out = tmp_path / "out.safetensors"
    assert run(tiny_checkpoint, "--method", "pca", "--set", "count=0", "--output", out) == 1
    assert run(tiny_checkpoint, "--method", "picks", "--plus", "1", "--minus", "2,3", "--output", out) == 1
    assert "pick more" in capsys.readouterr().err
    assert not out.exists()
