"""The import assistant: the networks that a file may be, by their pictures, to choose the one that looks right."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ganstudio import images
from ganstudio.checkpoints.base import AssumptionInfo
from ganstudio.checkpoints.rebuilding import assumed
from ganstudio.checkpoints.rebuilding.candidates import CandidateFound, SearchProgressed, search_candidates
from ganstudio.gui.jobs import Job, JobList
from ganstudio.gui.widgets.clearing import clear_layout
from ganstudio.gui.widgets.pixels import to_image
from ganstudio.gui.widgets.wheel_guard import guard_wheel

_SHEET_PX = 120
_PICTURES = 9  # at most, and as many as fill a square
_COLUMN_PX = 148
_CARD_HEIGHT = _SHEET_PX + 46
_CHANGE_MS = 350
_OPEN = "any that fits"
_SHOWN_AT_ONCE = 4


@dataclass(frozen=True, eq=False)
class Proposal:
    """A candidate as it is shown: what its network is made of is left out, for it may be large."""

    assumptions: Mapping[str, str]
    infos: tuple[AssumptionInfo, ...]
    confidence: float
    reasons: tuple[str, ...]
    pixels: npt.NDArray[np.uint8]

    @property
    def summary(self) -> str:
        """What was assumed, in a few words."""
        return ", ".join(f"{info.title.lower()} {info.value}" for info in self.infos if not info.told)

    def unlike(self, other: "Proposal", with_titles: bool = True) -> str:
        """What was assumed otherwise than for another one."""
        theirs = {info.name: info.value for info in other.infos}
        others = [info for info in self.infos if theirs.get(info.name) != info.value]
        return ", ".join(f"{info.title.lower()} {info.value}" if with_titles else info.value for info in others)


@dataclass(frozen=True)
class Remembered:
    """The choice is kept for the file."""


class ProposalCard(QPushButton):
    """One candidate: a sheet of its pictures, how probable it is, what was assumed."""

    def __init__(self, proposal: Proposal, first: Proposal, parent: QWidget) -> None:
        super().__init__(parent)
        self.proposal = proposal
        told = "best guess" if proposal is first else proposal.unlike(first) or "other layers"
        short = told if proposal is first else proposal.unlike(first, with_titles=False) or "other layers"
        self.setProperty("role", "card")
        self.setCheckable(True)
        sheet = QLabel(self)
        count = math.isqrt(min(len(proposal.pixels), _PICTURES)) ** 2
        picture = to_image(images.tile(proposal.pixels[:count], gap=1))
        size = QSize(_SHEET_PX, _SHEET_PX)
        mode = Qt.TransformationMode.SmoothTransformation
        scaled = QPixmap.fromImage(picture).scaled(size, Qt.AspectRatioMode.KeepAspectRatio, mode)
        sheet.setPixmap(scaled)
        sheet.setFixedSize(size)
        share = QLabel(f"{proposal.confidence:.0%}", self)
        share.setProperty("role", "heading")
        words = QLabel(self)
        words.setProperty("role", "muted")
        words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words.setText(words.fontMetrics().elidedText(short, Qt.TextElideMode.ElideRight, _SHEET_PX - 44))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(share)
        row.addWidget(words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 8)
        layout.setSpacing(6)
        layout.addWidget(sheet, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addLayout(row)
        for label in (sheet, share, words):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        because = "".join(f"\n– {reason}" for reason in proposal.reasons[:4])
        self.setToolTip(f"{told}\n{proposal.summary}{because}")
        self.setAccessibleName(f"{proposal.confidence:.0%}: {told}")

    def sizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return QSize(_COLUMN_PX - 8, _CARD_HEIGHT)  # a button's own hint knows only its text

    def minimumSizeHint(self) -> QSize:  # noqa: D102, N802 - Qt's name
        return self.sizeHint()


class ImportAssistant(QWidget):
    """A page for one file; everything else goes on meanwhile.

    Args:
        path: The file.
        jobs: Runs the search.
        parent: Qt parent.

    Signals:
        accepted(path): A network was chosen, and is remembered for the file.
        closed(): The page is no longer wanted.
        failed(error): The search or the remembering failed.
    """

    accepted = Signal(object)
    closed = Signal()
    failed = Signal(object)

    def __init__(self, path: Path, jobs: JobList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.path = path
        self._jobs = jobs
        self._job: Job | None = None
        self._fixed: dict[str, str] = {}
        self.cards: list[ProposalCard] = []
        self.boxes: dict[str, QComboBox] = {}
        self._more_choices: list[QWidget] = []
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_card_clicked)
        self._delay = QTimer(self, singleShot=True, interval=_CHANGE_MS)
        self._delay.timeout.connect(self.search)
        self._lay_out()
        self.search()

    @property
    def chosen(self) -> Proposal | None:
        """The candidate that is chosen."""
        return next((card.proposal for card in self.cards if card.isChecked()), None)

    @property
    def is_searching(self) -> bool:
        """Whether candidates are still looked for."""
        return self._job is not None

    def search(self) -> None:
        """Look for candidates with what is fixed; a search that runs is given up."""
        self._give_up()
        job = Job(partial(_propose, self.path, dict(self._fixed)), f"Searching what {self.path.name[:32]} is")
        self._job = job
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.failed.connect(partial(self._on_job_failed, job))
        for signal in (job.finished, job.cancelled):
            signal.connect(partial(self._on_job_ended, job))
        self._is_fresh = True
        self._bar.setRange(0, 0)
        self._bar.show()
        self._say("Looking for networks that these weights fit …")
        self._jobs.start(job)

    def close_page(self) -> None:
        """Stop searching and go."""
        self._delay.stop()
        self._give_up()
        self.closed.emit()

    def _lay_out(self) -> None:
        title = QLabel("Which looks right?", self)
        title.setProperty("role", "title")
        about = QLabel(
            f"{self.path.name} does not say all of its network. These fit its weights; their pictures tell them apart. "
            "The choice is remembered for this file.",
            self,
            wordWrap=True,
        )
        about.setProperty("role", "muted")
        self._status = QLabel(self, wordWrap=True)
        self._status.setProperty("role", "muted")
        self._bar = QProgressBar(self, textVisible=False)
        self._bar.setAccessibleName("Progress of the search")
        self._gallery = QGridLayout()
        self._gallery.setSpacing(8)
        self._gallery.setContentsMargins(0, 0, 0, 0)
        place = QWidget(self)
        place.setProperty("role", "panel")
        inner = QVBoxLayout(place)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addLayout(self._gallery)
        inner.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(place)
        self._form = QGridLayout()
        self._form.setHorizontalSpacing(8)
        self._form.setVerticalSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 16, 16)
        layout.setSpacing(8)
        for widget in (title, about, self._bar, self._status):
            layout.addWidget(widget)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(self._form)
        layout.addLayout(self._make_buttons())

    def _make_buttons(self) -> QHBoxLayout:
        self.accept_button = QPushButton("Use This", self)
        self.accept_button.setProperty("role", "primary")
        self.accept_button.setEnabled(False)
        self.accept_button.clicked.connect(self._on_accept_clicked)
        self.more_button = QToolButton(self)
        self.more_button.setProperty("role", "section")
        self.more_button.setText("More choices")
        self.more_button.setCheckable(True)
        self.more_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more_button.setArrowType(Qt.ArrowType.RightArrow)
        self.more_button.toggled.connect(self._show_more)
        self.more_button.hide()
        leave = QPushButton("Keep as It Is", self)
        leave.clicked.connect(self.close_page)
        self.leave_button = leave
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.more_button)
        row.addStretch(1)
        row.addWidget(leave)
        row.addWidget(self.accept_button)
        return row

    # The search

    def _on_job_progressed(self, job: Job, events: list[object]) -> None:
        if job is not self._job:
            return
        for event in events:
            if isinstance(event, SearchProgressed):
                self._bar.setRange(0, max(1, event.total))
                self._bar.setValue(event.done)
                self._jobs.tell(job, "", event.done / max(1, event.total))
            elif isinstance(event, Proposal):
                self._add(event)
            elif isinstance(event, Remembered):
                self._job = None
                self.accepted.emit(self.path)

    def _add(self, proposal: Proposal) -> None:
        if self._is_fresh:
            self._is_fresh = False
            self._clear()
        card = ProposalCard(proposal, self.cards[0].proposal if self.cards else proposal, self)
        self._group.addButton(card)
        self.cards.append(card)
        self._place()
        if len(self.cards) == 1:
            card.setChecked(True)
            self._show_choices(proposal)

    def _clear(self) -> None:
        for card in self.cards:
            self._group.removeButton(card)
            self._gallery.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []

    def _place(self) -> None:
        columns = max(1, self._scroll.viewport().width() // _COLUMN_PX)
        for index, card in enumerate(self.cards):
            self._gallery.addWidget(card, index // columns, index % columns, Qt.AlignmentFlag.AlignLeft)
        for row in range(self._gallery.rowCount()):
            used = row * columns < len(self.cards)
            self._gallery.setRowMinimumHeight(row, _CARD_HEIGHT if used else 0)  # the style sheet would squash them
        for column in range(columns + 1):
            self._gallery.setColumnStretch(column, 1 if column == columns else 0)
        self.accept_button.setEnabled(self.chosen is not None)

    def resizeEvent(self, event: object) -> None:  # noqa: D102, N802 - Qt's name
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place()

    def _on_job_ended(self, job: Job, *_what: object) -> None:
        if job is self._job:
            self._job = None
            self._bar.hide()
            self._say("" if self.cards else "Nothing fits.")

    def _on_job_failed(self, job: Job, error: BaseException) -> None:
        if job is not self._job:
            return
        self._on_job_ended(job)
        if self.cards or self._fixed:
            self._say(getattr(error, "reason", str(error)))  # a choice too many: it can be taken back
        else:
            self.failed.emit(error)
            self.close_page()

    def _give_up(self) -> None:
        if self._job is not None:
            job, self._job = self._job, None
            job.cancel()

    def _say(self, text: str) -> None:
        self._status.setText(text[:1].upper() + text[1:])
        self._status.setVisible(bool(text))

    # The choices

    def _on_card_clicked(self, card: QPushButton) -> None:
        if isinstance(card, ProposalCard):
            self._show_choices(card.proposal)
        self.accept_button.setEnabled(True)

    def _show_choices(self, proposal: Proposal) -> None:
        """Spell out what was assumed, each changeable; what the file says itself stands as text."""
        clear_layout(self._form)
        self.boxes = {}
        self._more_choices = []
        for place, info in enumerate(proposal.infos):
            row, column = divmod(place, 2)
            label = QLabel(info.title, self)
            label.setProperty("role", "muted")
            choice = self._make_choice(info)
            self._form.addWidget(label, row, 2 * column)
            self._form.addWidget(choice, row, 2 * column + 1)
            if place >= _SHOWN_AT_ONCE:
                self._more_choices += [label, choice]
        for column in (1, 3):
            self._form.setColumnStretch(column, 1)
        self._show_more(self.more_button.isChecked())

    def _show_more(self, shown: bool) -> None:
        """Unfold the choices that matter less."""
        self.more_button.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.more_button.setVisible(bool(self._more_choices))
        for widget in self._more_choices:
            widget.setVisible(shown)

    def _make_choice(self, info: AssumptionInfo) -> QWidget:
        if info.told:
            return QLabel(f"{info.value} (the file says it)", self)
        box = QComboBox(self)
        box.setAccessibleName(info.title)
        box.setEditable(not info.choices)
        box.addItem(_OPEN, "")
        for choice in dict.fromkeys((info.value, *info.choices)):
            box.addItem(choice, choice)
        is_fixed = info.name in self._fixed
        box.setCurrentIndex(box.findData(info.value))
        box.setToolTip("You fixed this" if is_fixed else "Guessed; choose another to see the networks that have it")
        guard_wheel(box)
        box.activated.connect(partial(self._on_box_activated, info.name, box))
        self.boxes[info.name] = box
        return box

    def _on_box_activated(self, name: str, box: QComboBox, index: int) -> None:
        data = box.itemData(index)
        value = box.currentText().strip() if data is None else str(data)
        before = dict(self._fixed)
        if value:
            self._fixed[name] = value
        else:
            self._fixed.pop(name, None)
        if self._fixed != before:
            self._delay.start()

    def _on_accept_clicked(self) -> None:
        proposal = self.chosen
        if proposal is None:
            return
        self._give_up()
        self.accept_button.setEnabled(False)
        job = Job(partial(_remember, self.path, dict(proposal.assumptions)), "Remembering the choice")
        self._job = job
        job.progressed.connect(partial(self._on_job_progressed, job))
        job.failed.connect(partial(self._on_remembering_failed, job))
        self._jobs.start(job)

    def _on_remembering_failed(self, job: Job, error: BaseException) -> None:
        if job is self._job:
            self._job = None
            self.accept_button.setEnabled(True)
            self.failed.emit(error)


def _propose(path: Path, fixed: Mapping[str, str]) -> Iterator[SearchProgressed | Proposal]:
    """Search, and keep of each candidate what is shown; for a worker thread."""
    import torch

    from ganstudio.devices import default_threads

    torch.set_num_threads(default_threads())
    for event in search_candidates(path, fixed):
        if isinstance(event, CandidateFound):
            found = event.candidate
            pixels = np.ascontiguousarray(found.pixels[:_PICTURES])
            yield Proposal(dict(found.assumptions), found.infos, found.confidence, found.reasons, pixels)
        else:
            yield event


def _remember(path: Path, assumptions: Mapping[str, str]) -> Iterator[Remembered]:
    """Keep the choice; for a worker thread, because the whole file is hashed."""
    assumed.remember(path, assumptions)
    yield Remembered()
