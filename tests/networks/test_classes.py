"""Blends of classes in every conditional family: a corner is the class, a blend the mean of what the classes have."""

import pytest
import torch

from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.classes import ClassTable, blend_classes, class_weights, look_up
from ganstudio.networks.layers import ProjectionHead
from ganstudio.networks.style_mapping import LabelVector
from tests.networks.every_family import CONDITIONAL, build, latents


@pytest.mark.parametrize("name", CONDITIONAL)
@torch.inference_mode()
def test_all_weight_on_one_class_is_that_class(name):
    generator = build(name)
    z, labels = latents(generator, 3), torch.tensor([2, 0, 1])
    expected = generator(z, labels)
    assert (expected != generator(z, labels.flip(0))).any()
    assert torch.allclose(generator(z, class_weights(labels, 3)), expected, atol=1e-6, rtol=1e-6)
    assert torch.allclose(generator.first_features(z, class_weights(labels, 3)), generator.first_features(z, labels))


@pytest.mark.parametrize("name", CONDITIONAL)
@torch.inference_mode()
def test_a_blend_is_the_mean_of_what_the_classes_have(name):
    """The slow way: a network whose class 0 has the mean in its tables."""
    generator, other = build(name), build(name)
    z = latents(generator, 1)
    weights = torch.tensor([[0.5, 0.2, 0.3]])
    found = generator(z, weights)
    for part in other.modules():
        if isinstance(part, ClassTable):
            part.weight[0] = weights[0] @ part.weight[:3]
        elif isinstance(part, LabelVector):
            part.weight[:, 0] = part.weight[:, :3] @ weights[0]
    if name == "r3gan":
        other.label.weight[:, 0] = other.label.weight @ weights[0]
    if name == "sequence one hot":  # the class goes straight into a linear layer
        layer = other.main.layers[1].module
        layer.weight[:, 6] = layer.weight[:, 6:] @ weights[0]
    assert torch.allclose(found, other(z, torch.tensor([0])), atol=2e-6, rtol=1e-5)
    assert (found - generator(z, torch.tensor([0]))).abs().max() > 1e-4


@torch.inference_mode()
def test_truncation_goes_to_the_mean_of_the_classes_means():
    generator = build("stylegan_xl centroids")
    assert isinstance(generator, MappedGenerator)
    weights = torch.tensor([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    w_plus = generator.map(latents(generator), weights)
    moved = generator.truncate(w_plus, 0.0, weights)
    means = torch.stack([generator.mean_w[:2].mean(0), generator.mean_w[2]])
    assert torch.allclose(moved, means[:, None].expand_as(moved), atol=1e-6)


@pytest.mark.parametrize("classes", [2, 3])
def test_what_is_looked_up_in_a_longer_table_is_of_the_first_classes(classes):
    table = torch.randn(5, 4)
    labels = torch.tensor([1, 0])
    assert torch.equal(look_up(table, class_weights(labels, classes)), look_up(table, labels))


def test_a_blend_begins_and_ends_at_its_classes():
    first, second = torch.tensor([0, 1, 2]), torch.tensor([2, 2, 2])
    weights = blend_classes(first, second, torch.tensor([0.0, 1.0, 0.25]), 3)
    assert weights.tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 1]]
    quarter = blend_classes(first[:1], second[:1], torch.tensor([0.25]), 3)
    assert quarter.tolist() == [[0.75, 0, 0.25]]
    assert blend_classes(quarter, second[:1], torch.tensor([0.5]), 3).tolist() == [[0.375, 0, 0.625]]


def test_a_critic_judges_a_blend_by_the_mean_of_its_classes():
    head = ProjectionHead(4, 3)
    features = torch.randn(1, 4)
    apart = torch.cat([head(features, torch.tensor([label])) for label in range(3)])
    weights = torch.tensor([[0.25, 0.25, 0.5]])
    assert torch.allclose(head(features, weights), (weights[0] * apart).sum(), atol=1e-6)


def test_gradients_reach_the_weights_of_a_blend():
    generator = build("stylegan2")
    weights = torch.tensor([[0.5, 0.2, 0.3]], requires_grad=True)
    generator(latents(generator, 1), weights).square().sum().backward()
    assert weights.grad is not None
    assert weights.grad.abs().min() > 0
