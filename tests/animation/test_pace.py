"""Even pace, on a network of random weights."""

from pathlib import Path

import pytest

from ganstudio.animation.easing import Easing
from ganstudio.animation.errors import AnimationError
from ganstudio.animation.frames import frame_at
from ganstudio.animation.pace import GOAL, PaceMeasured, PaceProgress, PaceRequest, measure_pace
from ganstudio.animation.timeline import Key, Timeline, Track
from ganstudio.rendering.looks.look import Look

KEYS = (Key(0, Look(seed=1, label=0)), Key(12, Look(seed=2, label=0)), Key(39, Look(seed=3, label=0)))


def measure(path: Path, timeline: Timeline, is_timing: bool = True) -> PaceMeasured:
    found = list(measure_pace(PaceRequest(str(path), timeline, Look(label=0)), is_timing))
    assert all(isinstance(event, PaceProgress) for event in found[:-1])
    fractions = [event.fraction for event in found[:-1] if isinstance(event, PaceProgress)]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert isinstance(found[-1], PaceMeasured)
    return found[-1]


@pytest.mark.parametrize("is_loop", [False, True], ids=["open", "loop"])
def test_each_frame_changes_as_much_as_the_others(tiny_checkpoint: Path, is_loop: bool) -> None:
    timeline = Timeline(40, tracks=(Track("latent", KEYS),), is_loop=is_loop)
    found = measure(tiny_checkpoint, timeline)
    assert found.before.variation > 0.5
    assert found.after.variation <= GOAL
    paced = Timeline(40, tracks=timeline.tracks, is_loop=is_loop, pace=found.pace)
    assert frame_at(paced, Look(), 0).look == frame_at(timeline, Look(), 0).look
    if is_loop:
        assert found.after.closure <= 1 + GOAL
        assert found.pace[-1] == (40.0, pytest.approx(40.0))
    else:
        assert frame_at(paced, Look(), 39).look == frame_at(timeline, Look(), 39).look
    again = measure(tiny_checkpoint, paced, is_timing=False)
    assert again.after.variation == pytest.approx(found.after.variation, abs=0.02)
    assert again.pace == found.pace


def test_the_ends_stay_still(tiny_checkpoint: Path) -> None:
    keys = (Key(10, Look(seed=1, label=0)), Key(30, Look(seed=2, label=0)))
    found = measure(tiny_checkpoint, Timeline(40, tracks=(Track("latent", keys),)))
    assert found.pace[0] == (0.0, 0.0)
    assert found.pace[1][0] == 10.0
    assert found.pace[-1] == (39.0, 39.0)


@pytest.mark.parametrize(
    "keys",
    [(), KEYS[:1], (Key(0, Look(seed=1), Easing("hold")), KEYS[1]), (Key(0, Look(seed=2, label=0)), KEYS[1])],
    ids=["none", "one", "hold", "equal"],
)
def test_what_cannot_be_evened_out_is_refused(tiny_checkpoint: Path, keys: tuple[Key, ...]) -> None:
    with pytest.raises(AnimationError):
        measure(tiny_checkpoint, Timeline(40, tracks=(Track("latent", keys),)))
