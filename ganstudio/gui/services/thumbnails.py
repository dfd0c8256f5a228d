"""Small pictures of looks: which are there, which somebody waits for."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from ganstudio.gui.widgets.pixels import Pixels, to_image
from ganstudio.rendering.looks.look import Look

THUMBNAIL_SIZE = 72
DRAWN_PX = THUMBNAIL_SIZE * 2  # sharp at twice the screen's scale
_KEPT = 600


class Thumbnails:
    """Those used last, by the model and the look; the looks of the open model that are still to be drawn.

    Args:
        kept: How many stay.
    """

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._images: dict[tuple[str, Look], QImage] = {}
        self._wanted: list[Look] = []

    @property
    def has_wishes(self) -> bool:
        """Whether somebody waits for one."""
        return bool(self._wanted)

    def find(self, path: str, look: Look) -> QImage | None:
        """The thumbnail, or None: it is wanted from now on."""
        key = (path, look)
        found = self._images.pop(key, None)
        if found is not None:
            self._images[key] = found  # asked for again, so the last to be forgotten
        elif look not in self._wanted:
            self._wanted.append(look)
        return found

    def known(self, path: str, look: Look) -> QImage | None:
        """The thumbnail, or None; nobody waits for it."""
        return self._images.get((path, look))

    def keep(self, path: str, look: Look, pixels: Pixels) -> bool:
        """Make one of a picture `(H, W, C)`; False where it was there."""
        if (path, look) in self._images:
            return False
        self._images[path, look] = _shrink(to_image(pixels))
        if look in self._wanted:
            self._wanted.remove(look)
        while len(self._images) > self._kept:
            self._images.pop(next(iter(self._images)))
        return True

    def choose_wanted(self, still_seen: Iterable[Look], count: int) -> tuple[Look, ...]:
        """Some of those that are waited for, and are to be seen somewhere; the others are wanted no longer."""
        seen = set(still_seen)
        self._wanted = [look for look in self._wanted if look in seen]
        return tuple(self._wanted[:count])

    def give_up(self, looks: Iterable[Look] | None = None) -> None:
        """Wait for these no longer, or for none."""
        given_up = set(self._wanted if looks is None else looks)
        self._wanted = [look for look in self._wanted if look not in given_up]

    def forget(self, path: str) -> None:
        """Let go of those of a model."""
        self._images = {key: image for key, image in self._images.items() if key[0] != path}


def _shrink(image: QImage) -> QImage:
    if image.height() <= DRAWN_PX:
        return image
    return image.scaledToHeight(DRAWN_PX, Qt.TransformationMode.SmoothTransformation)
