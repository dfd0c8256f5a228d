"""What a state_dict leaves open, layer by layer: the usual activations, eps and latents with how usual each is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ganstudio.checkpoints.rebuilding.gaps import GapFill, activation
from ganstudio.checkpoints.rebuilding.pieces import Piece

Activation = tuple[str, float]

ACTIVATION_PRIORS: dict[Activation, float] = {
    ("relu", 0.0): -0.8, ("leaky_relu", 0.2): -0.9, ("leaky_relu", 0.01): -2.8, ("leaky_relu", 0.1): -3.2,
    ("leaky_relu", 0.3): -5.0, ("elu", 1.0): -4.0, ("selu", 0.0): -4.5, ("gelu", 0.0): -4.5, ("silu", 0.0): -4.5,
    ("tanh", 0.0): -4.0, ("sigmoid", 0.0): -5.5, ("softplus", 0.0): -6.0,
}  # fmt: skip
EPS_PRIORS = {1e-5: -0.1, 0.8: -2.2, 1e-3: -6.0, 1e-4: -8.0, 1e-2: -8.0, 0.1: -7.0, 1e-8: -9.0}
LAW_PRIORS = {"normal": -0.1, "uniform": -2.5, "uniform_0_1": -3.0, "sphere": -5.0}
OUTPUT_PRIORS = {"tanh": -0.2, "sigmoid": -2.0, "linear": -3.5}
MODE_PRIORS = {"nearest": -0.1, "bilinear": -2.5, "bilinear_aligned": -4.0}
_ANOTHER = -7.0  # a second activation or eps in one network
_SAME = -0.05
_UNLIKE = -3.0  # no activation where the network had one before


@dataclass(frozen=True)
class Given:
    """What is fixed beforehand; None or () where it is open. See `assumptions.py`.

    Attributes:
        activation: Activation between layers.
        eps: eps of each batch normalisation in order; a single one is for all.
        law: Latent law.
        output: Last activation: "tanh", "sigmoid", "linear".
        mode: How upsampling interpolates, a key of `MODE_PRIORS`.
        class_input: See `entries.py`.
        classes: Number of classes.
        sizes: Height of the maps after each convolution.
        resolution: Height of the pictures.
        places: Whether an activation stands before each layer with weights.
    """

    activation: Activation | None = None
    eps: tuple[float, ...] = ()
    law: str | None = None
    output: str | None = None
    mode: str | None = None
    class_input: str | None = None
    classes: int | None = None
    sizes: tuple[int, ...] = ()
    resolution: int | None = None
    places: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Habits:
    """What a network has used so far, which it will probably use again."""

    activation: Activation | None = None
    eps: float | None = None
    mode: str | None = None
    norms: int = 0


@dataclass(frozen=True, eq=False)
class Option:
    """One way to fill a place: the layers, the logarithm of how usual it is, and the habits after it."""

    pieces: tuple[Piece, ...]
    prior: float
    habits: Habits


def fill_options(fill: GapFill, habits: Habits, given: Given) -> list[Option]:
    """The ways to fill a gap."""
    if fill.said is not None:
        return [Option(fill.said, 0.0, _told_habits(fill.said, habits))]
    options = []
    for resize, prior, after in _resizings(fill.resize, habits, given):
        if fill.passive is not None:
            unlike = _UNLIKE if fill.passive < -2.0 and habits.activation else 0.0
            options.append(Option(resize, prior + fill.passive + unlike, after))
        if fill.active is not None:
            for function, usual in _activations(after, given):
                pieces = (activation(*function), *resize)
                options.append(Option(pieces, prior + fill.active + usual, replace(after, activation=function)))
    return options


def _told_habits(said: Sequence[Piece], habits: Habits) -> Habits:
    for piece in said:
        if piece.layer["kind"] == "activation":
            habits = replace(habits, activation=(piece.layer["function"], piece.layer["slope"]))
    return habits


def _activations(habits: Habits, given: Given) -> list[tuple[Activation, float]]:
    if given.activation is not None:
        return [(given.activation, 0.0)]
    if habits.activation is None:
        return list(ACTIVATION_PRIORS.items())
    others = [(one, _ANOTHER + prior) for one, prior in ACTIVATION_PRIORS.items()
              if prior > -4 and one != habits.activation]  # fmt: skip
    return [(habits.activation, _SAME), *others]


def _resizings(
    resize: tuple[Piece, ...], habits: Habits, given: Given
) -> list[tuple[tuple[Piece, ...], float, Habits]]:
    if not any(piece.layer["kind"] == "upsample" and "mode" not in piece.layer for piece in resize):
        return [(resize, 0.0, habits)]
    chosen = given.mode or habits.mode
    modes = {chosen: 0.0} if chosen else MODE_PRIORS
    return [
        (tuple(_with_mode(piece, mode) for piece in resize), prior, replace(habits, mode=mode))
        for mode, prior in modes.items()
    ]


def _with_mode(piece: Piece, mode: str) -> Piece:
    if piece.layer["kind"] != "upsample":
        return piece
    return piece.with_values(mode=mode.removesuffix("_aligned"), align_corners=mode.endswith("_aligned"))


def eps_options(piece: Piece, habits: Habits, given: Given, told: bool, smallest: float) -> list[Option]:
    """The ways to set the eps of a normalisation.

    Args:
        piece: The normalisation.
        habits: What the network used so far.
        given: What is fixed.
        told: Whether the file says it.
        smallest: A small variance among those that it remembers; an eps that is nothing beside it cannot be told.
    """
    after = replace(habits, norms=habits.norms + 1)
    if told:
        return [Option((piece,), 0.0, after)]
    if given.eps:
        eps = given.eps[min(habits.norms, len(given.eps) - 1)]
        return [Option((piece.with_values(eps=eps),), 0.0, replace(after, eps=eps))]
    priors = dict(EPS_PRIORS)
    if habits.eps is not None:
        priors = {eps: _SAME if eps == habits.eps else prior - 2.0 for eps, prior in EPS_PRIORS.items()}
    usual = {eps: prior for eps, prior in priors.items()
             if eps in (1e-5, habits.eps) or eps > 0.02 * smallest or (eps == 1e-8 and smallest < 1e-3)}  # fmt: skip
    return [Option((piece.with_values(eps=eps),), prior, replace(after, eps=eps)) for eps, prior in usual.items()]
