"""The parts of a face, each painted on a sheet; later parts lie over earlier ones."""

from dataclasses import dataclass

import numpy as np

from ganstudio.datasets.avatars.factors import FACTOR_NAMES, FactorArray
from ganstudio.datasets.avatars.shapes import (
    Field,
    Sheet,
    along,
    arc,
    blob,
    box,
    ellipse,
    intersection,
    ring,
    segment,
    union,
)

SKIN = (0x6B4430, 0x8A5A3B, 0xC08A62, 0xE5B48F, 0xF8D9C2)
HAIR = (0x1E1B22, 0x4B2E20, 0x9A4A22, 0xDDB063, 0xD5D3D6)
EYES = (0x4A2C18, 0x7A5B22, 0x4C8A4A, 0x3F7FC0)
BACKGROUND = (0xD9BF94, 0xA9C48C, 0x7FC0B4, 0x86ABD9, 0xA898D6, 0xDDA0B4)
CLOTHES = (0x2F4468, 0x6B3F70, 0xA84A43, 0xC9953B, 0x5E7A4A)
WHITE = np.full((1, 1, 1, 3), 0.97, np.float32)
DARK = np.array([0.10, 0.08, 0.10], np.float32).reshape(1, 1, 1, 3)
LIPS = np.array([0.72, 0.33, 0.34], np.float32).reshape(1, 1, 1, 3)
MOUTH = np.array([0.36, 0.10, 0.13], np.float32).reshape(1, 1, 1, 3)
TONGUE = np.array([0.82, 0.42, 0.44], np.float32).reshape(1, 1, 1, 3)
BLUSH = np.array([0.88, 0.40, 0.36], np.float32).reshape(1, 1, 1, 3)

EYE_Y, EYE_X = -0.06, 0.21
MOUTH_Y = 0.37


@dataclass
class Face:
    """One batch of faces: the sheet, the factors as `(N, 1, 1)` and what several parts need."""

    sheet: Sheet
    values: dict[str, Field]
    skin: Field
    hair: Field
    half_width: Field
    outline: Field

    @classmethod
    def of(cls, factors: FactorArray, resolution: int) -> "Face":
        """Set up faces for factors `(N, F)`."""
        sheet = Sheet.blank(len(factors), resolution)
        values = {name: factors[:, index].reshape(-1, 1, 1) for index, name in enumerate(FACTOR_NAMES)}
        half_width = 0.385 + 0.10 * values["face_width"]
        skull = ellipse(sheet, (0.0, -0.10), (half_width, 0.52))
        jaw = ellipse(sheet, (0.0, 0.22), (half_width * 0.82, 0.42))
        outline = union(skull, jaw, 0.16)
        skin, hair = along(SKIN, values["skin_tone"]), along(HAIR, values["hair_colour"])
        return cls(sheet, values, skin, hair, half_width, outline)


def paint_background(face: Face) -> None:
    """A muted wall with a soft light behind the head."""
    sheet = face.sheet
    light = 0.50 + 0.52 * face.values["background_light"]
    colour = along(BACKGROUND, face.values["background_hue"]) * light[..., None]
    sheet.colours += np.minimum(colour, 1.0)
    sheet.shade(0.14 * blob(sheet, (0.0, -0.2), (0.95, 0.95)) - 0.06)


def paint_back_hair(face: Face) -> None:
    """The hair behind head and neck; grows down with the hair's length."""
    length = face.values["hair_length"]
    half = face.half_width + 0.02 + 0.11 * np.minimum(length * 2, 1)
    bottom = -0.15 + 1.02 * length
    top = -0.45
    shape = box(face.sheet, (0.0, (top + bottom) / 2), (half, (bottom - top) / 2), 0.17)
    face.sheet.paint(face.sheet.coverage(shape), face.hair * 0.74)


def paint_body(face: Face) -> None:
    """Neck, its shadow, and clothes with a round neckline."""
    sheet = face.sheet
    neck = box(sheet, (0.0, 0.66), (0.165, 0.32), 0.10)
    sheet.paint(sheet.coverage(neck), face.skin * 0.86)
    shadow = sheet.coverage(ellipse(sheet, (0.0, 0.60), (0.30, 0.15)), softness=0.10)
    sheet.paint(shadow * sheet.coverage(neck), face.skin * 0.66, 0.8)
    shoulders = ellipse(sheet, (0.0, 1.24), (0.80, 0.47))
    neckline = ellipse(sheet, (0.0, 0.74), (0.215, 0.15))
    clothes = along(CLOTHES, face.values["clothes_colour"])
    cover = sheet.coverage(intersection(shoulders, -neckline))
    light = 1.0 - 0.10 * sheet.x - 0.10 * (sheet.y - 0.8)
    sheet.paint(cover, clothes * light[..., None])
    collar = sheet.coverage(intersection(ring(neckline, 0.022), shoulders - 0.01)) * (sheet.y > 0.70)
    sheet.paint(collar, clothes * 0.72)


