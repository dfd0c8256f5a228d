"""Coarse pictures have the colours that the full ones turn out to have."""

import torch
from torch.nn import functional

from ganstudio.networks.staged import SynthesisState
from ganstudio.rendering.coarse_colours import CoarseColours


class Enlarging:
    """Features at 16 px, whose linear mixture is the picture at 64 px; the picture so far is half of it."""

    num_layers = 2

    def __init__(self, margin: int = 0) -> None:
        self.margin = margin
        self.mix = torch.randn(3, 6, generator=torch.Generator().manual_seed(0)) * 0.2

    def margin_of(self, layers: int) -> int:
        return self.margin

    def state(self, seed: int, has_image: bool) -> tuple[SynthesisState, torch.Tensor, torch.Tensor]:
        maps = torch.randn(1, 6, 16, 16, generator=torch.Generator().manual_seed(seed))
        small = torch.einsum("cf,nfhw->nchw", self.mix, maps) + 0.3
        picture = small.repeat_interleave(4, dim=2).repeat_interleave(4, dim=3)
        border = (self.margin,) * 4
        return (
            SynthesisState(1, functional.pad(maps, border, value=9.0), small / 2 if has_image else None),
            picture,
            small,
        )


def test_what_depends_linearly_on_the_features_is_guessed():
    for margin, has_image in ((0, False), (0, True), (5, False)):
        network = Enlarging(margin)
        colours = CoarseColours(64, network.margin_of)
        for seed in range(12):
            state, picture, _ = network.state(seed, has_image)
            colours.learn([colours.sample(state)], picture)
        assert colours.levels == [1]
        state, _, small = network.state(99, has_image)
        guess = colours.guess(state)
        assert guess.shape == (1, 3, 16, 16)
        assert (guess - small).abs().max() < 0.15 * small.abs().max()


def test_the_mean_colour_is_right_after_one_picture():
    network = Enlarging()
    colours = CoarseColours(64, network.margin_of)
    state, picture, small = network.state(0, True)
    colours.learn([colours.sample(state)], picture)
    guess = colours.guess(state)
    assert torch.allclose(guess.mean(dim=(2, 3)), small.mean(dim=(2, 3)), atol=0.03)


def test_only_the_last_state_of_a_resolution_is_a_level_and_tiny_ones_are_none():
    colours = CoarseColours(64)
    picture = torch.zeros(1, 3, 64, 64)
    sizes = {1: 4, 2: 8, 3: 8, 4: 32, 5: 64}
    samples = [colours.sample(SynthesisState(layers, torch.randn(1, 2, side, side))) for layers, side in sizes.items()]
    assert [sample is None for sample in samples] == [True, False, False, False, True]
    colours.learn([sample for sample in samples if sample is not None], picture)
    assert colours.levels == [3, 4]


def test_features_without_any_change_still_give_a_picture():
    colours = CoarseColours(64)
    state = SynthesisState(1, torch.zeros(1, 6, 16, 16))
    colours.learn([colours.sample(state)], torch.full((1, 3, 64, 64), 0.25))
    assert torch.allclose(colours.guess(state), torch.full((1, 3, 16, 16), 0.25), atol=1e-3)
