"""Directions and latents of other programs, fitted to a model: what they become does what they say."""

from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.building import GeneratorFile, save_generator
from ganstudio.checkpoints.catalogue import describe
from ganstudio.checkpoints.errors import CheckpointError
from ganstudio.checkpoints.latents.catalogue import read_latents
from ganstudio.checkpoints.latents.exporting import DIRECTION_KINDS, export_directions
from ganstudio.images import to_uint8
from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.project.importing import take_in
from ganstudio.project.state import Project
from ganstudio.rendering.direction_gathering import DirectionsGathered, Wanted, as_pairs, gather_directions
from ganstudio.rendering.direction_import import LatentsImported, import_latents
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection, own_direction
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest

RANDOM = np.random.default_rng(0)


@pytest.fixture
def mapped(tmp_path: Path) -> Path:
    """A StyleGAN2 of 16 px with random weights, one direction of w, latents of 16."""
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=16, z_dim=12, w_dim=16, widths=(8, 8, 8), mapping_widths=(16, 16))
    generator = architecture.build_generator(config, torch.Generator().manual_seed(0)).eval()
    path = tmp_path / "mapped.safetensors"
    info = DirectionInfo("smile", "Smile", -3, 3, 0.8, "factor", "w")
    carried = ((info, RANDOM.normal(size=16).astype(np.float32)),)
    save_generator(path, generator, GeneratorFile("stylegan2", config, directions=carried))
    return path


def save(path: Path, values: np.ndarray) -> Path:
    with path.open("wb") as file:
        np.save(file, values.astype(np.float32))
    return path


def imported(source: Path, latents: Path, as_sliders: bool = False) -> LatentsImported:
    *_, last = import_latents(source, describe(source).spec, read_latents(latents), as_sliders)
    assert isinstance(last, LatentsImported)
    return last


def draw(path: Path, look: Look, own: tuple[OwnDirection, ...] = ()) -> np.ndarray:
    return Renderer(path, "cpu").render(RenderRequest(str(path), (look,), directions=own)).pixels[0]


def make_w_plus(path: Path) -> tuple[MappedGenerator, torch.Tensor]:
    generator = Renderer(path, "cpu").generator
    assert isinstance(generator, MappedGenerator)
    w_plus = generator.map(torch.randn(1, 12, generator=torch.Generator().manual_seed(5)))
    return generator, w_plus + 0.1 * torch.randn(w_plus.shape, generator=torch.Generator().manual_seed(6))


def test_a_latent_is_a_picture_and_its_slider_shows_it_at_truncation_0(mapped: Path, tmp_path: Path) -> None:
    generator, w_plus = make_w_plus(mapped)
    latents = tmp_path / "projected.npz"
    np.savez(latents, w=w_plus.detach().numpy())
    with torch.inference_mode():
        expected = to_uint8(generator.synthesise(w_plus))[0]
    project = take_in(Project(look=Look(truncation=0.5)), imported(mapped, latents))
    assert project.look.point is not None
    assert np.array_equal(draw(mapped, project.look), expected)
    assert project.entry.name == "projected_1"
    [direction] = imported(mapped, latents, as_sliders=True).directions
    assert direction.info.space == "w_plus"
    shown = draw(mapped, Look(truncation=0.0, edits=(Edit(direction.name, 1.0),)), (direction,))
    assert np.abs(shown.astype(int) - expected.astype(int)).max() <= 1


def test_several_latents_go_into_the_history_and_the_first_is_shown(mapped: Path, tmp_path: Path) -> None:
    save(tmp_path / "points.npy", 3 * RANDOM.normal(size=(30, 16)))
    result = imported(mapped, tmp_path / "points.npy")
    assert len(result.points) == 20
    assert result.left_out == 10
    project = take_in(Project(), result)
    assert len(project.history) == 21
    assert project.look.point == result.points[0].point
    assert [entry.name for entry in project.history[1:3]] == ["points_1", "points_2"]


