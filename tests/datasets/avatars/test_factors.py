import numpy as np
import pytest

from ganstudio.datasets.avatars.factors import FACTOR_NAMES, FACTORS, check_factors, sample_factors

LOW = np.array([factor.low for factor in FACTORS], np.float32)
HIGH = np.array([factor.high for factor in FACTORS], np.float32)


@pytest.fixture(scope="module")
def many() -> np.ndarray:
    return np.stack([sample_factors(0, index) for index in range(4000)])


def test_names_are_unique_and_every_factor_explains_itself() -> None:
    assert len(set(FACTOR_NAMES)) == len(FACTORS)
    assert all(factor.title and factor.help and factor.low < factor.high for factor in FACTORS)


def test_a_value_depends_on_seed_and_index_alone() -> None:
    alone = sample_factors(7, 123)
    for index in range(5):
        sample_factors(7, index)
    np.testing.assert_array_equal(sample_factors(7, 123), alone)
    assert not np.array_equal(sample_factors(7, 124), alone)
    assert not np.array_equal(sample_factors(8, 123), alone)
    assert not np.array_equal(sample_factors(8, 122), alone)  # seeds are no shifts of each other


def test_values_stay_in_range_and_fill_it(many: np.ndarray) -> None:
    assert many.dtype == np.float32
    assert (many >= LOW).all()
    assert (many <= HIGH).all()
    share = (many - LOW) / (HIGH - LOW)
    assert share.min(axis=0).max() < 0.01
    assert share.max(axis=0).min() > 0.99


def test_factors_are_independent_of_each_other(many: np.ndarray) -> None:
    correlation = np.corrcoef(many, rowvar=False) - np.eye(len(FACTORS))
    assert np.abs(correlation).max() < 0.08  # 5 standard errors of 4000 draws


def test_distributions_are_as_documented(many: np.ndarray) -> None:
    for index, factor in enumerate(FACTORS):
        column = many[:, index]
        if factor.binary:
            assert set(np.unique(column)) == {factor.low, factor.high}
            assert column.mean() == pytest.approx(0.5, abs=0.04)
        elif factor.name == "beard":
            assert (column == 0).mean() == pytest.approx(0.5, abs=0.04)
            assert column[column > 0].mean() == pytest.approx(0.5, abs=0.04)
        else:
            quarters = np.quantile((column - factor.low) / (factor.high - factor.low), (0.25, 0.5, 0.75))
            np.testing.assert_allclose(quarters, (0.25, 0.5, 0.75), atol=0.05)


def test_values_out_of_range_are_clipped() -> None:
    np.testing.assert_array_equal(check_factors(np.stack([LOW - 5, HIGH + 5])), np.stack([LOW, HIGH]))


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=rf"shape \(N, {len(FACTORS)}\)"):
        check_factors(np.zeros((2, len(FACTORS) - 1)))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_refused(value: float) -> None:
    broken = np.array([LOW])
    broken[0, 3] = value
    with pytest.raises(ValueError, match="finite"):
        check_factors(broken)
