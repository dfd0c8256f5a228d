"""Generators in the dress that exporters want: positional tensors in, one tensor out."""

import torch
from torch import Tensor, nn

from ganstudio.networks.base import Generator, MappedGenerator


class Unconditional(nn.Module):
    """z to images."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor) -> Tensor:
        """Map z `(N, z_dim)` to images `(N, C, H, W)`."""
        images: Tensor = self.generator(z)
        return images


class Conditional(nn.Module):
    """z and classes to images."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Map z `(N, z_dim)` and labels int64 `(N,)` to images `(N, C, H, W)`."""
        images: Tensor = self.generator(z, labels)
        return images


class Truncated(nn.Module):
    """z and truncation to images, for generators with a mapping network."""

    def __init__(self, generator: MappedGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor, truncation: Tensor) -> Tensor:
        """Map z `(N, z_dim)` and truncation float `(1,)` to images `(N, C, H, W)`."""
        return _synthesise_truncated(self.generator, z, None, truncation)


class ConditionalTruncated(nn.Module):
    """z, classes and truncation to images, for generators with a mapping network."""

    def __init__(self, generator: MappedGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, z: Tensor, labels: Tensor, truncation: Tensor) -> Tensor:
        """Map z `(N, z_dim)`, labels int64 `(N,)` and truncation float `(1,)` to images `(N, C, H, W)`."""
        return _synthesise_truncated(self.generator, z, labels, truncation)


class OneByOne(nn.Module):
    """Calls a module that was traced for one latent once for each latent."""

    def __init__(self, traced: nn.Module) -> None:
        super().__init__()
        self.traced = traced

    def forward(self, z: Tensor) -> Tensor:
        """Map z `(N, z_dim)` to images `(N, C, H, W)`; N at least 1."""
        images: list[Tensor] = []
        for index in range(z.shape[0]):
            images.append(self.traced(z[index : index + 1]))  # noqa: PERF401 - TorchScript knows no other way
        return torch.cat(images)


class OneByOneConditional(nn.Module):
    """Likewise, with classes."""

    def __init__(self, traced: nn.Module) -> None:
        super().__init__()
        self.traced = traced

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Map z `(N, z_dim)` and labels int64 `(N,)` to images `(N, C, H, W)`; N at least 1."""
        images: list[Tensor] = []
        for index in range(z.shape[0]):
            images.append(self.traced(z[index : index + 1], labels[index : index + 1]))  # noqa: PERF401
        return torch.cat(images)


def make_plain(generator: Generator) -> nn.Module:
    """Take z, and labels where there are classes."""
    return (Conditional if generator.spec.num_classes else Unconditional)(generator).eval()


def make_truncated(generator: MappedGenerator) -> nn.Module:
    """Likewise, and truncation."""
    return (ConditionalTruncated if generator.spec.num_classes else Truncated)(generator).eval()


def make_batched(traced: nn.Module, conditional: bool) -> nn.Module:
    """Take any number of latents."""
    return (OneByOneConditional if conditional else OneByOne)(traced).eval()


def _synthesise_truncated(generator: MappedGenerator, z: Tensor, labels: Tensor | None, truncation: Tensor) -> Tensor:
    w_plus = generator.map(z, labels)
    mean = generator.mean_w
    if mean.ndim == 2:
        mean = mean[:1, None] if labels is None else mean[labels][:, None]
    return generator.synthesise(mean + truncation * (w_plus - mean))
