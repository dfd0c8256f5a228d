import numpy as np
import pytest

from ganstudio.datasets.avatars.drawing import draw_avatar
from ganstudio.datasets.avatars.factors import FACTOR_NAMES
from ganstudio.datasets.avatars.source import CLASS_NAMES, MAX_COUNT, AvatarSet


def test_pictures_and_factors_belong_together() -> None:
    avatars = AvatarSet(50, seed=3)
    assert len(avatars) == 50
    pictures = avatars.draw([41, 0], 32)
    np.testing.assert_array_equal(pictures[0], draw_avatar(avatars.factors(41), 32))
    np.testing.assert_array_equal(pictures[1], draw_avatar(avatars.factors(0), 32))


def test_a_longer_set_begins_with_the_shorter_one() -> None:
    np.testing.assert_array_equal(AvatarSet(10).draw([4], 16), AvatarSet(10_000).draw([4], 16))


def test_another_seed_gives_other_avatars() -> None:
    assert not np.array_equal(AvatarSet(10, 0).draw([4], 16), AvatarSet(10, 1).draw([4], 16))


def test_drawing_nothing_gives_no_pictures() -> None:
    assert AvatarSet(5).draw([], 16).shape == (0, 16, 16, 3)


def test_the_class_says_what_is_seen() -> None:
    avatars = AvatarSet(200)
    seen = set()
    for index in range(len(avatars)):
        values = dict(zip(FACTOR_NAMES, avatars.factors(index), strict=True))
        name = CLASS_NAMES[avatars.label(index)]
        assert ("glasses" in name) == (values["glasses"] == 1)
        assert name.startswith("long" if values["hair_length"] >= 0.5 else "short")
        seen.add(name)
    assert seen == set(AvatarSet.class_names)


@pytest.mark.parametrize("count", [0, -1, MAX_COUNT + 1])
def test_a_count_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"not {count}"):
        AvatarSet(count)
