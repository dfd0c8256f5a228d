"""Networks that searches have to themselves."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ganstudio.checkpoints.base import DirectionInfo
from ganstudio.checkpoints.fingerprints import fingerprint_of
from ganstudio.rendering.bench_shelf import BenchShelf
from ganstudio.rendering.direction_bench import DirectionBench
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import own_direction
from ganstudio.rendering.request import RenderRequest


@pytest.fixture
def bench(tiny_checkpoint: Path) -> DirectionBench:
    return DirectionBench(tiny_checkpoint, "cpu")


def test_it_knows_which_file_it_is(bench: DirectionBench, tiny_checkpoint: Path) -> None:
    assert bench.model == fingerprint_of(tiny_checkpoint).sha256
    assert bench.space == "z"
    assert bench.prior() is bench.prior()
    assert bench.cloud() is bench.cloud()


def test_picks_are_the_latents_that_are_drawn_with(bench: DirectionBench) -> None:
    own = own_direction(DirectionInfo("mine", "Mine", -3, 3), 2 * np.eye(8)[3])
    liked = (Look(1), Look(1, edits=(Edit(own.name, 1.5),)))
    found = bench.picked(liked, (Look(2, truncation=0.5),), (own,))
    assert found.scores[:, 0].tolist() == [1, 1, -1]
    assert (found.latents[1] - found.latents[0]).tolist() == pytest.approx([0, 0, 0, 3, 0, 0, 0, 0], abs=1e-6)
    whole = bench.picked((Look(2),), ()).latents[0]
    torch.testing.assert_close(found.latents[2], 0.5 * whole)


def test_a_strip_goes_from_the_low_to_the_high_end(bench: DirectionBench) -> None:
    own = own_direction(DirectionInfo("mine", "Mine", -2, 2), np.eye(8)[3])
    other = own_direction(DirectionInfo("other", "Other", -2, 2), np.eye(8)[4])
    look = Look(5, edits=(Edit(own.name, 1.0), Edit(other.name, 0.5)))
    strip = bench.strip(look, own, (own, other))
    kept = look.edits[1:]
    looks = tuple(replace(look, edits=(*kept, Edit(own.name, value))) for value in (-2.0, -1.0, 0.0, 1.0, 2.0))
    expected = bench.renderer.render(RenderRequest("", looks, size_px=96, directions=(own, other))).pixels
    np.testing.assert_array_equal(strip, expected)


def test_what_is_left_alone_is_taken_out_and_the_deviation_measured_anew(bench: DirectionBench) -> None:
    own = own_direction(DirectionInfo("mine", "Mine", -3, 3), np.array([1, 1, 0, 0, 0, 0, 0, 0], np.float32))
    others = bench.vectors_of(("smile",), "z")
    step = bench.conditional_step(own, list(others.values()))
    assert abs(step[0]) < 1e-7
    assert step[1] == pytest.approx(1.0, abs=0.1)  # one deviation of a normal latent
    assert bench.vectors_of(("smile",), "w") == {}
    with pytest.raises(ValueError, match="nothing of the direction is left"):
        bench.conditional_step(own_direction(DirectionInfo("a", "A", -3, 3), np.eye(8)[0]), list(others.values()))


def test_a_bench_is_lent_to_one_at_a_time_and_kept_for_the_next(tiny_checkpoint: Path) -> None:
    shelf = BenchShelf()
    shelf.expect(str(tiny_checkpoint))
    assert not shelf.has_free
    with shelf.lend(tiny_checkpoint, "cpu") as first, shelf.lend(tiny_checkpoint, "cpu") as second:
        assert first is not second
    with shelf.lend(tiny_checkpoint, "cpu") as third:
        assert third in (first, second)
    shelf.expect("another.safetensors")
    assert not shelf.has_free
    with shelf.lend(tiny_checkpoint, "cpu"):
        pass
    assert not shelf.has_free  # nobody looks at that model any more


def test_a_file_that_was_written_anew_is_read_anew(tiny_checkpoint: Path) -> None:
    import os

    shelf = BenchShelf()
    shelf.expect(str(tiny_checkpoint))
    with shelf.lend(tiny_checkpoint, "cpu") as first:
        pass
    os.utime(tiny_checkpoint, ns=(1, 1))
    with shelf.lend(tiny_checkpoint, "cpu") as second:
        assert second is not first
    tiny_checkpoint.unlink()
    with shelf.lend(tiny_checkpoint, "cpu") as third:
        assert third is second  # goes on from memory
