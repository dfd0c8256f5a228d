"""Anti-aliased shapes on batches of pictures: signed distances, coverage, painting.

Coordinates run over a square window around the face, x to the right and y down. A distance field `(N, H, W)` is
negative inside, in these units; all parameters are numbers or arrays `(N, 1, 1)`. Fields are exact or first-order
distances, so that one pixel of transition gives smooth edges at any size.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.floating]
Value = Field | float

HALF_WINDOW, WINDOW_Y = 0.87, 0.06  # the window's half side and its middle's y: the head fills the picture


@dataclass
class Sheet:
    """A batch of pictures being painted: colours float32 `(N, H, W, 3)` in [0, 1] and the pixel grid."""

    colours: Field
    x: Field
    y: Field
    pixel: float

    @classmethod
    def blank(cls, count: int, resolution: int) -> "Sheet":
        """Make `count` black pictures."""
        pixel = 2 * HALF_WINDOW / resolution
        centres = ((np.arange(resolution) + 0.5) * pixel - HALF_WINDOW).astype(np.float32)
        colours = np.zeros((count, resolution, resolution, 3), np.float32)
        return cls(colours, centres[None, None, :], centres[None, :, None] + np.float32(WINDOW_Y), pixel)

    def coverage(self, distance: Field, softness: float = 0.0) -> Field:
        """How much of each pixel is inside, 0 to 1; `softness` widens the edge, in the units of the coordinates."""
        edge = np.float32(self.pixel + softness)
        cover: Field = np.clip(np.float32(0.5) - distance / edge, 0, 1)
        return cover

    def paint(self, cover: Field, colour: Field, opacity: Value = 1.0) -> None:
        """Lay `colour` `(N, 1, 1, 3)` or `(N, H, W, 3)` over the pictures where `cover` `(N, H, W)` is."""
        alpha = (cover * np.asarray(opacity, np.float32))[..., None]
        self.colours += (colour - self.colours) * alpha

    def shade(self, amount: Field) -> None:
        """Lighten (amount > 0) or darken (< 0) the pictures by a share `(N, H, W)` of their colour."""
        self.colours *= (1 + amount)[..., None]


def ellipse(sheet: Sheet, centre: tuple[Value, Value], radii: tuple[Value, Value]) -> Field:
    """Distance to an ellipse, first order."""
    x, y = (sheet.x - centre[0]) / radii[0], (sheet.y - centre[1]) / radii[1]
    level = x * x + y * y
    slope = 2 * np.sqrt((x / radii[0]) ** 2 + (y / radii[1]) ** 2) + 1e-6
    return _as_field((level - 1) / slope)


def box(sheet: Sheet, centre: tuple[Value, Value], half: tuple[Value, Value], corner: Value) -> Field:
    """Distance to a box with round corners of radius `corner`, exact."""
    x = np.abs(sheet.x - centre[0]) - half[0] + corner
    y = np.abs(sheet.y - centre[1]) - half[1] + corner
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0))
    return _as_field(outside + np.minimum(np.maximum(x, y), 0) - corner)


def segment(sheet: Sheet, start: tuple[Value, Value], end: tuple[Value, Value], thickness: Value) -> Field:
    """Distance to a line with round ends, exact."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    x, y = sheet.x - start[0], sheet.y - start[1]
    place = np.clip((x * along_x + y * along_y) / (along_x**2 + along_y**2 + 1e-9), 0, 1)
    return _as_field(np.hypot(x - place * along_x, y - place * along_y) - thickness)


def arc(sheet: Sheet, centre: tuple[Value, Value], half_width: Value, rise: Value, thickness: Value) -> Field:
    """Distance to a parabola's stroke, first order.

    It goes through `centre` and its ends lie `half_width` to either side and `rise` above it (y is down).
    """
    x = sheet.x - centre[0]
    inside = np.clip(x, -half_width, half_width)
    curve = centre[1] - rise * (inside / half_width) ** 2
    slope = 2 * rise * inside / half_width**2
    across = (sheet.y - curve) / np.sqrt(1 + slope**2)
    return _as_field(np.hypot(across, x - inside) - thickness)


def ring(distance: Field, thickness: Value) -> Field:
    """The outline of a shape as a stroke."""
    return _as_field(np.abs(distance) - thickness)


def union(left: Field, right: Field, blend: float = 0.0) -> Field:
    """Both shapes; `blend` rounds the joint, in the units of the coordinates."""
    if blend <= 0:
        return np.minimum(left, right)
    share = np.clip(0.5 + 0.5 * (right - left) / blend, 0, 1)
    return _as_field(right + (left - right) * share - blend * share * (1 - share))


def intersection(left: Field, right: Field) -> Field:
    """What lies in both shapes."""
    return np.maximum(left, right)


def blob(sheet: Sheet, centre: tuple[Value, Value], radii: tuple[Value, Value]) -> Field:
    """A soft spot, 1 in the middle, falling off like a bell."""
    x, y = (sheet.x - centre[0]) / radii[0], (sheet.y - centre[1]) / radii[1]
    return _as_field(np.exp(-(x * x + y * y)))


def along(stops: npt.ArrayLike, place: Field) -> Field:
    """Colours `(N, 1, 1, 3)` at places `(N, 1, 1)`, 0 to 1, along evenly spaced stops, hex numbers like 0xFFCC00."""
    numbers = np.asarray(stops)
    table = np.stack([(numbers >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(np.float32) / 255
    position = np.clip(place, 0, 1) * (len(table) - 1)
    lower = np.minimum(position.astype(np.int64), len(table) - 2)
    share = (position - lower)[..., None].astype(np.float32)
    return _as_field(table[lower] * (1 - share) + table[lower + 1] * share)


def _as_field(values: npt.NDArray[np.floating]) -> Field:
    return values.astype(np.float32, copy=False)
