"""The line at the bottom: running jobs on the left; device, picture latency and memory on the right."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

_HEIGHT = 28  # the same with and without jobs, so that nothing above moves


class StatusBar(QStatusBar):
    """Shows what the machine is doing, with units and an explanation under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setFixedHeight(_HEIGHT)
        self._jobs: dict[str, _JobView] = {}
        self._idle = self._label("Ready", "Nothing is running in the background")
        self.addWidget(self._idle)
        self._device = self._label("", "What computes the pictures")
        self._latency = self._label(
            "",
            "Time from a change to the picture on the canvas; pictures a second while dragging; how coarse they are",
        )
        self._memory = self._label("", "Memory that the program holds")
        for label in (self._device, self._latency, self._memory):
            self.addPermanentWidget(label)

    def show_device(self, text: str) -> None:
        """Say what computes."""
        self._device.setText(text)
        self._device.setVisible(bool(text))

    def show_latency(
        self,
        latency_ms: float | None,
        pictures_per_second: float | None = None,
        level: tuple[int, int] | None = None,
    ) -> None:
        """Say how fast pictures come; None takes the figure away.

        Args:
            latency_ms: From a change to the picture.
            pictures_per_second: While dragging.
            level: Side of the picture that was computed and of the full one, in pixels; told where they differ.
        """
        parts = [] if latency_ms is None else [f"Picture {latency_ms:.0f} ms"]
        if pictures_per_second is not None:
            parts.append(f"{pictures_per_second:.0f} fps")
        if level is not None and level[0] < level[1]:
            parts.append(f"{level[0]} of {level[1]} px")
        self._latency.setText("  ·  ".join(parts))
        self._latency.setVisible(bool(parts))

    def show_memory(self, held_bytes: int | None) -> None:
        """Say how much memory the program holds."""
        self._memory.setText("" if held_bytes is None else f"Memory {_amount(held_bytes)}")
        self._memory.setVisible(held_bytes is not None)

    def show_job(self, key: str, text: str, fraction: float | None, cancel: Callable[[], object] | None = None) -> None:
        """Show a running job or update it.

        Args:
            key: Names the job.
            text: What it does and how long it still takes.
            fraction: How much is done, 0 to 1; None while nobody knows.
            cancel: What its cancel button calls; no button without.
        """
        if key not in self._jobs:
            self._jobs[key] = _JobView(self)
            self.insertWidget(len(self._jobs), self._jobs[key])
        self._jobs[key].update_job(text, fraction, cancel)
        self._idle.hide()

    def end_job(self, key: str) -> None:
        """Take a job that ended off the line."""
        if view := self._jobs.pop(key, None):
            self.removeWidget(view)
            view.deleteLater()
        self._idle.setVisible(not self._jobs)

    def _label(self, text: str, hint: str) -> QLabel:
        label = QLabel(text, self)
        label.setToolTip(hint)
        label.setContentsMargins(8, 0, 8, 0)
        label.setVisible(bool(text))
        return label


class _JobView(QFrame):
    """One job: its text, a bar, a cancel button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(8)
        self._text = QLabel(self)
        self._bar = QProgressBar(self, textVisible=False)
        self._bar.setFixedWidth(120)
        self._cancel = QToolButton(self)
        self._cancel.setText("Cancel")
        self._cancel.setIconSize(QSize(16, 16))
        self._cancel.setCursor(Qt.CursorShape.PointingHandCursor)
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._run: Callable[[], object] | None = None
        for widget in (self._text, self._bar, self._cancel):
            layout.addWidget(widget)
        layout.addStretch(1)

    def update_job(self, text: str, fraction: float | None, cancel: Callable[[], object] | None) -> None:
        self._run = cancel
        self._text.setText(text)
        self._bar.setAccessibleName(text)
        self._bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self._bar.setValue(round(1000 * fraction))
        self._cancel.setVisible(cancel is not None)
        self._cancel.setAccessibleName(f"Cancel: {text}")

    def _on_cancel_clicked(self) -> None:
        if self._run is not None:
            self._run()


def _amount(held_bytes: int) -> str:
    megabytes = held_bytes / 2**20
    return f"{megabytes:.0f} MB" if megabytes < 1000 else f"{megabytes / 1024:.1f} GB"
