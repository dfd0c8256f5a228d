"""Lines of one height through a grid of values. Source: marching squares, Lorensen & Cline 1987, in two dimensions."""

import numpy as np
import numpy.typing as npt

Lines = npt.NDArray[np.float64]


def contour_lines(values: npt.NDArray[np.floating], level: float) -> Lines:
    """Cut each square of four neighbours where its edges pass the level.

    Args:
        values: `(H, W)`.
        level: The height.

    Returns:
        Segments `(N, 4)`: x1, y1, x2, y2 in units of columns and rows.
    """
    above = np.asarray(values, np.float64) - level
    points = np.stack(_crossings(above))  # (4, H - 1, W - 1, 2); nan where an edge is not passed
    is_passed = ~np.isnan(points[..., 0])
    found = [_join(points, is_passed, pair) for pair in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))]
    saddle = is_passed.all(axis=0)
    found += [np.concatenate([points[one][saddle], points[other][saddle]], axis=1) for one, other in ((0, 1), (2, 3))]
    lines: Lines = np.concatenate(found)
    return lines


def _crossings(above: Lines) -> tuple[Lines, Lines, Lines, Lines]:
    """Where the lower, left, upper and right edge of each square is passed, `(H - 1, W - 1, 2)` each."""
    height, width = above.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    along_x = np.stack([x[:, :-1] + _share(above[:, :-1], above[:, 1:]), y[:, :-1]], axis=-1)
    along_y = np.stack([x[:-1], y[:-1] + _share(above[:-1], above[1:])], axis=-1)
    for edges in (along_x, along_y):
        edges[np.isnan(edges).any(axis=-1)] = np.nan
    return along_x[:-1], along_y[:, :-1], along_x[1:], along_y[:, 1:]


def _share(first: Lines, second: Lines) -> Lines:
    """How far from the first to the second value zero lies; nan where it does not."""
    is_passed = (first > 0) != (second > 0)
    apart = np.where(is_passed, first - second, 1.0)
    shares: Lines = np.where(is_passed, first / apart, np.nan)
    return shares


def _join(points: Lines, is_passed: npt.NDArray[np.bool_], pair: tuple[int, int]) -> Lines:
    """The segments of squares that are passed at these two edges alone."""
    chosen = is_passed[pair[0]] & is_passed[pair[1]] & (is_passed.sum(axis=0) == 2)
    lines: Lines = np.concatenate([points[pair[0]][chosen], points[pair[1]][chosen]], axis=1)
    return lines
