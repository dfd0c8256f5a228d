"""Spectra against closed forms: a wave is one peak, white noise is flat, and nothing is lost (Parseval)."""

import numpy as np
import pytest

from ganstudio.rendering.spectrum import FLOOR_DB, radial_average, relative_power, to_decibels


@pytest.mark.parametrize("shape", [(8, 8), (7, 7), (6, 9), (9, 6), (1, 4), (64, 64)])
def test_power_is_that_of_the_whole_transform(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(0).normal(size=shape)
    centred = values - values.mean()
    expected = np.abs(np.fft.fft2(centred)) ** 2 / (centred.size * centred.var())
    power = relative_power(values)
    assert power == pytest.approx(expected, rel=1e-3, abs=1e-4)
    assert power.mean() == pytest.approx(1.0, rel=1e-4)


@pytest.mark.parametrize(("down", "across"), [(0, 5), (3, 0), (3, 4)])
def test_a_wave_is_one_peak_and_its_mirror(down: int, across: int) -> None:
    size = 32
    rows, columns = np.mgrid[:size, :size]
    wave = 7.0 + 3.0 * np.sin(2 * np.pi * (down * rows + across * columns) / size)
    power = relative_power(wave)
    peaks = {tuple(int(side) for side in place) for place in np.argwhere(power > 1)}
    assert peaks == {(down, across), (-down % size, -across % size)}
    assert power[down, across] == pytest.approx(size * size / 2, rel=1e-4)
    frequencies, curve = radial_average(power)
    assert frequencies[np.argmax(curve)] == pytest.approx(np.hypot(down, across) / size)
    others = np.delete(to_decibels(curve), np.argmax(curve))
    assert others.max() < to_decibels(curve).max() - 60


def test_white_noise_is_flat_at_zero_decibels_whatever_its_strength() -> None:
    random = np.random.default_rng(1)
    curves = []
    for _ in range(20):
        frequencies, curve = radial_average(relative_power(random.normal(5.0, 40.0, size=(64, 64))))
        curves.append(curve)
    mean = to_decibels(np.mean(curves, axis=0))
    assert frequencies[0] == pytest.approx(1 / 64)
    assert frequencies[-1] == 0.5
    assert np.abs(mean[2:]).max() < 0.5  # the first rings hold few frequencies


def test_a_checkerboard_is_the_highest_frequency() -> None:
    board = np.indices((16, 16)).sum(axis=0) % 2
    assert np.unravel_index(np.argmax(relative_power(board)), (16, 16)) == (8, 8)


def test_what_holds_nothing_is_at_the_floor() -> None:
    assert np.all(relative_power(np.full((5, 5), 3.0)) == 0)
    assert np.all(to_decibels(np.zeros(3)) == FLOOR_DB)
    assert np.all(relative_power(np.full((4, 4), np.nan)) == 0)
