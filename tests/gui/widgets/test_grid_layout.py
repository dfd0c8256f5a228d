import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from ganstudio.gui.widgets.grid_layout import lay_out

ROOMS = [QSize(700, 430), QSize(300, 900), QSize(97, 96), QSize(1500, 800)]


@pytest.mark.parametrize("count", [1, 2, 4, 7, 9, 64, 399, 400])
@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_cells_lie_inside_apart_and_are_found_again(count: int, room: QSize) -> None:
    places = lay_out(count, room, 4)
    cells = [places.cell(index) for index in range(count)]
    bounds = QRect(QPoint(0, 0), room)
    assert all(bounds.contains(cell) for cell in cells)
    for index, cell in enumerate(cells):
        for point in (cell.topLeft(), cell.center(), cell.bottomRight()):
            assert places.index_at(point) == index
        assert places.index_at(cell.bottomRight() + QPoint(1, 0)) is None
        assert places.index_at(cell.topLeft() - QPoint(1, 0)) is None


@pytest.mark.parametrize(
    "area", [QRect(0, 0, 700, 430), QRect(120, 60, 1, 1), QRect(250, 90, 133, 71), QRect(-9, 8, 5, 5)]
)
def test_an_area_touches_what_a_slow_search_finds(area: QRect) -> None:
    for count in (5, 16, 100):
        places = lay_out(count, QSize(700, 430), 4)
        slow = [index for index in range(count) if places.cell(index).intersects(area)]
        assert places.indices_in(area) == slow


def test_the_number_of_columns_can_be_said() -> None:
    places = lay_out(400, QSize(700, 430), 4, 20)
    assert (places.columns, places.side) == (20, (430 - 19 * 2) // 20)


def test_rows_are_full_where_that_costs_little() -> None:
    assert lay_out(16, QSize(500, 500), 4).columns == 4
    assert lay_out(400, QSize(700, 430), 4).gap < 4  # small cells stand closer together
