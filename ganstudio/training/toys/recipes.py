"""The losses and cures that are compared on points, all on the same networks; free of torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganstudio.training.config import TrainingConfig, with_settings

ROUNDS = 10_000
BATCH = 256
DEFAULT = "paired"


@dataclass(frozen=True)
class ToyRecipe:
    """One row of the comparison.

    Attributes:
        title: What people call it.
        explanation: What it changes, in a sentence.
        settings: What differs from the plain game, as for `with_settings`.
    """

    title: str
    explanation: str
    settings: Mapping[str, Any]


_CLASSIC = {"beta1": 0.5, "beta2": 0.999}
_STEADY = {"beta1": 0.0, "beta2": 0.99}
RECIPES: Mapping[str, ToyRecipe] = {
    "paired": ToyRecipe(
        "Pairs with R1 and R2",
        "Each generated point must look more real than a real one, and the discriminator stays smooth everywhere.",
        {**_STEADY, "loss": "relativistic", "r1.gamma": 0.1, "r2.gamma": 0.1, "r1.final_share": 0.1,
         "r2.final_share": 0.1},
    ),
    "non_saturating": ToyRecipe("Plain", "The loss of the first paper that works, and no cure.", _CLASSIC),
    "minimax": ToyRecipe(
        "Minimax", "The loss as first written: no gradient where the discriminator is sure.",
        {**_CLASSIC, "loss": "minimax"},
    ),
    "least_squares": ToyRecipe(
        "Least squares", "Squared distances in place of logarithms.", {**_CLASSIC, "loss": "least_squares"}
    ),
    "wgan": ToyRecipe(
        "WGAN", "A critic of clipped weights, trained far ahead.",
        {"loss": "wasserstein", "weight_clipping.limit": 0.1, "optimizer": "rmsprop", "discriminator_steps": 5,
         "critic_to_optimality.steps": 50},
    ),
    "wgan_gp": ToyRecipe(
        "WGAN-GP", "A critic whose slope is held at 1.",
        {"loss": "wasserstein", "gradient_penalty.weight": 0.1, "discriminator_steps": 5, "beta1": 0.5, "beta2": 0.9},
    ),
    "spectral_norm": ToyRecipe(
        "Spectral norm", "A discriminator that cannot get steep, with the hinge loss.",
        {**_CLASSIC, "loss": "hinge", "spectral_norm": True, "discriminator_steps": 5},
    ),
    "instance_noise": ToyRecipe(
        "Instance noise", "Noise on all points, which fades.",
        {**_CLASSIC, "instance_noise.deviation": 0.3, "instance_noise.until": 0.8},
    ),
    "minibatch_discrimination": ToyRecipe(
        "Minibatch discrimination", "The discriminator sees how close the points of a batch are.",
        {**_CLASSIC, "minibatch_discrimination": True},
    ),
    "pac2": ToyRecipe("Packs of two", "The discriminator judges two points at once.", {**_CLASSIC, "packing.size": 2}),
    "r1": ToyRecipe("R1", "The discriminator stays smooth at real points.", {**_STEADY, "r1.gamma": 0.1}),
}  # fmt: skip


def configure(name: str, rounds: int = ROUNDS, seed: int = 0, rate: float = 1e-3) -> TrainingConfig:
    """The settings of a row: networks, batch, length and learning rate are those of all.

    Args:
        name: Of `RECIPES`.
        rounds: Generator steps.
        seed: The same seed gives the same game.
        rate: Learning rate of both players at first.
    """
    own = RECIPES[name].settings
    shown = rounds * BATCH * int(own.get("discriminator_steps", 1))
    plain = TrainingConfig(
        "points", {}, kimg=shown / 1000, batch_size=BATCH, generator_lr=rate, discriminator_lr=rate,
        final_lr_fraction=0.05, ema_kimg=100.0, seed=seed, threads=1, device="cpu", style_mixing=0.0,
    )  # fmt: skip
    return with_settings(plain, own)
