"""Icons of one family: SVG line drawings on a 24 px grid with strokes of 1.5, drawn in the colour of the theme.

Every file in `resources/icons` draws in `currentColor`, which is replaced here, so that one drawing serves both themes
and all states.
"""

import atexit
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ganstudio.gui import theme
from ganstudio.resources import resource_path

_SIZES = (16, 20, 24, 32, 48)


def icon_names() -> tuple[str, ...]:
    """The names of all icons there are."""
    return tuple(sorted(path.stem for path in resource_path("icons").glob("*.svg")))


def icon(name: str) -> QIcon:
    """An icon in the colours of the theme in force: muted, plain when on or under the pointer, disabled."""
    return _icon(name, theme.current())


@cache
def _icon(name: str, colors: theme.Theme) -> QIcon:
    made = QIcon()
    for mode, state, color in (
        (QIcon.Mode.Normal, QIcon.State.Off, colors.text),
        (QIcon.Mode.Normal, QIcon.State.On, colors.accent),
        (QIcon.Mode.Disabled, QIcon.State.Off, colors.disabled),
        (QIcon.Mode.Selected, QIcon.State.Off, colors.on_accent),
    ):
        renderer = _renderer(name, color)  # read once for all sizes: a thousand pixmaps
        for size in _SIZES:
            made.addPixmap(_draw(renderer, size), mode, state)
    return made


atexit.register(_icon.cache_clear)  # before Qt ends, which PySide registered earlier


def draw(name: str, color: str, size: int) -> QPixmap:
    """Draw an icon `size` px high and wide in one colour; raises FileNotFoundError for a name there is not."""
    return _draw(_renderer(name, color), size)


@cache
def _drawing(name: str) -> str:
    return resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")


def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", QColor(color).name()).encode()))


def _draw(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
