"""Ways: from picture to picture, between four, at random, round and back, and how evenly."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.jobs import JobList
from ganstudio.gui.sections.a_to_b import AToBSection
from ganstudio.gui.sections.between_four import BetweenFourSection
from ganstudio.gui.sections.pace import PaceSection
from ganstudio.gui.sections.walks import WalksSection
from ganstudio.gui.services.even_pace import EvenPace
from ganstudio.gui.services.play_head import PlayHead
from ganstudio.gui.services.playback import Playback
from ganstudio.gui.services.rendering_service import RenderingService
from ganstudio.gui.services.sheet_drawing import SheetDrawing
from ganstudio.gui.widgets.scrolling_column import ScrollingColumn


class WaysPanel(QWidget):
    """The left of the Animate workspace.

    Args:
        document: Holds the timeline.
        rendering: Draws.
        jobs: Runs what takes long.
        head: Where keys go.
        playback: Walks without an end.
    """

    def __init__(
        self,
        *,
        document: Document,
        rendering: RenderingService,
        jobs: JobList,
        head: PlayHead,
        playback: Playback,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.pace = EvenPace(document, jobs, rendering, self)
        self.sheets = SheetDrawing(document, jobs, rendering, self)
        self.a_to_b = AToBSection(document, rendering, head, self)
        self.walks = WalksSection(document, rendering, playback, self)
        self.four = BetweenFourSection(document, rendering, self.sheets, jobs, self)
        self.even = PaceSection(document, self.pace, self)
        column = ScrollingColumn(self, fills=True)
        for section in (self.a_to_b, self.walks, self.four, self.even):
            column.column.addWidget(section)
        column.column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(column)
