"""Style channels as directions of style space."""

import pytest
import torch

from ganstudio.latent.clouds import latent_cloud
from ganstudio.latent.discovery.base import DirectionsDiscovered, DiscoveryError, Examples, Task
from ganstudio.latent.discovery.channels import ChannelsConfig, find
from ganstudio.networks.base import Generator
from ganstudio.networks.catalogue import NETWORKS


@pytest.fixture
def generator() -> Generator:
    architecture = NETWORKS["stylegan2"]
    config = architecture.config_type(resolution=16, z_dim=12, w_dim=12, mapping_widths=(12, 12), widths=(8, 8, 4))
    made = architecture.build_generator(config, torch.Generator().manual_seed(0))
    return made.eval().requires_grad_(requires_grad=False)


def run(task: Task, config: ChannelsConfig) -> DirectionsDiscovered:
    *_, last = find(task, config)
    assert isinstance(last, DirectionsDiscovered)
    return last


def test_a_channel_that_tells_the_marks_apart_comes_first_and_leads_to_the_liked(generator: Generator) -> None:
    parts = generator.modulations()  # type: ignore[operator]
    cloud = latent_cloud(generator, "w", 400, seed=5)
    styles = parts[2].styles(cloud)[:, 3]
    order = styles.argsort(descending=True)
    liked, others = cloud[order[:8]], cloud[order[-8:]]
    signs = torch.cat([torch.ones(8), -torch.ones(8)])[:, None]
    examples = Examples(torch.cat([liked, others]), signs, ("picked",), space="w")
    found = run(Task(generator, examples), ChannelsConfig(by="picks", count=5)).found
    assert len(found) == 5
    place = sum(generator.spec.style_widths[:2]) + 3
    best = found[0].direction
    assert (best.space, best.vector.abs().argmax().item(), best.vector[place].item()) == ("style", place, 1.0)
    expected = parts[2].styles(latent_cloud(generator, "w", 2000))[:, 3].std(correction=0)
    assert best.deviation == pytest.approx(float(expected), rel=1e-5)
    turned = run(
        Task(generator, Examples(examples.latents, -signs, ("picked",), space="w")), ChannelsConfig("picks", 1)
    )
    assert turned.found[0].direction.vector[place] == -1


def test_a_region_gives_channels_and_says_how_local_they_are(generator: Generator) -> None:
    region = torch.zeros(16, 16, dtype=torch.bool)
    region[:5, :5] = True
    w_plus = latent_cloud(generator, "w", 1)[:, None].expand(-1, generator.spec.num_ws, -1)
    found = run(Task(generator, region=region, w_plus=w_plus), ChannelsConfig(count=4)).found
    assert len(found) == 4
    assert all("inside" in item.notes[0] for item in found)
    assert all(int((item.direction.vector != 0).sum()) == 1 for item in found)
    with_colours = run(Task(generator, region=region, w_plus=w_plus), ChannelsConfig(count=200, colours=True)).found
    assert len(with_colours) == min(200, generator.spec.num_styles)


def test_what_is_missing_is_told(generator: Generator) -> None:
    with pytest.raises(DiscoveryError, match="nothing is painted"):
        run(Task(generator), ChannelsConfig())
    with pytest.raises(DiscoveryError, match="there are none"):
        run(Task(generator), ChannelsConfig(by="picks"))
    plain = NETWORKS["mlp"]
    other = plain.build_generator(plain.config_type(z_dim=8, hidden=8, layers=1), torch.Generator())
    with pytest.raises(DiscoveryError, match="no style space"):
        run(Task(other), ChannelsConfig())
