import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ganstudio.gui.widgets.histogram import MOST_PIXELS, HistogramCard, count_values
from ganstudio.gui.widgets.pixels import to_image


def half_black() -> np.ndarray:
    pixels = np.full((10, 10, 3), 100, np.uint8)
    pixels[:5, :, 0] = 0
    pixels[0, 0, 2] = 255
    return pixels


def texts(card: HistogramCard) -> list[str]:
    return [
        label.text().replace("\N{NO-BREAK SPACE}", " ")
        for label in card.table.findChildren(QLabel)
        if label.isVisible()
    ]


def test_every_pixel_of_a_small_picture_is_counted() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (64, 80, 3), np.uint8)
    found = count_values(to_image(pixels))
    assert found.step == 1
    for channel in range(3):
        wanted = [int((pixels[..., channel] == value).sum()) for value in range(256)]
        assert found.counts[channel].tolist() == wanted


def test_of_a_large_picture_not_more_are_counted_than_is_quick() -> None:
    found = count_values(to_image(np.zeros((1024, 1024, 1), np.uint8)))
    assert found.counts.sum() <= MOST_PIXELS
    assert found.share(0, 0) == 1.0


def test_the_card_tells_what_is_clipped_and_follows_the_picture(qtbot: QtBot) -> None:
    card = HistogramCard()
    qtbot.addWidget(card)
    card.show_image(to_image(half_black()))
    card.show()
    qtbot.waitUntil(lambda: "50.0 %" in texts(card))
    assert texts(card) == [
        *("Clipped", "at 0", "at 255"),
        *("Red", "50.0 %", "0.0 %"),
        *("Green", "0.0 %", "0.0 %"),
        *("Blue", "0.0 %", "1.0 %"),
    ]
    card.show_image(to_image(np.zeros((4, 4, 1), np.uint8)))
    qtbot.waitUntil(lambda: texts(card)[3:] == ["Grey", "100.0 %", "0.0 %"])
    card.show_image(QImage())
    qtbot.waitUntil(lambda: texts(card) == ["Clipped", "at 0", "at 255"])


def test_a_hidden_card_counts_nothing(qtbot: QtBot) -> None:
    card = HistogramCard()
    qtbot.addWidget(card)
    card.show_image(to_image(half_black()))
    assert not card._timer.isActive()
    assert card.curves._found is None


def test_the_logarithm_lifts_rare_values(qtbot: QtBot) -> None:
    card = HistogramCard()
    qtbot.addWidget(card)
    pixels = np.full((32, 32, 1), 100, np.uint8)
    pixels[0, 0] = 200
    card.show_image(to_image(pixels))
    card.show()
    linear = card.curves.grab().toImage()
    card.log_button.click()
    assert card.curves.grab().toImage() != linear
