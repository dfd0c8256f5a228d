"""Packing: the discriminator judges several pictures at once, so that a generator that repeats itself is found out.

Source: Lin et al. 2018 (PacGAN).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganstudio.config_fields import setting
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.parts.base import PARTS, Part, PartSettings

if TYPE_CHECKING:
    from ganstudio.training.config import TrainingConfig


@dataclass(frozen=True)
class PackingSettings(PartSettings):
    """Settings of packing."""

    size: int = setting(2, "Pictures at once", "2 to 4 are usual", low=2, high=16)


@PARTS.register("packing")
class Packing(Part[PackingSettings]):
    """Says how many pictures are judged together; the rest is done where the discriminator is built and asked."""

    title = "Packing"
    description = "Shows the discriminator packs of pictures, so that sameness is found out: a cure for mode collapse."
    settings_type = PackingSettings
    is_alike = True

    @classmethod
    def check(cls, settings: Any, config: "TrainingConfig") -> None:
        """See `Part`."""
        if config.network_config.get("num_classes"):
            reason = "the pictures of a pack may be of different classes"
            raise TrainingConfigError("packing", reason, "leave it out, or train without classes")
        if config.batch_size % (settings.size * config.accumulation):
            reason = f"a batch of {config.batch_size} cannot be put into packs of {settings.size}"
            raise TrainingConfigError("packing", reason, "choose a batch size that is a multiple")

    def pack_size(self) -> int:
        """See `Part`."""
        return self.settings.size
