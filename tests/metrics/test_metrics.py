"""Metrics against slow plain references and cases whose answer is known."""

import numpy as np
import pytest
import torch

from ganstudio.metrics.copying import copying_ratio
from ganstudio.metrics.distances import distances_to_others, nearest_distances, pairwise_distances
from ganstudio.metrics.diversity import diversity_ratio
from ganstudio.metrics.features import RandomConvolutions, extract_features
from ganstudio.metrics.kid import kernel_distance, squared_discrepancy


def cloud(count: int, seed: int, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(shift, 1, (count, 6))


def test_the_kernel_distance_is_the_sum_over_all_pairs():
    real, fake = cloud(7, 0), cloud(5, 1, 0.5)

    def kernel(x, y):
        return (x @ y / 6 + 1) ** 3

    within_real = sum(kernel(real[i], real[j]) for i in range(7) for j in range(7) if i != j) / 42
    within_fake = sum(kernel(fake[i], fake[j]) for i in range(5) for j in range(5) if i != j) / 20
    between = sum(kernel(x, y) for x in real for y in fake) / 35
    assert np.isclose(squared_discrepancy(real, fake), within_real + within_fake - 2 * between)


def test_the_kernel_distance_is_nothing_for_one_distribution_and_grows_with_the_shift():
    same, deviation = kernel_distance(cloud(800, 0), cloud(800, 1))
    assert abs(same) < 4 * deviation + 0.02
    near, _ = kernel_distance(cloud(800, 0), cloud(800, 1, 0.5))
    far, _ = kernel_distance(cloud(800, 0), cloud(800, 1, 1.0))
    assert same < near < far
    with pytest.raises(ValueError, match="at least 4"):
        kernel_distance(cloud(3, 0), cloud(8, 1))


def test_distances_against_numpy():
    left, right = cloud(4, 0), cloud(6, 1)
    expected = np.linalg.norm(left[:, None] - right[None], axis=2)
    assert np.allclose(pairwise_distances(left, right), expected)
    assert np.allclose(nearest_distances(left, right, block=3), expected.min(1))


def test_collapse_shows_as_no_diversity():
    real = cloud(100, 0)
    assert diversity_ratio(real, np.repeat(real[:1], 50, axis=0)) < 1e-6
    assert 0.9 < diversity_ratio(real, cloud(100, 1)) < 1.1


def test_copies_show_as_no_newness():
    training, held_out = cloud(300, 0), cloud(100, 1)
    assert copying_ratio(training, held_out, training[:50]) < 1e-6
    assert 0.8 < copying_ratio(training, held_out, cloud(100, 2)) < 1.25


def test_where_none_are_held_out_training_pictures_are_unseen_to_each_other():
    training = cloud(60, 0)
    expected = [np.delete(np.linalg.norm(training - row, axis=1), index).min() for index, row in enumerate(training)]
    assert np.allclose(distances_to_others(training, block=7), expected)
    assert copying_ratio(training, None, training) < 1e-6
    assert 0.8 < copying_ratio(training, None, cloud(60, 2)) < 1.25


def test_features_are_the_same_every_time_and_see_the_picture():
    first, second = RandomConvolutions(3), RandomConvolutions(3)
    images = torch.rand(5, 3, 32, 32) * 2 - 1
    features = extract_features(first, [images[:2], images[2:]], torch.device("cpu"))
    assert np.allclose(features, extract_features(second, [images], torch.device("cpu")))
    assert features.shape[0] == 5
    assert np.abs(features[0] - features[1]).max() > 1e-3
