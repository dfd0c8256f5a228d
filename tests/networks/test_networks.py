"""Networks: shapes, classes, determinism, and that pictures of a batch do not depend on each other."""

import pytest
import torch

from ganstudio.networks.base import NetworkConfigError
from ganstudio.networks.catalogue import NETWORKS
from ganstudio.networks.layers import minibatch_deviation

SMALL = {"dcgan": {"base_channels": 4, "max_channels": 8, "z_dim": 6}, "mlp": {"hidden": 8, "layers": 2, "z_dim": 6}}


def build(name, **values):
    architecture = NETWORKS[name]
    config = architecture.make_config({**SMALL[name], **values})
    random = torch.Generator().manual_seed(0)
    return architecture.build_generator(config, random), architecture.build_discriminator(config, random)


@pytest.mark.parametrize("name", sorted(SMALL))
@pytest.mark.parametrize("resolution", [28, 32, 64, 128])
@pytest.mark.parametrize(("channels", "classes"), [(1, 0), (3, 5)])
def test_shapes_for_every_size(name, resolution, channels, classes):
    generator, discriminator = build(name, resolution=resolution, channels=channels, num_classes=classes)
    labels = torch.tensor([0, 1, 4]) % max(classes, 1) if classes else None
    images = generator(torch.randn(3, 6), labels)
    assert images.shape == (3, channels, resolution, resolution)
    assert images.abs().max() <= 1
    assert discriminator(images, labels).shape == (3,)
    assert discriminator.features(images).ndim == 2
    assert generator.first_features(torch.randn(3, 6), labels).shape[0] == 3


@pytest.mark.parametrize("name", sorted(SMALL))
def test_the_class_changes_the_picture_and_the_judgement(name):
    generator, discriminator = build(name, resolution=28, channels=1, num_classes=3)
    generator.eval()
    z = torch.randn(1, 6).expand(3, 6)
    images = generator(z, torch.arange(3))
    assert (images[0] - images[1]).abs().max() > 0
    with torch.no_grad():
        for parameter in discriminator.head.embedding.parameters():
            parameter.normal_(generator=torch.Generator().manual_seed(0))
    logits = discriminator(images[:1].expand(4, -1, -1, -1), torch.tensor([0, 1, 2, 0]))
    assert logits[0] != logits[1]
    assert torch.isclose(logits[0], logits[3])


@pytest.mark.parametrize("name", sorted(SMALL))
def test_the_same_seed_gives_the_same_weights(name):
    first, second = build(name, resolution=28), build(name, resolution=28)
    for left, right in zip(first[0].state_dict().values(), second[0].state_dict().values(), strict=True):
        assert torch.equal(left, right)


def test_generated_pictures_do_not_depend_on_the_rest_of_the_batch():
    generator, _ = build("dcgan", resolution=32, full_channels=4)
    generator.eval()
    z = torch.randn(5, 6)
    assert torch.allclose(generator(z)[2:3], generator(z[2:3]), atol=1e-6)


def test_minibatch_deviation_against_a_plain_reference():
    features = torch.randn(6, 2, 3, 3)
    result = minibatch_deviation(features, group=3)
    for index in range(6):
        members = features[index % 2 :: 2]
        expected = (members.var(dim=0, unbiased=False) + 1e-8).sqrt().mean()
        assert torch.allclose(result[index, 2], expected)
    assert torch.equal(result[:, :2], features)


@pytest.mark.parametrize(
    "values",
    [{"resolution": 30}, {"channels": 2}, {"z_dim": 0}, {"num_classes": -1}, {"nonsense": 1}, {"z_dim": "8"}],
)
@pytest.mark.parametrize("name", sorted(SMALL))
def test_bad_settings_are_refused(name, values):
    with pytest.raises(NetworkConfigError):
        NETWORKS[name].make_config(values)
