"""A reader of latents learns what a factor depends on."""

import torch

from ganstudio.networks.latent_reader import LatentReader
from ganstudio.training.direction_finding.latent_reading import learn_latents


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def learn(latents, values, steps):
    progress, search = [], learn_latents(latents, values, steps)
    while True:
        try:
            progress.append(next(search))
        except StopIteration as stop:
            return progress, *stop.value


def test_it_reads_what_a_straight_line_cannot():
    latents = 3 * normal(3000, 5) + 10  # the latents' own scale and place make no difference
    plain = (latents - 10) / 3
    values = torch.stack([plain[:, 0], plain[:, 1].abs()], dim=1)
    progress, reader, quality = learn(latents, values, 400)
    assert float(quality.min()) > 0.9
    assert progress == sorted(progress)
    assert progress[-1] == 1
    assert not reader.training


def test_its_slopes_are_those_of_autograd():
    reader = LatentReader(5, 3, torch.Generator().manual_seed(0), width=16)
    latents = normal(4, 5).requires_grad_(True)
    values = reader(latents)
    expected = torch.stack(
        [torch.autograd.grad(values[:, k].sum(), latents, retain_graph=True)[0] for k in range(3)], 1
    )
    assert torch.allclose(reader.slopes(latents), expected, atol=1e-5)


def test_the_same_seed_learns_the_same():
    latents = normal(200, 4)
    first, second = (learn(latents, latents[:, :2], 20)[1](latents) for _ in range(2))
    assert torch.equal(first, second)
