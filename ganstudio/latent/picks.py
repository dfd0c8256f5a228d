"""A direction from a dozen pictures that a person liked and a dozen that they did not.

So few examples say little about hundreds of numbers. What is known beforehand says the rest: how latents spread, and
which steps the network's first weights answer to at all (`closed_form.response_gram`). A step that hardly changes the
first features hardly changes the picture, so that it is hardly what the picks differ in.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from ganstudio.latent.agreement import Agreement
from ganstudio.latent.boundaries import balanced_weights
from ganstudio.latent.covariance import RunningCovariance

NOISE = 0.5
"""How far a pick may be off, as a share of how far the prior lets readings vary; the best of 0.1 to 10 on avatars."""
MAX_PAIRS = 400


@dataclass(frozen=True, eq=False)
class LatentPrior:
    """What is known of a generator's latents before anybody picks; made once a model.

    Attributes:
        mean: float64 `(D,)`.
        spread: float64 `(D, D)`: latents are `mean + spread @ u`, u of covariance 1.
        whitening: Its (pseudo-)inverse.
        relevance: float64 `(D, D)`, mean of the diagonal 1: prior covariance of the weights that read u.
    """

    mean: Tensor
    spread: Tensor
    whitening: Tensor
    relevance: Tensor


@dataclass(frozen=True, eq=False)
class PickReading:
    """What the picks differ in.

    Attributes:
        step: float64 `(D,)` of any length: how the expected latent changes as the reading rises.
        weights: float64 `(D,)` and
        offset: reading of a latent x: `weights @ x + offset`, above 0 for those that are like the + picks.
        agreement: On each pick, read by what the other picks say.
    """

    step: Tensor
    weights: Tensor
    offset: float
    agreement: Agreement


def make_prior(latents: Iterable[Tensor], gram: Tensor | None = None) -> LatentPrior:
    """Learn how latents spread.

    Args:
        latents: Batches `(B, D)` of many random latents.
        gram: `AᵀA` `(D, D)` of the weights A that take the latent in, or None to hold all steps for equally likely.

    Raises:
        ValueError: Fewer than two latents, or all the same.
    """
    batches = iter(latents)
    first = next(batches, None)
    if first is None:
        raise ValueError("there are no latents to learn from")
    running = RunningCovariance(first.shape[1])
    running.add(first)
    for batch in batches:
        running.add(batch)
    values, vectors = torch.linalg.eigh(running.covariance())
    if running.count < 2 or float(values[-1]) <= 0:
        raise ValueError("all latents are the same, so that nothing can be picked")
    values = values.clamp_min(1e-6 * float(values[-1]))
    spread = vectors * values.sqrt()
    whitening = (vectors / values.sqrt()).T
    relevance = torch.eye(len(values), dtype=torch.float64)
    if gram is not None:
        relevance = _square_root(spread.T @ gram.double() @ spread)
    return LatentPrior(running.mean, spread, whitening, relevance * (len(values) / relevance.trace()))


def fit_picks(latents: Tensor, positive: Tensor, prior: LatentPrior, noise: float = NOISE) -> PickReading:
    """Find what the picks differ in: the most probable linear reading, and the step that raises it.

    With whitened latents u and signs y, the weights b of least `sum_i c_i (b·u_i + a - y_i)² + noise bᵀR⁻¹b` (R: the
    prior's relevance, c: both kinds count the same); the step is the change of the expected latent, `spread @ b`.

    Args:
        latents: The picks `(N, D)`.
        positive: bool `(N,)`.
        prior: See `make_prior`.
        noise: Larger trusts the picks less and the prior more.

    Raises:
        ValueError: Picks of one kind only, fewer than two of a kind, of another length than the prior's, not finite,
            or all at the same place.

    Source: Rasmussen & Williams 2006, section 2.1 (Bayesian linear regression), with the weights' prior covariance of
    `(AᵀA)^½`; Shen & Zhou 2021 for A.
    """
    _check(latents, positive, prior)
    points = (latents.detach().cpu().double() - prior.mean) @ prior.whitening.T
    kernel = points @ prior.relevance @ points.T / points.shape[1]
    if float((points - points.mean(0)).abs().max()) < 1e-9:
        raise ValueError("all picks are the same latent; pick different pictures")
    positive = positive.cpu()
    coefficients, offset = _solve(kernel, positive, noise)
    weights = prior.relevance @ points.T @ coefficients / points.shape[1]
    reading = prior.whitening.T @ weights
    agreement = _judge(kernel, positive, noise)
    return PickReading(prior.spread @ weights, reading, float(offset - reading @ prior.mean), agreement)


def _solve(kernel: Tensor, positive: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """Coefficients `(N,)` of the picks and the offset that puts 0 half-way between the kinds' mean readings."""
    shares = balanced_weights(positive)
    signs = positive.double() * 2 - 1
    centring = torch.eye(len(signs), dtype=torch.float64) - shares  # each row less the balanced mean of all
    centred = centring @ kernel @ centring.T
    # c_i as noise of each pick: those of the rarer kind are trusted more
    trust = torch.diag(noise / (shares * len(signs)))
    coefficients = centring.T @ torch.linalg.solve(centred + trust, signs - shares @ signs)
    return coefficients, -(shares @ (kernel @ coefficients))


def _judge(kernel: Tensor, positive: Tensor, noise: float) -> Agreement:
    """Read each pick by all others but one of the other kind: leaving out pairs keeps the kinds in balance.

    With one pick left out alone, the rest of its kind would be fewer, its mean less sure and therefore longer, and the
    boundary nearer: readings of pure chance would be right in far fewer than half of all cases.
    """
    likes, others = torch.nonzero(positive).flatten().tolist(), torch.nonzero(~positive).flatten().tolist()
    pairs = [(like, other) for like in likes for other in others]
    if len(pairs) > MAX_PAIRS:
        turns = range(max(len(likes), len(others)))
        pairs = [(likes[turn % len(likes)], others[turn % len(others)]) for turn in turns]
    sums, ordered = torch.zeros(len(positive), dtype=torch.float64), 0.0
    for pair in pairs:
        rest = torch.ones(len(positive), dtype=torch.bool)
        rest[list(pair)] = False
        coefficients, offset = _solve(kernel[rest][:, rest], positive[rest], noise)
        like, other = (kernel[list(pair)][:, rest] @ coefficients + offset).tolist()
        sums[pair[0]] += like
        sums[pair[1]] += other
        ordered += float(like > other) + 0.5 * float(like == other)
    correct = int(((sums > 0) == positive).sum())
    return Agreement(correct, len(positive), ordered / len(pairs), "each pick read by the others")


def _square_root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    root: Tensor = (vectors * values.clamp_min(0).sqrt()) @ vectors.T
    if float(root.trace()) <= 0:
        raise ValueError("the weights answer to no step; leave them out of the prior")
    return root


def _check(latents: Tensor, positive: Tensor, prior: LatentPrior) -> None:
    if latents.ndim != 2 or positive.shape != latents.shape[:1] or positive.dtype != torch.bool:
        raise ValueError(f"latents {tuple(latents.shape)} and picks {tuple(positive.shape)} do not fit together")
    if latents.shape[1] != len(prior.mean):
        raise ValueError(f"the picks have {latents.shape[1]} numbers and this model's latents {len(prior.mean)}")
    if not latents.isfinite().all():
        raise ValueError("a pick holds values that are not finite")
    for kind, sign in ((positive, "+"), (~positive, "-")):
        if int(kind.sum()) < 2:
            raise ValueError(f"there are {int(kind.sum())} {sign} picks, at least 2 are needed; pick more")