def paint_head(face: Face) -> None:
    """Ears and face, lit from the upper left, with a touch of colour on the cheeks."""
    sheet = face.sheet
    for side in (-1, 1):
        ear = ellipse(sheet, (side * (face.half_width + 0.005), 0.0), (0.075, 0.12))
        sheet.paint(sheet.coverage(ear), face.skin * 0.90)
        inner = ellipse(sheet, (side * (face.half_width + 0.015), 0.01), (0.035, 0.065))
        sheet.paint(sheet.coverage(inner, 0.02), face.skin * 0.74)
    edge = np.clip(1 + face.outline / 0.16, 0, 1)
    light = 1.03 - 0.07 * sheet.x - 0.06 * sheet.y - 0.09 * edge * edge
    sheet.paint(sheet.coverage(face.outline), np.clip(face.skin * light[..., None], 0, 1))
    for side in (-1, 1):
        cheek = blob(sheet, (side * 0.25, 0.20), (0.12, 0.09)) * sheet.coverage(face.outline)
        sheet.paint(cheek, BLUSH, 0.26)


def paint_age(face: Face) -> None:
    """Lines on the forehead, beside the mouth and the eyes, and shadows under the eyes."""
    sheet, age = face.sheet, face.values["age"]
    colour = face.skin * 0.58
    lines = [arc(sheet, (0.0, y), 0.20, -0.018, 0.010) for y in (-0.315, -0.375)]
    for side in (-1, 1):
        lines.append(segment(sheet, (side * 0.115, 0.21), (side * 0.205, 0.34), 0.011))
        lines.append(segment(sheet, (side * 0.345, -0.07), (side * 0.395, -0.10), 0.008))
        lines.append(segment(sheet, (side * 0.345, -0.04), (side * 0.395, -0.03), 0.008))
        lines.append(arc(sheet, (side * EYE_X, 0.105), 0.085, 0.035, 0.009))
    face_cover = sheet.coverage(face.outline)
    for line in lines:
        sheet.paint(sheet.coverage(line, 0.006) * face_cover, colour, 0.95 * age)


def paint_beard(face: Face) -> None:
    """Hair on chin and cheeks; first a shadow, then full."""
    sheet, beard = face.sheet, face.values["beard"]
    upper = arc(sheet, (0.0, 0.265), 0.46, 0.30, 0.0)
    below = (sheet.y - (0.265 - 0.30 * np.clip(sheet.x / 0.46, -1, 1) ** 2)).astype(np.float32)
    grown = union(face.outline, ellipse(sheet, (0.0, 0.45), (face.half_width * 0.78, 0.20 + 0.08 * beard)), 0.05)
    region = intersection(grown - 0.03 * beard, -np.minimum(below, np.abs(upper) + below))
    cover = sheet.coverage(region, 0.03)
    sheet.paint(cover, face.hair * 0.80, np.minimum(beard * 1.6, 1.0) * 0.94)


def paint_nose(face: Face) -> None:
    """A soft bridge, a shadow below the tip, a light on it."""
    sheet = face.sheet
    sheet.paint(blob(sheet, (0.055, 0.07), (0.035, 0.13)), face.skin * 0.74, 0.45)
    sheet.paint(sheet.coverage(arc(sheet, (0.0, 0.205), 0.065, 0.035, 0.016), 0.012), face.skin * 0.60, 0.9)
    sheet.paint(blob(sheet, (-0.012, 0.14), (0.035, 0.045)), np.minimum(face.skin * 1.18, 1), 0.6)


def paint_eyes(face: Face) -> None:
    """White, iris, pupil, a light in it, and the upper lid."""
    sheet, size = face.sheet, face.values["eye_size"]
    width, height = 0.085 + 0.040 * size, 0.048 + 0.050 * size
    iris = along(EYES, face.values["eye_colour"])
    for side in (-1, 1):
        centre = (side * EYE_X, EYE_Y)
        shape = ellipse(sheet, centre, (width, height))
        white = sheet.coverage(shape)
        sheet.paint(sheet.coverage(shape - 0.02, 0.03), face.skin * 0.80, 0.55)
        sheet.paint(white, WHITE)
        radius = 0.047 + 0.022 * size
        sheet.paint(sheet.coverage(ellipse(sheet, centre, (radius, radius))) * white, iris)
        sheet.paint(sheet.coverage(ellipse(sheet, centre, (radius * 0.52, radius * 0.52))) * white, DARK)
        glint = ellipse(sheet, (side * EYE_X - 0.02, EYE_Y - 0.024), (0.018, 0.018))
        sheet.paint(sheet.coverage(glint), WHITE)
        lid = arc(sheet, (side * EYE_X, EYE_Y - height), width * 0.98, -height * 0.80, 0.016)
        sheet.paint(sheet.coverage(lid), DARK * 1.5)


