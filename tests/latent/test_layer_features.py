"""What layers make of many latents, and the main axes of it."""

import pytest
import torch

from ganstudio.latent.clouds import latent_cloud
from ganstudio.latent.discovery.base import DirectionsDiscovered, DiscoveryError, Task
from ganstudio.latent.discovery.layer_axes import LayerAxesConfig, find
from ganstudio.latent.layer_features import MOST_NUMBERS, layer_features
from ganstudio.networks.base import Generator
from ganstudio.networks.catalogue import NETWORKS


def build(family: str, **values: object) -> Generator:
    architecture = NETWORKS[family]
    made = architecture.build_generator(architecture.config_type(**values), torch.Generator().manual_seed(0))
    return made.eval().requires_grad_(requires_grad=False)


@pytest.fixture
def mapped() -> Generator:
    return build("stylegan2", resolution=16, z_dim=12, w_dim=12, mapping_widths=(12, 12), widths=(8, 8, 4))


@pytest.fixture
def plain() -> Generator:
    return build("dcgan", resolution=28, z_dim=8, base_channels=4)


def test_features_are_what_the_layer_makes(plain: Generator) -> None:
    name = next(name for name, part in plain.named_modules() if isinstance(part, torch.nn.ConvTranspose2d))
    latents = latent_cloud(plain, "z", 6)
    seen = []
    hook = dict(plain.named_modules())[name].register_forward_hook(lambda _m, _i, made: seen.append(made))
    plain(latents)
    hook.remove()
    rows = torch.cat(list(layer_features(plain, name, iter(latents.split(4)), "z")))
    torch.testing.assert_close(rows, seen[0].flatten(1))
    assert not any(part._forward_hooks for part in plain.modules())


def test_large_maps_are_averaged_down() -> None:
    class Wide(torch.nn.Module):
        def forward(self, latents: torch.Tensor) -> torch.Tensor:
            return latents[:, :1, None, None].expand(-1, 8, 64, 64)

    generator = build("dcgan", resolution=28, z_dim=8, base_channels=4)
    generator.wide = Wide()
    generator.forward = lambda z, _labels=None: generator.wide(z)  # type: ignore[method-assign]
    (rows,) = layer_features(generator, "wide", iter([torch.arange(16.0).reshape(2, 8)]), "z")
    assert rows.shape[1] <= MOST_NUMBERS
    assert rows[1].eq(8).all()


@pytest.mark.parametrize("family", ["mapped", "plain"])
def test_axes_move_what_the_layer_makes_most(family: str, request: pytest.FixtureRequest) -> None:
    generator = request.getfixturevalue(family)
    space = "w" if family == "mapped" else "z"
    layers = [name for name, part in generator.named_modules() if isinstance(part, torch.nn.Conv2d | torch.nn.ReLU)]
    name = layers[len(layers) // 2] if layers else "synthesis.layers.2"
    *progress, last = find(Task(generator), LayerAxesConfig(name, count=3, samples=200))
    assert isinstance(last, DirectionsDiscovered)
    fractions = [event.fraction for event in progress]  # type: ignore[union-attr]
    assert fractions == sorted(fractions)
    assert {item.direction.space for item in last.found} == {space}
    latents = latent_cloud(generator, space, 40, seed=3)

    def change(step: torch.Tensor) -> float:
        before, after = (
            torch.cat(list(layer_features(generator, name, iter([places]), space)))
            for places in (latents, latents + step)
        )
        return float((after - before).square().sum(1).mean())

    random = torch.randn(20, latents.shape[1], generator=torch.Generator().manual_seed(1))
    length = last.found[0].direction.step().norm()
    usual = [change(step / step.norm() * length) for step in random]
    assert change(last.found[0].direction.step()) > sorted(usual)[10]


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_layer_that_is_not_there_is_told(plain: Generator, name: str) -> None:
    with pytest.raises(DiscoveryError, match="no layer"):
        list(find(Task(plain), LayerAxesConfig(name, samples=50)))
