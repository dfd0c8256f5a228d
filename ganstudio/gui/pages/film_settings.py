"""What a person sets for a film: format, size, rate, range, quality; knows nothing of how it is made."""

from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.exporting.framing import FITS
from ganstudio.animation.formats.base import QUALITIES, SIZE_RANGE, Format
from ganstudio.animation.formats.catalogue import FORMATS, LISTED
from ganstudio.animation.timeline import Timeline
from ganstudio.gui.forms import DataclassForm
from ganstudio.gui.widgets.fold import Fold
from ganstudio.gui.widgets.wheel_guard import guard_wheel

_SIZES = ("512", "1024", "1080 x 1080", "1920 x 1080", "1080 x 1920", "3840 x 2160")
_RATES = ("24", "25", "29.97", "30", "50", "60")
_NTSC = {"23.976": Fraction(24000, 1001), "29.97": Fraction(30000, 1001), "59.94": Fraction(60000, 1001)}
_RANGES = ("The whole timeline", "From first to last marker", "These frames")
_FIT_WORDS = {"whole": "Show the whole picture", "fill": "Fill the frame"}


class FilmSettings(QWidget):
    """The form.

    Args:
        timeline: Of what is exported.
        resolution: That the model draws, in pixels.

    Signals:
        edited(): Anything is another value now.
        format_changed(name): Likewise the format.
    """

    edited = Signal()
    format_changed = Signal(str)

    def __init__(self, timeline: Timeline, resolution: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timeline, self._resolution = timeline, resolution
        self.format = self._choice("Format", [FORMATS[name].title for name in LISTED])
        self.sides = self._choice("Size", [f"{resolution} (as the model draws)", *_SIZES], is_editable=True)
        self.fit = self._choice("Where the shape is another", list(_FIT_WORDS.values()))
        self.rate = self._choice("Frames a second", _RATES, is_editable=True)
        self.range = self._choice("Range", _RANGES)
        self.first, self.last = self._number("First frame"), self._number("Last frame")
        self.quality = self._choice("Quality", [*(word.title() for word in QUALITIES), "Other"])
        self.amount = self._number("Quality, 1 to 100")
        self.amount.setRange(1, 100)
        self.sound = QCheckBox("With the timeline's sound", self)
        self.sound.setChecked(True)
        self.more = Fold("More", parent=self)
        self.form = DataclassForm(FORMATS[LISTED[0]].config_type(), ("quality",), self)
        self.words = QLabel(self, wordWrap=True)
        self.words.setProperty("role", "muted")
        self._lay_out()
        self._connect()
        self.show_timeline(timeline)
        self.rate.setCurrentText(_say_rate(timeline.fps))
        self.quality.setCurrentText("High")
        self._on_quality_activated()
        self._on_format_changed()

    @property
    def name(self) -> str:
        """The format's name in `FORMATS`."""
        return LISTED[self.format.currentIndex()]

    @property
    def kind(self) -> Format:
        """The format."""
        return FORMATS[self.name]

    def values(self) -> dict[str, Any]:
        """What is set, for an `ExportPlan`.

        Raises:
            AnimationError: Something typed is none.
        """
        config = self.form.value
        if _has_quality(self.kind):
            config = replace(config, quality=self.amount.value())
        return {
            "format": self.name,
            "config": config,
            "size": self._read_size(),
            "fps": self._read_rate(),
            "span": self._read_span(),
            "fit": FITS[self.fit.currentIndex()],
            "with_sound": self.sound.isChecked(),
        }

    def show_timeline(self, timeline: Timeline) -> None:
        """Fit the form to a timeline that was edited meanwhile."""
        was_whole = self.last.value() in (0, self._timeline.length - 1)
        self._timeline = timeline
        for number in (self.first, self.last):
            number.setRange(0, timeline.length - 1)
        if was_whole:
            self.last.setValue(timeline.length - 1)
        self._show_what_matters()

    def _lay_out(self) -> None:
        between = QHBoxLayout()
        between.setSpacing(8)
        for widget in (self.first, QLabel("to", self), self.last):
            between.addWidget(widget)
        between.addStretch(1)
        amounts = QHBoxLayout()
        amounts.setSpacing(8)
        amounts.addWidget(self.quality, 1)
        amounts.addWidget(self.amount)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._rows = QFormLayout()
        column.addLayout(self._rows)
        column.addWidget(self.more)
        column.addStretch(1)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(8)
        self._rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._rows.addRow("Format", self.format)
        self._rows.addRow("", self.words)
        self._rows.addRow("Size", self.sides)
        self._rows.addRow("Shape", self.fit)
        self._rows.addRow("Frames a second", self.rate)
        self._rows.addRow("Range", self.range)
        self._between = between
        self._rows.addRow("", between)
        self._amounts = amounts
        self._rows.addRow("Quality", amounts)
        self._rows.addRow("", self.sound)
        self.more.body.addWidget(self.form)

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(self._on_format_changed)
        self.quality.activated.connect(self._on_quality_activated)
        self.amount.valueChanged.connect(self._on_amount_changed)
        for box in (self.sides, self.rate):
            box.editTextChanged.connect(self._on_edited)
        for choice in (self.fit, self.range):
            choice.currentIndexChanged.connect(self._on_edited)
        for number in (self.first, self.last):
            number.valueChanged.connect(self._on_edited)
        self.sound.toggled.connect(self._on_edited)

    def _choice(self, name: str, texts: Any, is_editable: bool = False) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.addItems(list(texts))
        box.setEditable(is_editable)
        guard_wheel(box)
        return box

    def _number(self, name: str) -> QSpinBox:
        number = QSpinBox(self)
        number.setAccessibleName(name)
        number.setMinimumWidth(88)
        guard_wheel(number)
        return number

    def _on_format_changed(self, *_what: object) -> None:
        config = self.kind.config_type()
        form = DataclassForm(config, ("quality",), self)
        form.edited.connect(self._on_edited)
        self.more.body.replaceWidget(self.form, form)
        self.form.hide()
        self.form.deleteLater()
        self.form = form
        self.format_changed.emit(self.name)
        self._on_edited()

    def _on_quality_activated(self, *_what: object) -> None:
        number = QUALITIES.get(self.quality.currentText().lower())
        if number is not None:
            self.amount.setValue(number)

    def _on_amount_changed(self, number: int) -> None:
        word = next((word.title() for word, known in QUALITIES.items() if known == number), "Other")
        self.quality.setCurrentText(word)
        self._on_edited()

    def _on_edited(self, *_what: object) -> None:
        self._show_what_matters()
        self.edited.emit()

    def _show_what_matters(self) -> None:
        kind = self.kind
        lacks = kind.lacks(self.form.value)
        parts = [kind.help] if lacks is None else [f"{lacks.reason}; {lacks.remedy}"]
        if self._timeline.sound and not kind.sound:
            parts.append("It carries no sound")
        self.words.setText(". ".join(parts) + ".")
        self._rows.setRowVisible(self._between, self.range.currentIndex() == 2)
        self._rows.setRowVisible(self._amounts, _has_quality(kind))
        self._rows.setRowVisible(self.sound, bool(self._timeline.sound and kind.sound))
        width, height = self._size_or_none()
        self._rows.setRowVisible(self.fit, width != height)
        has_more = any(item.metadata.get("title") and item.name != "quality" for item in fields(self.form.value))
        self.more.setVisible(has_more)

    def _size_or_none(self) -> tuple[int, int]:
        try:
            return self._read_size()
        except AnimationError:
            return 0, 0

    def _read_size(self) -> tuple[int, int]:
        text = self.sides.currentText()
        if text.startswith(f"{self._resolution} ("):
            return 0, 0
        numbers = text.lower().replace("×", "x").replace("px", "").split("x")
        try:
            sides = [int(number) for number in numbers]
            if len(sides) not in (1, 2) or not all(SIZE_RANGE[0] <= side <= SIZE_RANGE[1] for side in sides):
                raise ValueError(text)
        except ValueError as error:
            remedy = f"give one or two numbers from {SIZE_RANGE[0]} to {SIZE_RANGE[1]}, such as 1920 x 1080"
            raise AnimationError("size", f"{text[:30]!r} is none", remedy) from error
        return sides[0], sides[-1]

    def _read_rate(self) -> Fraction:
        text = self.rate.currentText().strip().replace(",", ".")
        try:
            return _NTSC[text] if text in _NTSC else Fraction(text)
        except (ValueError, ZeroDivisionError) as error:
            raise AnimationError("rate", f"{text[:30]!r} is none", "give a number such as 30 or 29.97") from error

    def _read_span(self) -> tuple[int, int] | None:
        if self.range.currentIndex() == 0:
            return None
        if self.range.currentIndex() == 2:
            return self.first.value(), self.last.value() + 1
        frames = [marker.frame for marker in self._timeline.markers if marker.frame < self._timeline.length]
        if len(frames) < 2:
            raise AnimationError("range", "the timeline has no two markers", "set them, or choose another range")
        return frames[0], frames[-1] + 1


def _say_rate(fps: Fraction) -> str:
    known = next((text for text, rate in _NTSC.items() if rate == fps), None)
    return known or str(fps)


def _has_quality(kind: Format) -> bool:
    return any(item.name == "quality" for item in fields(kind.config_type))