def test_a_course_goes_one_deviation_at_strength_1(mapped: Path, tmp_path: Path) -> None:
    step = RANDOM.normal(size=(1, 16))
    save(tmp_path / "first.npy", step / np.linalg.norm(step))
    [direction] = imported(mapped, tmp_path / "first.npy").directions
    generator = Renderer(mapped, "cpu").generator
    assert isinstance(generator, MappedGenerator)
    w = generator.map(torch.randn(4000, 12, generator=torch.Generator().manual_seed(1)))[:, 0].double()
    unit = torch.from_numpy(step[0] / np.linalg.norm(step))
    assert np.linalg.norm(direction.step) == pytest.approx(float((w @ unit).std()), rel=0.1)
    assert not np.array_equal(
        draw(mapped, Look(edits=(Edit(direction.name, 3.0),)), (direction,)), draw(mapped, Look())
    )


def test_what_does_not_fit_is_refused_with_both_lengths(tiny_checkpoint: Path, mapped: Path, tmp_path: Path) -> None:
    save(tmp_path / "long.npy", np.ones((1, 512)) / 512**0.5)
    save(tmp_path / "points.npy", 5 * RANDOM.normal(size=(2, 8, 512)))
    for source, wanted in ((tiny_checkpoint, ""), (mapped, "[16]")):
        for name in ("long.npy", "points.npy"):
            with pytest.raises(CheckpointError) as caught:
                imported(source, tmp_path / name)
            assert len(caught.value.message) <= 400
            assert "512" in caught.value.message
            assert wanted in caught.value.message or name == "points.npy"


def test_a_guess_at_the_space_gives_way_to_the_only_one_of_that_length(tiny_checkpoint: Path, tmp_path: Path) -> None:
    step = RANDOM.normal(size=(1, 8))
    save(tmp_path / "age.npy", step / np.linalg.norm(step))
    result = imported(tiny_checkpoint, tmp_path / "age.npy")
    assert result.directions[0].info.space == "z"
    assert "taken for z" in result.warnings[0]


def gathered(path: Path, *wanted: Wanted) -> tuple[OwnDirection, ...]:
    *_, last = gather_directions(path, describe(path).spec, wanted)
    assert isinstance(last, DirectionsGathered)
    return last.directions


def test_directions_of_all_kinds_are_gathered_as_they_are_drawn(mapped: Path) -> None:
    mine = own_direction(DirectionInfo("mine", "Mine", -3, 3, space="w_plus"), RANDOM.normal(size=(6, 16)))
    found = gathered(
        mapped,
        Wanted("w:3", "Number", -2, 2),
        Wanted(mine.name, "Called otherwise", -5, 6, mine),
        Wanted("smile", "Grin", -3, 3),
    )
    assert [direction.info.title for direction in found] == ["Number", "Called otherwise", "Grin"]
    assert (found[1].info.low, found[1].info.high, found[1].name) == (-5, 6, mine.name)
    for name, direction in (("w:3", found[0]), ("smile", found[2])):
        shown = draw(mapped, Look(edits=(Edit(direction.name, 2.0),)), (direction,))
        assert np.array_equal(shown, draw(mapped, Look(edits=(Edit(name, 2.0),))))
    with pytest.raises(CheckpointError, match="nobody"):
        gathered(mapped, Wanted("nobody", "Nobody", -1, 1))


@pytest.mark.parametrize("kind", sorted(DIRECTION_KINDS))
def test_what_was_exported_draws_the_same_when_it_is_imported(mapped: Path, tmp_path: Path, kind: str) -> None:
    """Files of other programs keep courses; a step's size comes back where its kind has room for it."""
    steps = RANDOM.normal(size=(2, 16))
    mine = [own_direction(DirectionInfo(f"m{k}", f"M {k}", -3, 3, space="w"), step) for k, step in enumerate(steps)]
    path = tmp_path / f"net_m_w_boundary{DIRECTION_KINDS[kind].suffix}"
    if kind == "ganspace":
        path = path.with_name("net-x_style_ipca_c2_n1000_w.npz")
    export_directions(path, as_pairs(mine), kind)
    found = imported(mapped, path).directions
    assert len(found) == 2
    for old, new in zip(mine, found, strict=True):
        scale = float(np.linalg.norm(old.step) / np.linalg.norm(new.step))
        edits = Edit(old.name, 1.5), Edit(new.name, 1.5 * scale)
        before, after = (draw(mapped, Look(edits=(edit,)), (one,)) for edit, one in zip(edits, (old, new), strict=True))
        assert np.abs(before.astype(int) - after.astype(int)).max() <= 1
        if kind == "ganstudio":
            assert new == old
            assert np.array_equal(before, after)
        if kind == "ganspace":
            assert scale == pytest.approx(1, abs=1e-4)
