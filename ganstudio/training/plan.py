"""What a new run is to be: a recipe, a length, a name, and what was set by hand; free of torch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.presets.base import PictureFacts, with_length
from ganstudio.training.presets.catalogue import PRESETS


@dataclass(frozen=True)
class Plan:
    """What Start would do.

    Attributes:
        preset: Name in `PRESETS`.
        kimg: Length, or None for the preset's own.
        name: Name of the run's folder, or "" to number one.
        overrides: Settings changed by hand, by name, as for `config.with_settings`.
    """

    preset: str = "recommended"
    kimg: float | None = None
    name: str = ""
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def configure(self, facts: PictureFacts) -> TrainingConfig:
        """Make the settings for given pictures.

        Raises:
            TrainingConfigError: An override is out of range.
        """
        config = PRESETS[self.preset].configure(facts)
        config = config if self.kimg is None else with_length(config, self.kimg)
        return with_settings(config, self.overrides)

    def to_json(self) -> dict[str, Any]:
        """Values for a file; `from_json` reads them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> "Plan":
        """Make a plan of values from a file.

        Raises:
            TrainingConfigError: They are no plan, or one for a recipe that is not known here.
        """
        try:
            preset, kimg = str(values["preset"]), values["kimg"]
            plan = cls(preset, None if kimg is None else float(kimg), str(values["name"]), dict(values["overrides"]))
        except (KeyError, TypeError, ValueError) as error:
            raise TrainingConfigError("plan", f"it cannot be read ({error})", "make it anew") from error
        if preset not in PRESETS:
            raise TrainingConfigError("preset", f"there is no recipe {preset!r}", f"choose of {', '.join(PRESETS)}")
        return plan
