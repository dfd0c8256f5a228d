"""Scores of pictures that were given outside of the program."""

from pathlib import Path

import numpy as np
import pytest

from ganstudio.latent.discovery.base import DiscoveryError
from ganstudio.project.picture_files import MadePicture, write_picture
from ganstudio.project.recipe import Recipe
from ganstudio.project.scored_pictures import examples_of, read_scored
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.renderer import Renderer


def save(path: Path, look: Look) -> None:
    write_picture(path, MadePicture(Recipe(look), np.zeros((4, 4, 3), np.uint8)))


def test_seeds_pictures_and_rows_give_the_same_latents(tmp_path: Path, tiny_checkpoint: Path) -> None:
    renderer = Renderer(tiny_checkpoint, "cpu")
    for seed in (3, 4):
        save(tmp_path / f"{seed}.png", Look(seed))
    (tmp_path / "seeds.csv").write_text("seed,a\n3,1\n4,2\n")
    (tmp_path / "pictures.csv").write_text("picture,a\n3.png,1\n4.png,2\n")
    (tmp_path / "rows.csv").write_text("index,a\n1,1\n0,2\n")
    by_seed = examples_of(read_scored(tmp_path / "seeds.csv"), renderer)
    np.save(tmp_path / "latents.npy", by_seed.latents.numpy()[::-1])
    by_picture = examples_of(read_scored(tmp_path / "pictures.csv"), renderer)
    by_row = examples_of(read_scored(tmp_path / "rows.csv", tmp_path / "latents.npy"), renderer)
    for found in (by_picture, by_row):
        assert found.latents.equal(by_seed.latents)
        assert found.scores.equal(by_seed.scores)
        assert (found.names, found.space) == (("a",), "z")


def test_a_picture_counts_with_its_edits(tmp_path: Path, tiny_checkpoint: Path) -> None:
    renderer = Renderer(tiny_checkpoint, "cpu")
    save(tmp_path / "a.png", Look(3))
    save(tmp_path / "b.png", Look(3, edits=(Edit("smile", 2.0),)))
    (tmp_path / "pictures.csv").write_text("picture,a\na.png,1\nb.png,2\n")
    latents = examples_of(read_scored(tmp_path / "pictures.csv"), renderer).latents
    assert (latents[1] - latents[0]).tolist() == pytest.approx([2.0, *[0.0] * 7], abs=1e-6)


def test_the_arrays_of_interfacegan_are_read(tmp_path: Path, tiny_checkpoint: Path) -> None:
    np.save(tmp_path / "smile_scores.npy", np.arange(6.0).reshape(6, 1))
    np.save(tmp_path / "z.npy", np.random.default_rng(0).normal(size=(6, 8)))
    scored = read_scored(tmp_path / "smile_scores.npy", tmp_path / "z.npy")
    assert scored.names == ("smile",)
    assert examples_of(scored, Renderer(tiny_checkpoint, "cpu")).latents.shape == (6, 8)


@pytest.mark.parametrize(
    ("scores", "latents", "where"),
    [
        ("picture,a\ngone.png,1\n", None, "line 2, column picture"),
        ("picture,a\nplain.png,1\n", None, "does not say how it was made"),
        ("index,a\n1,1\n", None, "a file of latents"),
        ("index,a\n0,1\n9,1\n", (6, 8), "line 3, column index"),
        ((6,), None, "not of which pictures"),
        ((5,), (6, 8), "5 scores"),
        ((5, 1, 1), (5, 8), "1 or 2 axes"),
        ((5,), (5,), "2 or 3 axes"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_told(tmp_path: Path, scores: object, latents: tuple[int, ...] | None, where: str) -> None:
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "plain.png")
    path = tmp_path / ("scores.csv" if isinstance(scores, str) else "scores.npy")
    if isinstance(scores, str):
        path.write_text(scores)
    else:
        np.save(path, np.zeros(scores))  # type: ignore[call-overload]
    if latents is not None:
        np.save(tmp_path / "latents.npy", np.zeros(latents))
    with pytest.raises(DiscoveryError) as caught:
        read_scored(path, None if latents is None else tmp_path / "latents.npy")
    assert where in caught.value.reason


def test_an_array_that_holds_objects_is_never_opened(tmp_path: Path) -> None:
    np.save(tmp_path / "scores.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(DiscoveryError, match="cannot be read"):
        read_scored(tmp_path / "scores.npy", tmp_path / "scores.npy")
    (tmp_path / "cut.npy").write_bytes(b"\x93NUMPY\x01\x00")
    with pytest.raises(DiscoveryError, match="cannot be read"):
        read_scored(tmp_path / "cut.npy", tmp_path / "cut.npy")


def test_latents_of_another_space_or_size_are_refused(tmp_path: Path, tiny_checkpoint: Path) -> None:
    renderer = Renderer(tiny_checkpoint, "cpu")
    np.save(tmp_path / "scores.npy", np.arange(6.0))
    np.save(tmp_path / "w_plus.npy", np.zeros((6, 3, 8)))
    scored = read_scored(tmp_path / "scores.npy", tmp_path / "w_plus.npy")
    with pytest.raises(DiscoveryError, match="not this model's w"):
        examples_of(scored, renderer)
    with pytest.raises(DiscoveryError, match="has no w"):
        examples_of(scored, renderer, space="w")
