"""The upright axis: labels keep clear of each other over any span, and are short."""

import math
from itertools import pairwise

import pytest

from ganstudio.gui.widgets.value_axis import log_ticks, say_value


@pytest.mark.parametrize("most", [1.0, 2.6, 3, 5, 12])
@pytest.mark.parametrize("low", [-6.3, -2.1, 0.0, 0.35, 3.9])
@pytest.mark.parametrize("span", [0.02, 0.4, 0.8, 1.5, 3.0, 11.0])
def test_labels_on_powers_of_ten_are_few_and_there(low, span, most):
    ticks = log_ticks(low, low + span, most)
    assert 1 <= len(ticks) <= most + 1
    assert all(low <= tick <= low + span for tick in ticks)
    assert all(after - before >= span / most - 1e-9 for before, after in pairwise(ticks))


def test_within_a_decade_round_numbers_are_labelled():
    assert [round(10**tick, 6) for tick in log_ticks(math.log10(0.4), math.log10(7), 5)] == [0.5, 1, 2, 5]
    assert [10**tick for tick in log_ticks(-4, 4, 5)] == [1e-4, 1e-2, 1, 1e2, 1e4]


@pytest.mark.parametrize(
    ("value", "spacing", "said"),
    [(0, 1, "0"), (20, 20, "20"), (0.00028, 0.00002, "2.8e-4"), (0.0003, 0.0001, "3e-4"), (0.05, 0.01, "0.05"),
     (1.1, 0.1, "1.1"), (1_200_000, 100_000, "1.2e6"), (-0.5, 0.5, "-0.5"), (5, None, "5"), (0.02, None, "0.02"),
     (200.0, None, "200"), (1e-5, None, "1e-5")],
)  # fmt: skip
def test_numbers_are_short(value, spacing, said):
    assert say_value(value, spacing) == said
