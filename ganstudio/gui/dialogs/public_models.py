"""The catalogue of public models: what there is, whose it is, what it allows; a click fetches one."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ganstudio.checkpoints.public_models import PublicModel, public_models
from ganstudio.gui.document import Document
from ganstudio.gui.services.model_downloads import ModelDownloads

_COLUMNS = ("Draws", "Family", "Pixels", "State", "Licence")
_STATE = 3
_PROMISE = (
    "Files come from their authors' own servers, over https. Sizes and hashes are not published for most of them, so "
    "nothing can vouch for the bytes; whatever comes is read as data and never run."
)


class PublicModelsDialog(QDialog):
    """Lists the catalogue, with a search field, beside the window and never in its way.

    Args:
        downloads: Fetches.
        document: Opens what was fetched.
        parent: The window.
    """

    def __init__(self, downloads: ModelDownloads, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Public Models")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(860, 560)
        self._downloads, self._document = downloads, document
        self.search = QLineEdit(self, placeholderText="Search: faces 256, stylegan3, cats …", clearButtonEnabled=True)
        self.search.setAccessibleName("Search public models")
        self.list = self._make_list()
        self._details = QLabel(self, wordWrap=True)
        self._details.setProperty("role", "muted")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details.setMinimumHeight(52)
        self._details.setAlignment(Qt.AlignmentFlag.AlignTop)
        promise = QLabel(_PROMISE, self, wordWrap=True)
        promise.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        for widget in (self.search, self.list, self._details):
            layout.addWidget(widget, 1 if widget is self.list else 0)
        layout.addLayout(self._make_buttons())
        layout.addWidget(promise)
        self.search.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._refresh)
        self.list.itemActivated.connect(lambda _item, _column: self._run_main())
        downloads.changed.connect(self._on_downloads_changed)
        self._fill()

    def model(self) -> PublicModel | None:
        """The model that is chosen."""
        item = self.list.currentItem()
        name = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        return next((model for model in public_models() if model.name == name), None)

    def choose(self, name: str) -> None:
        """Choose a model by its name."""
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None and item.data(0, Qt.ItemDataRole.UserRole) == name:
                self.list.setCurrentItem(item)

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget(self)
        made.setAccessibleName("Public models")
        made.setHeaderLabels(list(_COLUMNS))
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = made.header()
        header.setStretchLastSection(True)
        for column, width in enumerate((250, 130, 70, 160)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        return made

    def _make_buttons(self) -> QHBoxLayout:
        self.main_button = QPushButton("Download", self)
        self.main_button.setProperty("role", "primary")
        self.main_button.clicked.connect(self._run_main)
        self.discard_button = QPushButton("Discard Part", self)
        self.discard_button.clicked.connect(self._on_discard_clicked)
        self.page_button = QPushButton("Read About It", self)
        self.page_button.clicked.connect(self._on_page_clicked)
        self.copy_button = QPushButton("Copy Address", self)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        close = QPushButton("Close", self)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.page_button, self.copy_button, self.discard_button):
            button.setProperty("role", "flat")
            row.addWidget(button)
        row.addStretch(1)
        for button in (close, self.main_button):
            row.addWidget(button)
        for button in (self.main_button, self.discard_button, self.page_button, self.copy_button, close):
            button.setAutoDefault(False)
        return row

    def _fill(self, *_what: object) -> None:
        chosen = self.model()
        self.list.clear()
        for model in public_models():
            if model.matches(self.search.text()):
                self.list.addTopLevelItem(self._make_item(model))
        self.choose(chosen.name if chosen is not None else "")
        if self.model() is None and (first := self.list.topLevelItem(0)) is not None:
            self.list.setCurrentItem(first)
        self._refresh()

    def _make_item(self, model: PublicModel) -> QTreeWidgetItem:
        pixels = str(model.resolution) if model.resolution else "–"
        item = QTreeWidgetItem([model.title, model.family, pixels, self._downloads.say_state(model), model.licence])
        item.setData(0, Qt.ItemDataRole.UserRole, model.name)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{model.title}, {model.family}, {pixels} pixels")
        for column in range(len(_COLUMNS)):
            item.setToolTip(column, f"{model.name}\n{model.url}\n{model.licence}")
        return item

    def _refresh(self, *_what: object) -> None:
        model = self.model()
        for button in (self.main_button, self.page_button, self.copy_button):
            button.setEnabled(model is not None)
        self.discard_button.setVisible(
            model is not None and self._downloads.has_part(model) and not self._downloads.is_running(model)
        )
        if model is None:
            self._details.setText("No public model matches.")
            return
        size = f"{model.size >> 20:,} MB" if model.size else "size not published"
        check = "SHA-256 published" if model.sha256 else "no hash published"
        classes = f" {model.classes} classes." if model.classes else ""
        self._details.setText(
            f"{model.name}, from {model.host}; {size}, {check}.{classes} {model.note}\nLicence: {model.licence}."
        )
        self.main_button.setText(self._main_text(model))

    def _main_text(self, model: PublicModel) -> str:
        if self._downloads.is_running(model):
            return "Stop"
        if model.path.is_file():
            return "Open"
        return "Go On" if self._downloads.has_part(model) else "Download"

    def _run_main(self) -> None:
        model = self.model()
        if model is None:
            return
        if self._downloads.is_running(model):
            self._downloads.cancel(model)
        elif model.path.is_file():
            self._document.open_requested.emit(model.path)
        else:
            self._downloads.start(model)

    def _on_discard_clicked(self) -> None:
        if (model := self.model()) is not None:
            self._downloads.discard(model)

    def _on_page_clicked(self) -> None:
        if (model := self.model()) is not None:
            QDesktopServices.openUrl(QUrl(model.page))

    def _on_copy_clicked(self) -> None:
        if (model := self.model()) is not None:
            QGuiApplication.clipboard().setText(model.url)

    def _on_downloads_changed(self, model: PublicModel) -> None:
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None and item.data(0, Qt.ItemDataRole.UserRole) == model.name:
                item.setText(_STATE, self._downloads.say_state(model))
        if self.model() == model:
            self._refresh()
