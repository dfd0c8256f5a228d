"""Winograd's forms of convolutions against the plain ones in double precision, cut into chunks in every way."""

import pytest
import torch
from torch.nn import functional

from ganstudio.networks.prepared import chunks
from ganstudio.networks.prepared.blur import Blur
from ganstudio.networks.prepared.direct import DirectConvolution, DirectUpsampling
from ganstudio.networks.prepared.finish import Finish, Modulation
from ganstudio.networks.prepared.scratch import Scratch
from ganstudio.networks.prepared.upsampling import WinogradUpsampling
from ganstudio.networks.prepared.winograd import WinogradConvolution
from ganstudio.networks.resampling import convolve_up, make_filter

FILTERS = {
    "two": make_filter((1, 1)),
    "three": make_filter((1, 2, 1)),
    "usual": make_filter((1, 3, 3, 1)),
    "uneven": make_filter((1, 2, 4, 1, 0.5)),
    "signed": make_filter((-1, 0, 9, 9, 0, -1)),
    "long": make_filter(range(1, 17)),
    "no product": torch.tensor([[1.0, 2, 3], [3, 1, 1], [0, 2, 2]]) / 15,
}


class Case:
    """One layer with random values, and what it should give."""

    def __init__(self, pictures, size, inputs, outputs, noisy=True):
        random = torch.Generator().manual_seed(pictures + size + inputs + outputs)

        def draw(*shape):
            return torch.randn(shape, generator=random)

        self.maps, self.weight = draw(pictures, size, size, inputs), draw(outputs, inputs, 3, 3)
        self.factors = Modulation(draw(pictures, inputs), draw(pictures, outputs))
        self.bias = draw(outputs)
        self.noises = {key: draw(key, key, 1) if noisy else None for key in (size, 2 * size)}

    def run(self, layer, size):
        out = torch.full((len(self.maps), size, size, len(self.weight)), torch.nan)
        layer(self.maps, self.factors, Finish(self.bias, self.noises[size], "lrelu", 1.0, 0.0), out)
        return out

    def error(self, found, convolve):
        maps = (self.maps * self.factors.styles[:, None, None]).permute(0, 3, 1, 2).double()
        maps = convolve(maps, self.weight.double()) * self.factors.scales[:, :, None, None]
        noise = self.noises[found.shape[1]]
        maps = maps + self.bias[:, None, None] + (0 if noise is None else noise.permute(2, 0, 1))
        expected = functional.leaky_relu(maps, 0.2).permute(0, 2, 3, 1)
        assert found.shape == expected.shape
        return float((found - expected).abs().max() / expected.abs().max())


CASES = [(1, 4, 3, 5), (3, 8, 7, 2), (1, 32, 5, 4), (2, 32, 9, 30), (5, 16, 1, 1)]


@pytest.fixture(params=["as usual", "small chunks", "one row a chunk"])
def _chunked(request, monkeypatch):
    """Cut small maps into several chunks, too: of some rows, of rows that leave a rest, of one row."""
    if request.param != "as usual":
        monkeypatch.setattr(chunks, "_VALUES", 1)
        monkeypatch.setattr(chunks, "_LEAST_TILES", 26 if request.param == "small chunks" else 1)


@pytest.mark.usefixtures("_chunked")
@pytest.mark.parametrize("shape", CASES)
@pytest.mark.parametrize("noisy", [True, False])
@torch.no_grad()
def test_convolutions(shape, noisy):
    case = Case(*shape, noisy=noisy)
    for form in (WinogradConvolution, DirectConvolution):
        convolution = form(case.weight, shape[1], Scratch())
        for _ in range(2):  # again in used memory
            found = case.run(convolution, shape[1])
            assert case.error(found, lambda maps, weight: functional.conv2d(maps, weight, padding=1)) < 5e-6


@pytest.mark.usefixtures("_chunked")
@pytest.mark.parametrize("shape", CASES)
@pytest.mark.parametrize("name", FILTERS)
@torch.no_grad()
def test_upsampling(shape, name):
    case, kernel = Case(*shape), FILTERS[name]
    for form in (WinogradUpsampling, DirectUpsampling):
        convolution = form(case.weight, 2 * shape[1], Blur(kernel), Scratch())
        for _ in range(2):
            found = case.run(convolution, 2 * shape[1])
            assert case.error(found, lambda maps, weight: convolve_up(maps, weight, kernel.double())) < 5e-6


@torch.no_grad()
def test_winograd_is_as_exact_with_many_channels():
    case = Case(1, 16, 256, 64)
    found = case.run(WinogradConvolution(case.weight, 16, Scratch()), 16)
    assert case.error(found, lambda maps, weight: functional.conv2d(maps, weight, padding=1)) < 2e-5


@torch.no_grad()
def test_layers_share_memory_and_do_not_disturb_each_other():
    scratch = Scratch()
    small, large = Case(1, 8, 3, 3), Case(2, 32, 16, 16)
    layers = [WinogradConvolution(case.weight, case.maps.shape[1], scratch) for case in (small, large)]
    for case, layer in ((small, layers[0]), (large, layers[1]), (small, layers[0])):
        found = case.run(layer, case.maps.shape[1])
        assert case.error(found, lambda maps, weight: functional.conv2d(maps, weight, padding=1)) < 5e-6


def test_every_tile_is_in_exactly_one_part(monkeypatch):
    monkeypatch.setattr(chunks, "_LEAST_TILES", 10)
    for pictures, side, channels, apart in [
        (1, 3, 9, True),
        (7, 2, 9000, False),
        (7, 2, 9000, True),
        (2, 43, 5, False),
    ]:
        seen = torch.zeros(pictures, side, dtype=torch.int64)
        for part in chunks.cut_tiles(pictures, side, channels, apart):
            seen[part.pictures, part.rows] += 1
            assert seen[part.pictures, part.rows].shape == part.chunk[:2]
            assert not apart or part.chunk.pictures == 1
        assert bool((seen == 1).all())
