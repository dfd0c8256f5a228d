"""Facts of the open model: what it is, what it takes and gives, how sure that is, and the tensors of its file."""

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.checkpoints.base import CheckpointDescription
from ganstudio.rendering.cards import family_title
from ganstudio.rendering.opening import Layer

_LICENCE_NAMES = ("licence", "license")
_SHOWN_ELSEWHERE = {"kimg", "cur_nimg", "data", *_LICENCE_NAMES}
_COMMAND_LINE = "--assume"  # said otherwise here: by a row of guesses and a button
DOUBTFUL_BELOW = 0.6
_MOST_FACTS = 6
_MOST_GUESSES = 4
_MOST_LAYERS = 3000
_LAYERS_HEIGHT = 220
_LONGEST = 160


class ModelFacts(QScrollArea):
    """Shows one description.

    Signals:
        doubted(): The person says that the network was guessed wrong.
    """

    doubted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Facts of the open model")
        self.rows: list[tuple[str, str]] = []
        self.layers: QTreeWidget | None = None
        self._layers_shown = False
        self.show_model(None, ())

    def show_model(self, description: CheckpointDescription | None, layers: tuple[Layer, ...]) -> None:
        """Show a model, or that there is none."""
        content = QWidget()
        content.setProperty("role", "panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        self.layers = None
        self.rows = facts_of(description) if description is not None else []
        if description is None:
            column.addWidget(_label("No model is open.", "muted"))
        else:
            column.addLayout(self._grid())
            self._add_doubts(column, description)
            if layers:
                self._add_layers(column, layers)
        column.addStretch(1)
        self.setWidget(content)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self.rows):
            shown = _label(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…", "value")
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setToolTip(value if len(value) > _LONGEST else "")
            shown.setMinimumWidth(1)
            grid.addWidget(_label(name, "muted", wraps=False), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def _add_doubts(self, column: QVBoxLayout, description: CheckpointDescription) -> None:
        told = [warning for warning in description.warnings if _COMMAND_LINE not in warning]
        for warning in told[:4]:
            column.addWidget(_label(warning[:1].upper() + warning[1:], "warning"))
        if any(not info.told for info in description.assumptions):
            button = QPushButton("Not Right? Choose Another…", self)
            button.setToolTip("See what else this file can be, and choose what looks right")
            button.clicked.connect(self.doubted)
            column.addWidget(button)

    def _add_layers(self, column: QVBoxLayout, layers: tuple[Layer, ...]) -> None:
        toggle = QToolButton(self)
        toggle.setProperty("role", "section")
        toggle.setText(f"Tensors ({len(layers):,})")
        toggle.setCheckable(True)
        toggle.setChecked(self._layers_shown)
        toggle.setToolTip("All tensors in the file with their shapes, by their names there")
        toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        place = QVBoxLayout()
        column.addWidget(toggle)
        column.addLayout(place)

        def on_toggled(shown: bool) -> None:
            self._layers_shown = shown
            toggle.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
            if shown and self.layers is None:
                self.layers = _make_tree(layers, self)
                place.addWidget(self.layers)
            if self.layers is not None:
                self.layers.setVisible(shown)

        toggle.toggled.connect(on_toggled)
        on_toggled(self._layers_shown)


def _make_tree(layers: tuple[Layer, ...], parent: QWidget) -> QTreeWidget:
    """A tree of tensors, one branch for what stands before the first dot of their names."""
    tree = QTreeWidget(parent)
    tree.setAccessibleName("Tensors in the file")
    tree.setHeaderLabels(["Name", "Shape"])
    tree.setColumnCount(2)
    tree.setUniformRowHeights(True)
    tree.setIndentation(12)
    tree.setFixedHeight(_LAYERS_HEIGHT)
    tree.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    branches: dict[str, QTreeWidgetItem] = {}
    for layer in layers[:_MOST_LAYERS]:
        branch, _, rest = layer.name.partition(".")
        if rest and branch not in branches:
            branches[branch] = QTreeWidgetItem(tree, [branch, ""])
        shape = " × ".join(map(str, layer.shape)) or "1"
        row = [rest or branch, shape]
        item = QTreeWidgetItem(branches[branch], row) if rest else QTreeWidgetItem(tree, row)
        item.setToolTip(0, f"{layer.name}: {layer.dtype}, {shape}")
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if len(branches) == 1:
        tree.expandAll()
    return tree


def facts_of(description: CheckpointDescription) -> list[tuple[str, str]]:
    """What there is to say of a model, as names and values."""
    spec = description.spec
    parameters = sum(part.parameters for part in description.components.values())
    rows = [
        ("Family", family_title(description.family)),
        ("Format", "GANStudio" if description.format == "ganstudio" else description.format),
        ("Pictures", f"{spec.resolution} × {spec.resolution} px, {'colour' if spec.channels == 3 else 'grey'}"),
        ("Latent z", f"{spec.z_dim} numbers, {spec.latent_law}"),
    ]
    if spec.w_dim:
        rows.append(("Latent w", f"{spec.w_dim} numbers, {spec.num_ws} layers"))
    if spec.num_classes:
        names = ", ".join(description.class_names)
        rows.append(("Classes", f"{spec.num_classes}{f': {names}' if names else ''}"))
    if spec.output_range != (-1.0, 1.0):
        rows.append(("Output", f"{spec.output_range[0]:g} to {spec.output_range[1]:g}"))
    rows.append(("Parameters", f"{parameters:,}"))
    others = [part.role for name, part in description.components.items() if part.role != "generator"]
    if others:
        rows.append(("Also in it", ", ".join(dict.fromkeys(others))))
    rows += _told_facts(description)
    if description.confidence < 1.0:
        rows.append(("How sure", f"{description.confidence:.0%}"))
    guessed = [f"{info.title.lower()}: {info.value}" for info in description.assumptions if not info.told]
    if guessed:
        more = f" and {len(guessed) - _MOST_GUESSES} more" if len(guessed) > _MOST_GUESSES else ""
        rows.append(("Guessed", "; ".join(guessed[:_MOST_GUESSES]) + more))
    return rows


def is_doubtful(description: CheckpointDescription) -> bool:
    """Whether the network was guessed so badly that a person should be asked at once."""
    was_guessed = any(not info.told for info in description.assumptions)
    return was_guessed and bool(description.warnings) and description.confidence < DOUBTFUL_BELOW


def _told_facts(description: CheckpointDescription) -> Iterator[tuple[str, str]]:
    """What the file tells of its making."""
    facts = description.facts
    trained = _trained(facts)
    if trained:
        yield "Trained", trained
    if isinstance(facts.get("data"), str):
        data = str(facts["data"])
        yield "Data", Path(data).name if "/" in data else data
    licence = next((str(facts[name]) for name in _LICENCE_NAMES if facts.get(name)), "")
    yield "Licence", licence or "not stated in the file"
    rest = [(name, value) for name, value in facts.items() if name not in _SHOWN_ELSEWHERE]
    for name, value in rest[:_MOST_FACTS]:
        if isinstance(value, str | int | float) and str(value):
            text = f"{value:,.6g}" if isinstance(value, float) else str(value)
            yield name.replace("_", " ")[:24].capitalize(), text


def _trained(facts: dict[str, object]) -> str:
    for name, scale in (("kimg", 1000.0), ("cur_nimg", 1.0)):
        value = facts.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return f"on {scale * value:,.0f} pictures"
    return ""


def _label(text: str, role: str, wraps: bool = True) -> QLabel:
    label = QLabel(text, wordWrap=wraps)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label
