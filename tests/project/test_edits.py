from dataclasses import replace
from pathlib import Path

import pytest

from ganstudio.checkpoints import catalogue
from ganstudio.networks.noise import NONE
from ganstudio.project import direction_edits, edits, history
from ganstudio.project.edits import EditError
from ganstudio.project.state import HISTORY_LENGTH, Entry, Project
from ganstudio.rendering.looks.checking import SEED_RANGE, LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look

START = Project()


def looks(entries: tuple[Entry, ...]) -> list[Look]:
    return [entry.look for entry in entries]


def agrees_with_its_history(project: Project) -> bool:
    return project.entry.is_same(project.look, project.checkpoint)


def test_a_new_seed_is_a_new_picture_and_keeps_the_sliders() -> None:
    edited = direction_edits.set_strength(edits.set_truncation(START, 0.5), "smile", 2.0)
    after = edits.set_seed(edited, 7)
    assert after.look == Look(seed=7, truncation=0.5, edits=(Edit("smile", 2.0),))
    assert looks(after.history) == [edited.look, after.look]
    assert agrees_with_its_history(after)


def test_adjusting_changes_the_entry_that_is_shown() -> None:
    two = edits.set_seed(START, 7)
    back = history.step(two, -1)
    adjusted = edits.set_truncation(back, 0.5)
    assert looks(adjusted.history) == [Look(truncation=0.5), two.look]
    assert agrees_with_its_history(adjusted)
    dragged = edits.set_seed(two, 8, remember=False)
    assert [look.seed for look in looks(dragged.history)] == [0, 8]


def test_history_stops_at_its_ends_and_forgets_the_oldest() -> None:
    project = START
    for seed in range(1, HISTORY_LENGTH + 5):
        project = edits.set_seed(project, seed)
    assert len(project.history) == HISTORY_LENGTH
    assert history.step(project, 1) == project
    first = history.step(project, -10_000)
    assert first.history_index == 0
    assert agrees_with_its_history(first)
    cleared = history.clear(first)
    assert looks(cleared.history) == [first.look]
    assert agrees_with_its_history(cleared)


def test_strengths_stand_in_the_order_in_which_they_came_and_zero_is_none() -> None:
    one = direction_edits.set_strength(direction_edits.set_strength(START, "smile", 1.0), "age", -2.0)
    other = direction_edits.set_strength(direction_edits.set_strength(START, "age", -2.0), "smile", 1.0)
    assert [edit.direction for edit in one.look.edits] == ["smile", "age"]
    assert [edit.direction for edit in other.look.edits] == ["age", "smile"]
    assert direction_edits.set_strength(direction_edits.set_strength(START, "smile", 1.0), "smile", 0.0) == START
    assert direction_edits.reset_strengths(one) == START


def test_reset_keeps_seed_and_class() -> None:
    project = edits.set_blend(edits.set_truncation(edits.set_label(edits.set_seed(START, 3), 2), 0.1), 9, 0.4)
    assert edits.reset_look(project).look == Look(seed=3, label=2)
    assert edits.set_blend(project, None, 0.4).look.blend == 0.0


def test_favourites_toggle_and_keep_their_order() -> None:
    kept = history.toggle_favourite(edits.set_seed(history.toggle_favourite(START), 5))
    assert [look.seed for look in looks(kept.favourites)] == [0, 5]
    assert [look.seed for look in looks(history.toggle_favourite(kept, Look()).favourites)] == [5]


def test_many_favourites_toggle_as_one() -> None:
    one = history.toggle_favourite(START)
    three = history.toggle_favourites(one, [Look(seed=5), Look(), Look(seed=5)])
    assert [look.seed for look in looks(three.favourites)] == [0, 5]
    assert history.toggle_favourites(three, [Look(seed=5), Look()]).favourites == ()


def test_a_look_has_one_mark_at_most_and_loses_it_when_marked_again() -> None:
    three = [Look(seed=seed) for seed in range(3)]
    marked = edits.toggle_examples(START, three, liked=True)
    assert marked.liked == tuple(three)
    moved = edits.toggle_examples(marked, three[1:2], liked=False)
    assert (moved.liked, moved.disliked) == ((three[0], three[2]), (three[1],))
    assert edits.toggle_examples(moved, three, liked=True).liked == (three[0], three[2], three[1])
    assert edits.toggle_examples(moved, three[1:2], liked=False).disliked == ()


def test_the_grid_goes_up_to_four_hundred_pictures() -> None:
    assert len(edits.set_grid_side(START, 20).grid_looks) == 400


def test_grid_shows_the_picture_and_the_seeds_after_it_round_the_end() -> None:
    project = edits.set_grid_side(edits.set_seed(START, SEED_RANGE[1]), 2)
    assert [look.seed for look in project.grid_looks] == [SEED_RANGE[1], 0, 1, 2]


def test_a_new_model_keeps_only_what_it_has(tiny_checkpoint: Path) -> None:
    description = catalogue.describe(tiny_checkpoint)
    project = direction_edits.set_strength(direction_edits.set_strength(START, "smile", 1.0), "hats", 2.0)
    project = edits.set_label(project, 2)
    opened = edits.open_checkpoint(project, description)
    assert opened.look == Look(label=2, edits=(Edit("smile", 1.0),))
    assert opened.checkpoint == str(tiny_checkpoint)
    assert agrees_with_its_history(opened)
    beyond = edits.set_label(START, 3)  # the model has three classes
    assert edits.open_checkpoint(beyond, description).look.label is None
    assert edits.close_checkpoint(opened).checkpoint is None


def test_picks_are_cleared_when_the_grid_changes() -> None:
    picked = edits.set_picks(edits.set_view(START, "grid"), [3, 1, 3])
    assert picked.picks == (1, 3)
    assert edits.set_grid_side(picked, 3).picks == ()
    assert edits.set_seed(picked, 5).picks == ()


@pytest.mark.parametrize(
    "edit",
    [
        lambda: edits.set_seed(START, -1),
        lambda: edits.set_seed(START, 2**32),
        lambda: edits.set_truncation(START, 2.5),
        lambda: edits.set_truncation(START, float("nan")),
        lambda: edits.set_label(START, -1),
        lambda: direction_edits.set_strength(START, "smile", 21.0),
        lambda: direction_edits.set_strength(START, "", 1.0),
        lambda: edits.set_blend(START, 5, 1.5),
        lambda: edits.set_view(START, "sphere"),  # type: ignore[arg-type]
        lambda: edits.set_grid_side(START, 21),
        lambda: edits.set_grid_side(START, 1),
        lambda: edits.set_picks(START, [16]),
        lambda: edits.set_picks(START, [-1]),
        lambda: history.show(START, 1),
    ],
)
def test_a_value_that_cannot_be_is_refused(edit: object) -> None:
    with pytest.raises(EditError):
        edit()  # type: ignore[operator]


def test_setting_the_same_look_again_changes_nothing() -> None:
    assert edits.set_look(START, Look()) is START
    assert replace(START) == START


def test_noise_can_be_left_out_and_is_kept_with_the_look():
    project = edits.set_noise(Project(), NONE)
    assert not project.look.noise.is_on
    assert looks(project.history) == [project.look]
    assert Look.from_json(project.look.to_json()) == project.look
    assert Look.from_json({"seed": 3}).noise.is_on
    assert Look.from_json({"noise": False}).noise == NONE  # as earlier versions wrote it
    with pytest.raises(LookError, match="not an object"):
        Look.from_json({"noise": 1})
    assert edits.reset_look(project).look.noise.is_on
