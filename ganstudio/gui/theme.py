"""The looks of the window: colour tokens for dark and light, the palette and the one style sheet made of them.

Widgets never name a colour. They take it from the palette, or say what they are with a property that the style sheet
knows: `setProperty("role", "heading" | "subheading" | "muted" | "value" | "primary" | "danger" | "flat" | "warning")`.
"""

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from ganstudio.resources import resource_path

THEMES = ("system", "dark", "light")


@dataclass(frozen=True)
class Theme:
    """Colour tokens as #rrggbb; the greys are neutral because the eye judges a picture by what is round it.

    Attributes:
        name: "dark" or "light".
        window: Behind everything.
        surface: Panels.
        raised: Buttons that stand on a panel.
        field: What can be typed into.
        hover: The same under the pointer.
        hairline: Lines between things.
        text: What is read.
        muted: What is read second: labels, units, hints.
        disabled: What cannot be used now.
        accent: The one colour: where the value is, what is selected, what to press.
        on_accent: Text on the accent.
        positive: Went well.
        warning: Look at this.
        danger: Went wrong, or loses something.
        canvas: Round the picture.
    """

    name: str
    window: str
    surface: str
    raised: str
    field: str
    hover: str
    hairline: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    positive: str
    warning: str
    danger: str
    canvas: str

    @property
    def spacing(self) -> int:
        """The rhythm that all distances are multiples of, in pixels."""
        return 8


DARK = Theme(
    name="dark",
    window="#1b1b1b",
    surface="#242424",
    raised="#323232",
    field="#1b1b1b",
    hover="#3d3d3d",
    hairline="#373737",
    text="#e4e4e4",
    muted="#a0a0a0",
    disabled="#666666",
    accent="#4c9be8",
    on_accent="#0c1a28",
    positive="#5fb87a",
    warning="#e0a83e",
    danger="#e8695f",
    canvas="#161616",
)
LIGHT = Theme(
    name="light",
    window="#dadada",
    surface="#eeeeee",
    raised="#fafafa",
    field="#ffffff",
    hover="#ffffff",
    hairline="#c6c6c6",
    text="#1d1d1d",
    muted="#5c5c5c",
    disabled="#a2a2a2",
    accent="#1f6fc0",
    on_accent="#ffffff",
    positive="#2b7d47",
    warning="#8f6400",
    danger="#b93a30",
    canvas="#c4c4c4",
)

_current = [DARK]  # what apply_theme chose last; read by painters that draw with more than the palette holds


def current() -> Theme:
    """The theme in force."""
    return _current[0]


def resolve(name: str) -> Theme:
    """The theme of a name; "system" asks the desktop, which is dark where it does not say."""
    if name == "light":
        return LIGHT
    hints = QGuiApplication.styleHints()
    if name == "system" and hints is not None and hints.colorScheme() == Qt.ColorScheme.Light:
        return LIGHT
    return DARK


def apply_theme(app: QApplication, name: str) -> Theme:
    """Dress the whole application: Fusion as the ground, our palette and style sheet over it."""
    theme = resolve(name)
    _current[0] = theme
    app.setStyle("Fusion")
    app.setFont(interface_font())
    app.setPalette(make_palette(theme))
    app.setStyleSheet(make_style_sheet(theme))
    return theme


def interface_font() -> QFont:
    """The desktop's own sans serif at 13 px, with figures of one width so that numbers do not dance."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    known = set(QFontDatabase.families())
    wanted = ("Inter", "Segoe UI Variable Text", "Segoe UI", "SF Pro Text", "Cantarell", "Noto Sans", "Open Sans")
    if found := [family for family in wanted if family in known]:
        font.setFamilies([*found[:1], font.family()])
    font.setPixelSize(13)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def make_palette(theme: Theme) -> QPalette:
    """The palette of a theme."""
    palette = QPalette()
    role = QPalette.ColorRole
    for target, token in {
        role.Window: theme.surface,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.surface,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.hover,
        role.Midlight: theme.raised,
        role.Mid: theme.hairline,
        role.Dark: theme.canvas,
        role.Shadow: theme.canvas,
    }.items():
        palette.setColor(target, QColor(token))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(theme.disabled))
    return palette


def make_style_sheet(theme: Theme) -> str:
    """The style sheet with the tokens put in."""
    template = Template(resource_path("style.qss").read_text(encoding="utf-8"))
    arrows = resource_path("icons/controls").as_posix()
    return template.substitute(asdict(theme), icons=arrows)
