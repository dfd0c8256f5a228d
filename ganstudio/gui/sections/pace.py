"""How evenly the timeline's picture changes, and timing it anew."""

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.services.even_pace import EvenPace
from ganstudio.gui.widgets.fold import Fold
from ganstudio.project import timeline_edits
from ganstudio.project.state import Project

_HINT = (
    "Latents at even distances do not give pictures at even distances. The pictures are measured along the way, and "
    "timed so that each frame changes as much as the others."
)


class PaceSection(Fold):
    """Measures, evens out, takes it back.

    Args:
        document: Holds the timeline.
        pace: Measures it.
    """

    def __init__(self, document: Document, pace: EvenPace, parent: QWidget) -> None:
        super().__init__("Even Pace", parent=parent)
        self._document, self._pace = document, pace
        self.hint = QLabel(_HINT, self, wordWrap=True)
        self.hint.setProperty("role", "muted")
        self.figures = QLabel(self, wordWrap=True)
        self.even = QPushButton("Even Out", self)
        self.measure = QPushButton("Only Measure", self)
        self.reset = QPushButton("Back to the Keys' Timing", self)
        self.stop = QPushButton("Cancel", self)
        for widget in (self.hint, self.figures, self.even, self.measure, self.reset, self.stop):
            self.body.addWidget(widget)
        self.even.clicked.connect(lambda: pace.start(is_timing=True))
        self.measure.clicked.connect(lambda: pace.start(is_timing=False))
        self.stop.clicked.connect(pace.cancel)
        self.reset.clicked.connect(self._on_reset_clicked)
        pace.changed.connect(self._refresh)
        document.changed.connect(self._on_document_changed)
        document.model_changed.connect(lambda _description: self._refresh())
        self._refresh()

    def _refresh(self) -> None:
        state = self._document.state
        track = state.timeline.track_of("latent")
        can_measure = self._document.description is not None and track is not None and len(track.keys) > 1
        for button in (self.even, self.measure):
            button.setVisible(not self._pace.is_running)
            button.setEnabled(can_measure)
        self.stop.setVisible(self._pace.is_running)
        self.reset.setVisible(bool(state.timeline.pace))
        self.figures.setText(self._say(can_measure))

    def _say(self, can_measure: bool) -> str:
        found, timeline = self._pace.found, self._document.state.timeline
        if self._pace.is_running:
            return "Measuring…"
        if found is None:
            if timeline.pace:
                return "Evened out, for keys as they were when it was measured. Measure again to be sure."
            return "" if can_measure else "Key two pictures first (K)."
        if found.after is found.before:
            text = f"The change from frame to frame differs from the mean by up to {found.before.variation:.0%}."
        else:
            text = f"The change from frame to frame differs from the mean by up to {found.after.variation:.0%}, "
            text += f"{found.before.variation:.0%} before."
        if found.after.closure:
            fits = "no larger than the others" if found.after.closure <= 1 else "larger than the others"
            text += f" The loop's last step is {found.after.closure:.2f} of the largest other: {fits}."
        return text

    def _on_reset_clicked(self) -> None:
        self._document.apply("Keys' Timing", timeline_edits.set_pace(self._document.state, ()))

    def _on_document_changed(self, old: Project, new: Project) -> None:
        if old.timeline is not new.timeline or old.checkpoint != new.checkpoint:
            self._refresh()
