"""Lines of one height: against circles, straight lines and a saddle."""

import numpy as np
import pytest

from ganstudio.gui.widgets.contour import contour_lines


def test_the_line_of_a_cone_is_a_circle():
    y, x = np.mgrid[0:41, 0:41].astype(float)
    lines = contour_lines(np.hypot(x - 20, y - 20), 12.3)
    radii = np.hypot(lines[:, ::2] - 20, lines[:, 1::2] - 20)
    assert radii == pytest.approx(12.3, abs=0.03)
    length = np.hypot(lines[:, 0] - lines[:, 2], lines[:, 1] - lines[:, 3]).sum()
    assert length == pytest.approx(2 * np.pi * 12.3, rel=0.01)  # closed, and each piece once


def test_a_slope_is_cut_straight():
    lines = contour_lines(np.tile(np.arange(5.0), (4, 1)), 1.25)
    assert sorted(map(tuple, lines.tolist())) == [(1.25, row, 1.25, row + 1) for row in range(3)]


def test_a_saddle_is_cut_twice_and_a_plain_not_at_all():
    assert contour_lines(np.array([[1.0, 0.0], [0.0, 1.0]]), 0.5).shape == (2, 4)
    assert contour_lines(np.ones((5, 5)), 0.5).shape == (0, 4)
