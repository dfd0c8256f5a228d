"""How long the planned run will take, and a button that measures it."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ganstudio.errors import GanStudioError
from ganstudio.gui.services.estimating import Estimating
from ganstudio.gui.widgets.durations import say_duration
from ganstudio.training.config import TrainingConfig


class EstimateLine(QWidget):
    """One line under the length.

    Args:
        estimating: Measures.
        configured: Gives the plan; raises GanStudioError where it does not go together.
    """

    def __init__(self, estimating: Estimating, configured: Callable[[], TrainingConfig], parent: QWidget) -> None:
        super().__init__(parent)
        self._estimating, self._configured = estimating, configured
        self._text = QLabel(self, wordWrap=True)
        self._text.setProperty("role", "muted")
        self.button = QPushButton("Estimate", self)
        self.button.setProperty("role", "flat")
        self.button.setToolTip("Play a few rounds of this plan on random pictures, to say how long it takes; seconds")
        self.button.clicked.connect(self._on_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self._last = ""
        estimating.changed.connect(self.refresh)
        self.refresh()

    def show_plan(self, can_measure: bool, seconds: float | None) -> None:
        """Another plan: what was measured is forgotten.

        Args:
            can_measure: Whether nothing is being trained.
            seconds: How long it takes at the speed of the last run, where that is known.
        """
        self.button.setEnabled(can_measure)
        self._last = f"About {say_duration(seconds)} at the speed of the last run." if seconds else ""
        self._estimating.forget()
        self.refresh()

    def refresh(self) -> None:
        """Say what is known."""
        estimate = self._estimating.estimate
        self.button.setText("Cancel" if self._estimating.is_active else "Estimate")
        self._text.setText(_say(estimate) if estimate is not None else self._last)

    def _on_clicked(self) -> None:
        if self._estimating.is_active:
            self._estimating.cancel()
            return
        try:
            self._estimating.start(self._configured())
        except GanStudioError as error:
            self._text.setText(error.sentence)


def _say(estimate: object) -> str:
    from ganstudio.training.probe import Estimate  # late: it loads torch, which the estimate has loaded by now

    if not isinstance(estimate, Estimate):
        return ""
    text = f"About {say_duration(estimate.seconds)} on this machine, ± {estimate.uncertainty:.0%}"
    if estimate.memory_bytes is not None:
        text += f", {max(estimate.memory_bytes, 1 << 20) / (1 << 20):,.0f} MB more memory"
    return f"{text}." if estimate.fits else f"{text}. That is more memory than there is: take smaller batches in parts."
