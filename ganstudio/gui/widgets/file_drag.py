"""Files that are dragged out of the window."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QImage, QPixmap
from PySide6.QtWidgets import QWidget

_HEIGHT = 96


def drag_files(source: QWidget, paths: Sequence[Path], image: QImage) -> None:
    """Let the person carry files to where they want them; returns when they are dropped.

    Args:
        source: Where they come from.
        paths: Files that are there.
        image: For programs that take a picture and no file; also what is seen under the pointer.
    """
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setImageData(image)
    drag = QDrag(source)
    drag.setMimeData(data)
    drag.setPixmap(QPixmap.fromImage(image.scaledToHeight(_HEIGHT, Qt.TransformationMode.SmoothTransformation)))
    drag.exec(Qt.DropAction.CopyAction)
