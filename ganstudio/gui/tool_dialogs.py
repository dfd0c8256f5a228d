"""The dialogs that stay open beside the window while one goes on working: one of each kind, brought to the front."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QWidget

from ganstudio.gui.document import Document
from ganstudio.gui.services.animation_export import AnimationExport
from ganstudio.gui.services.direction_finding import DirectionFinding
from ganstudio.gui.services.live_control import LiveControl
from ganstudio.gui.services.model_downloads import ModelDownloads
from ganstudio.gui.services.model_library import ModelLibrary
from ganstudio.gui.services.model_mixing import ModelMixing
from ganstudio.gui.services.picture_check import PictureCheck
from ganstudio.gui.services.slider_measuring import SliderMeasuring


@dataclass(frozen=True)
class ToolServices:
    """What the dialogs work with."""

    document: Document
    downloads: ModelDownloads
    finding: DirectionFinding
    measuring: SliderMeasuring
    library: ModelLibrary
    mixing: ModelMixing
    live: LiveControl
    exporting: AnimationExport
    checking: PictureCheck


class ToolDialogs:
    """Makes a dialog when it is first asked for, and shows the same one again.

    Args:
        services: What they work with.
        parent: The window.
    """

    def __init__(self, services: ToolServices, parent: QWidget) -> None:
        self._services = services
        self._parent = parent

    def show_public_models(self) -> None:
        """Where models of others can be had."""
        from ganstudio.gui.dialogs.public_models import PublicModelsDialog  # late, as is whatever speaks to servers

        services = self._services
        self._show(PublicModelsDialog, lambda: PublicModelsDialog(services.downloads, services.document, self._parent))

    def show_picture_check(self) -> None:
        """Copies and outliers of the pictures chosen for training."""
        from ganstudio.gui.dialogs.picture_check import PictureCheckDialog  # late: few sets are looked through

        self._show(PictureCheckDialog, lambda: PictureCheckDialog(self._services.checking, self._parent))

    def show_export(self) -> None:
        """The animation as a film."""
        from ganstudio.gui.dialogs.export_animation import ExportAnimationDialog  # late: formats and encoders

        services = self._services
        self._show(
            ExportAnimationDialog,
            lambda: ExportAnimationDialog(services.exporting, services.document, self._parent),
        )

    def show_mixing(self) -> None:
        """One model made of two."""
        from ganstudio.gui.dialogs.model_mixing import ModelMixingDialog  # late: few mix

        services = self._services
        self._show(
            ModelMixingDialog,
            lambda: ModelMixingDialog(services.mixing, services.document, services.library, self._parent),
        )

    def show_finding(self, way: str = "") -> None:
        """The ways of finding directions; this one, if it is named."""
        from ganstudio.gui.dialogs.find_directions import FindDirectionsDialog  # late: not everybody searches

        services = self._services
        self._show(
            FindDirectionsDialog, lambda: FindDirectionsDialog(services.document, services.finding, self._parent)
        )
        dialog = self._parent.findChild(FindDirectionsDialog)
        if way and dialog is not None:
            dialog.choose(way)

    def show_measuring(self) -> None:
        """What the sliders do, measured."""
        from ganstudio.gui.dialogs.slider_effects import SliderEffectsDialog  # late: not everybody measures

        services = self._services
        self._show(
            SliderEffectsDialog, lambda: SliderEffectsDialog(services.document, services.measuring, self._parent)
        )

    def show_live_control(self) -> None:
        """What moves the picture from outside."""
        from ganstudio.gui.dialogs.live_control import LiveControlDialog  # late: few have such controls

        services = self._services
        self._show(LiveControlDialog, lambda: LiveControlDialog(services.live, services.document, self._parent))

    def _show(self, kind: type[QDialog], make: Callable[[], QDialog]) -> None:
        dialog = self._parent.findChild(kind) or make()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
