"""Directions read off the weights that take the latent in; no picture is drawn.

Source: Shen & Zhou 2021 (SeFa).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ganstudio.networks.base import Generator, MappedGenerator

_LINEAR = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)


@dataclass(frozen=True, eq=False)
class WeightFactors:
    """Directions by how much they change what the first weights make.

    Attributes:
        vectors: Orthonormal rows float64 `(K, D)`, strongest first; the entry of largest size is positive.
        strengths: Length of what a step of length 1 makes, `(K,)`.
    """

    vectors: Tensor
    strengths: Tensor


def factorise(weights: Sequence[Tensor], count: int, normalise: bool = True) -> WeightFactors:
    """Find the steps n of length 1 that make `|A n|` largest: the eigenvectors of `AᵀA`.

    Args:
        weights: Matrices `(C, D)`, stacked to A.
        count: How many, at most D.
        normalise: Bring each row of A to length 1, so that each channel counts the same (as the original does); rows
            of zeros stay.

    Raises:
        ValueError: No weights, all of them zero, values that are not finite, or of different D.

    Source: Shen & Zhou 2021, eq. 5 to 8.
    """
    values, vectors = torch.linalg.eigh(response_gram(weights, normalise))
    kept = min(count, len(values))
    rows = vectors.T.flip(0)[:kept]
    largest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    return WeightFactors(rows * largest.sign(), values.flip(0)[:kept].clamp_min(0).sqrt())


def response_gram(weights: Sequence[Tensor], normalise: bool = True) -> Tensor:
    """`AᵀA`, float64 `(D, D)`: how strongly the network answers to steps; arguments as for `factorise`."""
    if not weights:
        raise ValueError("there are no weights to factorise; choose other layers")
    if len({weight.shape[1] for weight in weights}) != 1:
        raise ValueError("the weights take latents of different lengths")
    length = weights[0].shape[1]
    gram = torch.zeros(length, length, dtype=torch.float64)
    for weight in weights:
        rows = weight.detach().cpu().double()
        if not rows.isfinite().all():
            raise ValueError("the weights hold values that are not finite")
        sizes = rows.norm(dim=1, keepdim=True)
        rows = rows / torch.where(sizes > 0, sizes, torch.ones_like(sizes)) if normalise else rows
        gram.addmm_(rows.T, rows)
    if float(gram.diagonal().sum()) <= 0:
        raise ValueError("all weights are zero, so that no direction changes anything; open a trained network")
    return gram


def style_weights(generator: Generator, layers: tuple[int, int] | None = None, colours: bool = False) -> list[Tensor]:
    """The matrices `(C, w_dim)` that make styles of w.

    Args:
        generator: With a mapping network.
        layers: First of the num_ws, and one past the last; None for all.
        colours: Also those of layers that make colours.

    Raises:
        ValueError: The family does not tell where w enters, or no layer is in the range.
    """
    found = generator.modulations() if isinstance(generator, MappedGenerator) else ()
    if not found:
        raise ValueError("this family does not tell where w enters; search the main axes instead")
    low, high = layers or (0, generator.spec.num_ws)
    weights = [part.weight for part in found if low <= part.w_index < high and (colours or not part.colours)]
    if not weights:
        raise ValueError(
            f"no layer takes a w of numbers {low} to {high - 1}; choose from 0 to {generator.spec.num_ws - 1}"
        )
    return weights


@torch.inference_mode()
def first_weight(generator: Generator) -> Tensor:
    """The matrix `(F, z_dim)` of the first layer that mixes the latent, whatever its kind and name.

    It is measured, not looked up: the linear layer's answers to the unit latents less its answer to zero. Biases and
    classes fall out; a latent that is normalised first only changes the scale.

    Raises:
        ValueError: No linear, convolutional or transposed convolutional layer takes the latent in.
    """
    device, length = generator.device, generator.spec.z_dim
    latents = torch.cat([torch.eye(length), torch.zeros(1, length)]).to(device)
    labels = torch.zeros(length + 1, dtype=torch.int64, device=device) if generator.spec.num_classes else None
    answers: list[Tensor] = []

    def keep(_layer: nn.Module, _inputs: tuple[Tensor, ...], answer: Tensor) -> None:
        if len(answer) == length + 1:
            answers.append(answer.flatten(1))

    hooks = [part.register_forward_hook(keep) for part in generator.modules() if isinstance(part, _LINEAR)]
    try:
        generator.first_features(latents, labels)
    finally:
        for hook in hooks:
            hook.remove()
    for answer in answers:
        matrix = (answer[:-1] - answer[-1]).T.double().cpu()
        if bool((matrix.abs().sum(0) > 0).any()):
            return matrix
    raise ValueError("no linear layer takes the latent in; search the main axes instead")
