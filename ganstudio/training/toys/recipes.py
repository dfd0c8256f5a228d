"""The losses and cures that are compared on points, all on the same networks; free of torch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from ganstudio.training.config import POINTS, TrainingConfig, with_settings

ROUNDS = 20_000
BATCH = 256
RATE = 4e-3
DEFAULT = "paired"

LOSSES: Mapping[str, str] = {
    "non_saturating": "Logistic, as used",
    "minimax": "Logistic, as first written",
    "least_squares": "Least squares",
    "hinge": "Hinge",
    "wasserstein": "Wasserstein critic",
    "relativistic": "In pairs (relativistic)",
    "relativistic_average": "Against the average",
}
CURES: Mapping[str, Mapping[str, Any]] = {
    "r1": {"gamma": 0.3, "final_share": 0.3},
    "r2": {"gamma": 0.3, "final_share": 0.3},
    "gradient_penalty": {"weight": 0.1},
    "spectral_norm": {},
    "packing": {"size": 2},
    "minibatch_discrimination": {"kernels": 8, "length": 4},
    "instance_noise": {"deviation": 0.6, "until": 0.8},
}
"""Parts that cure, with what suits points."""


@dataclass(frozen=True)
class ToyRecipe:
    """One row of the comparison.

    Attributes:
        title: What people call it.
        explanation: What it changes, in a sentence.
        settings: What differs from the plain game, as for `with_settings`.
        cures: Of `CURES`.
    """

    title: str
    explanation: str
    settings: Mapping[str, Any]
    cures: tuple[str, ...] = ()


_CLASSIC = {"beta1": 0.5, "beta2": 0.999}
_STEADY = {"beta1": 0.0, "beta2": 0.9}  # of 0.8, 0.9 and 0.99 the one that brings most points into the grid's modes
RECIPES: Mapping[str, ToyRecipe] = {
    "paired": ToyRecipe(
        "Pairs with R1 and R2",
        "Each generated point must look more real than a real one, and the discriminator stays smooth everywhere.",
        {**_STEADY, "loss": "relativistic"}, ("r1", "r2"),
    ),
    "non_saturating": ToyRecipe(
        "Plain", "The first GAN as it is used, without a cure: watch it crowd into a few places.", _CLASSIC
    ),
    "minimax": ToyRecipe(
        "Minimax", "The first GAN as it was written: no gradient where the discriminator is sure.",
        {**_CLASSIC, "loss": "minimax"},
    ),
    "least_squares": ToyRecipe(
        "Least squares", "Squared distances in place of logarithms.", {**_CLASSIC, "loss": "least_squares"}
    ),
    "wgan": ToyRecipe(
        "WGAN", "A critic of clipped weights that learns five times a round, more at first.",
        {"loss": "wasserstein", "weight_clipping.limit": 0.1, "optimizer": "rmsprop", "discriminator_steps": 5,
         "critic_to_optimality.steps": 50, "generator_lr": 5e-4, "discriminator_lr": 5e-4},
    ),
    "wgan_gp": ToyRecipe(
        "WGAN-GP", "A critic whose slope is held at 1, and that learns five times a round.",
        {"loss": "wasserstein", "discriminator_steps": 5, "beta1": 0.5, "beta2": 0.9, "generator_lr": 1e-3,
         "discriminator_lr": 1e-3}, ("gradient_penalty",),
    ),
    "spectral_norm": ToyRecipe(
        "Spectral norm", "A discriminator that cannot get steep, with the hinge loss.",
        {**_CLASSIC, "loss": "hinge"}, ("spectral_norm",),
    ),
    "instance_noise": ToyRecipe("Instance noise", "Noise on all points, which fades.", _CLASSIC, ("instance_noise",)),
    "minibatch_discrimination": ToyRecipe(
        "Minibatch discrimination", "The discriminator sees how close the points of a batch are.",
        _CLASSIC, ("minibatch_discrimination",),
    ),
    "pac2": ToyRecipe("Packs of two", "The discriminator judges two points at once.", _CLASSIC, ("packing",)),
    "r1": ToyRecipe("R1", "The discriminator stays smooth at real points.", _STEADY, ("r1",)),
}  # fmt: skip


def configure(name: str, rounds: int = ROUNDS, seed: int = 0, rate: float = RATE) -> TrainingConfig:
    """The settings of a row: networks, batch, length and, where it does not say otherwise, learning rate are all one.

    Args:
        name: Of `RECIPES`.
        rounds: Generator steps.
        seed: The same seed gives the same game.
        rate: Learning rate of both players at first.
    """
    recipe = RECIPES[name]
    steps = int(recipe.settings.get("discriminator_steps", 1))
    plain = TrainingConfig(
        POINTS, {}, kimg=rounds * BATCH * steps / 1000, batch_size=BATCH, generator_lr=rate, discriminator_lr=rate,
        final_lr_fraction=0.05, ema_kimg=100.0, seed=seed, threads=1, device="cpu", style_mixing=0.0,
    )  # fmt: skip
    return with_cures(with_settings(plain, recipe.settings), recipe.cures)


def with_cures(config: TrainingConfig, cures: Collection[str]) -> TrainingConfig:
    """Return the config with exactly these of `CURES`; its other parts stay.

    Raises:
        TrainingConfigError: They do not go with the rest.
    """
    others = {name: values for name, values in config.parts.items() if name not in CURES}
    return with_settings(config, {"parts": {**others, **{name: CURES[name] for name in CURES if name in cures}}})
