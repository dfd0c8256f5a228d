"""A critic near its optimum before the generator moves: long rounds at first and now and then.

Source: Arjovsky et al. 2017, whose code takes 100 critic steps in the first 25 rounds and in every 500th.
"""

from dataclasses import dataclass

from ganstudio.config_fields import setting
from ganstudio.training.parts.base import PARTS, Moment, Part, PartSettings


@dataclass(frozen=True)
class CriticToOptimalitySettings(PartSettings):
    """Settings of long rounds."""

    steps: int = setting(100, "Steps of a long round", "Discriminator steps in it", low=1, high=10_000)
    first_rounds: int = setting(25, "Long rounds at first", "How many", low=0, high=100_000)
    every: int = setting(500, "Another every", "Rounds; 0 for none", low=0, high=1_000_000, unit="rounds")


@PARTS.register("critic_to_optimality")
class CriticToOptimality(Part[CriticToOptimalitySettings]):
    """Lengthens some rounds."""

    title = "Critic to optimality"
    description = (
        "Trains the critic alone for long at first and now and then, so that its distance means something; WGAN."
    )
    settings_type = CriticToOptimalitySettings
    is_alike = True  # but for the number of steps, which counts anyway

    def discriminator_steps(self, moment: Moment, steps: int) -> int:
        """See `Part`."""
        own = self.settings
        is_long = moment.step < own.first_rounds or (own.every > 0 and moment.step % own.every == 0)
        return max(steps, own.steps) if is_long else steps