def paint_brows(face: Face) -> None:
    """Two strokes that tilt."""
    sheet, angle = face.sheet, face.values["brow_angle"]
    colour = face.hair * 0.62
    for side in (-1, 1):
        inner = (side * 0.105, -0.225 + 0.055 * angle)
        outer = (side * 0.315, -0.225 - 0.040 * angle)
        sheet.paint(sheet.coverage(segment(sheet, inner, outer, 0.026)), colour)


def paint_mouth(face: Face) -> None:
    """Lips that curve, opening to teeth and tongue."""
    sheet, smile, opening = face.sheet, face.values["smile"], face.values["mouth_open"]
    half = 0.150 + 0.040 * np.maximum(smile, 0)
    rise = 0.115 * smile
    middle = MOUTH_Y + 0.045 * smile
    inside = np.clip(sheet.x, -half, half) / half
    upper = (middle - rise * inside**2).astype(np.float32)
    depth = 0.150 * opening * (1 - inside**2)
    lower = upper + depth
    gap = np.maximum(upper - sheet.y, sheet.y - lower) / np.sqrt(1 + (2 * rise * inside / half) ** 2)
    gap = np.maximum(gap, np.abs(sheet.x) - half).astype(np.float32)
    open_cover = sheet.coverage(gap) * np.minimum(opening * 6, 1)
    sheet.paint(open_cover, MOUTH)
    sheet.paint(open_cover * sheet.coverage((sheet.y - upper - depth * 0.36).astype(np.float32)), WHITE)
    sheet.paint(open_cover * sheet.coverage(ellipse(sheet, (0.0, middle + 0.165 * opening), (0.085, 0.055))), TONGUE)
    lips = LIPS * 0.55 + face.skin * 0.40
    sheet.paint(sheet.coverage(arc(sheet, (0.0, middle), half, rise, 0.021)), lips)
    bottom = arc(sheet, (0.0, middle + 0.150 * opening), half, rise + 0.150 * opening, 0.024)
    sheet.paint(sheet.coverage(bottom), lips * 1.06)


def paint_front_hair(face: Face) -> None:
    """The cap of hair with a parted fringe, thicker as hair is longer, and its sheen."""
    sheet, length = face.sheet, face.values["hair_length"]
    volume = 0.035 + 0.075 * np.minimum(length * 1.6, 1)
    cap = ellipse(sheet, (0.0, -0.13), (face.half_width + volume, 0.52 + volume))
    line = _hairline(face, length)
    shape = intersection(cap, line)
    cover = sheet.coverage(shape)
    light = 1.06 - 0.16 * sheet.x - 0.20 * (sheet.y + 0.5)
    sheet.paint(cover, np.clip(face.hair * light[..., None], 0, 1))
    sheen = arc(sheet, (-0.10, -0.56), 0.22, -0.06, 0.020)
    sheet.paint(sheet.coverage(sheen, 0.05) * cover, np.minimum(face.hair * 1.25 + 0.10, 1.0), 0.55)


def _hairline(face: Face, length: Field) -> Field:
    """Distance to the region above the hairline: a swept fringe whose sides come down as hair grows."""
    sheet = face.sheet
    x = sheet.x / (face.half_width + 0.05)
    sides = (0.24 + 0.46 * np.minimum(length * 1.5, 1)) * np.abs(x) ** 4
    sweep = 0.07 * x + 0.05 * np.cos(3.0 * x)
    level = -0.43 + sweep + sides
    distance: Field = ((sheet.y - level) / np.sqrt(1 + (4 * sides) ** 2)).astype(np.float32)
    return distance


def paint_glasses(face: Face) -> None:
    """Round frames with a bridge, temples and a faint reflection."""
    sheet, worn = face.sheet, face.values["glasses"]
    frame = DARK * 1.3
    for side in (-1, 1):
        lens = box(sheet, (side * EYE_X, EYE_Y + 0.01), (0.165, 0.145), 0.12)
        sheet.paint(sheet.coverage(lens), WHITE, 0.13 * worn)
        sheet.paint(sheet.coverage(ring(lens, 0.019)), frame, worn)
        temple = segment(sheet, (side * 0.375, EYE_Y - 0.02), (side * (face.half_width + 0.01), EYE_Y - 0.03), 0.016)
        sheet.paint(sheet.coverage(temple), frame, worn)
    bridge = arc(sheet, (0.0, EYE_Y - 0.03), 0.05, -0.015, 0.017)
    sheet.paint(sheet.coverage(bridge), frame, worn)
