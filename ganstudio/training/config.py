"""The settings of a training run: checked when made, readable in `run.json`, shown as a form by the window."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ganstudio.config_fields import check_fields, setting
from ganstudio.training.errors import TrainingConfigError


@dataclass(frozen=True)
class TrainingConfig:
    """All settings of one run.

    `network_config` holds the values of the network's own config dataclass (resolution, channels, classes, widths);
    `start_from` is the path of a checkpoint whose weights the generator begins with, "" for fresh ones.
    A kimg is a thousand real pictures shown to the discriminator.

    Raises:
        TrainingConfigError: A value of the wrong type or out of range.
    """

    network: str = setting(
        "dcgan", "Network", "Family of generator and discriminator", choices=("dcgan", "mlp", "stylegan2")
    )
    network_config: Mapping[str, Any] = field(default_factory=dict)
    start_from: str = ""
    loss: str = setting("non_saturating", "Loss", "What the two networks play for", choices=("non_saturating",))
    kimg: float = setting(
        200.0, "Length", "Thousands of pictures to show", low=0.001, high=1e6, unit="kimg", advanced=False
    )
    batch_size: int = setting(32, "Batch size", "Pictures shown at once; more is steadier and slower", low=2, high=4096)
    generator_lr: float = setting(2e-4, "Generator learning rate", "Step size of Adam", low=1e-7, high=1.0)
    discriminator_lr: float = setting(2e-4, "Discriminator learning rate", "Step size of Adam", low=1e-7, high=1.0)
    final_lr_fraction: float = setting(
        0.1, "Final learning rate", "Fraction of the learning rates left at the end (cosine)", low=0.0, high=1.0
    )
    beta1: float = setting(0.5, "Adam β₁", "Memory of the gradient's mean", low=0.0, high=0.9999)
    beta2: float = setting(0.99, "Adam β₂", "Memory of the gradient's square", low=0.0, high=0.999999)
    generator_delay_kimg: float = setting(
        0.0, "Generator waits", "The discriminator learns alone first, so that a fresh one does not spoil a trained "
        "generator", low=0.0, high=1e4, unit="kimg",
    )  # fmt: skip
    r1_gamma: float = setting(
        1.0, "R1 strength", "Keeps the discriminator smooth at real pictures; 0 turns it off", low=0.0, high=1e6
    )
    r1_interval: int = setting(8, "R1 interval", "Penalise at every so many steps, that much stronger", low=1, high=64,
                               unit="steps")  # fmt: skip
    style_mixing: float = setting(
        0.9, "Style mixing", "Share of generated pictures whose coarse and fine layers take two latents; StyleGAN only",
        low=0.0, high=1.0,
    )  # fmt: skip
    path_length_weight: float = setting(
        0.0, "Path length", "Keeps steps of one size in w changes of one size in the picture; 0 is off; StyleGAN only",
        low=0.0, high=1e3,
    )  # fmt: skip
    path_length_interval: int = setting(
        4, "Path length interval", "Regularise at every so many steps, that much stronger", low=1, high=64, unit="steps"
    )
    ema_kimg: float = setting(
        10.0, "Averaging", "Half-life of the averaged generator that draws all samples", low=0.0, high=1e5, unit="kimg"
    )
    x_flip: bool = setting(
        default=False, title="Mirror pictures", explanation="Show each picture mirrored half of the time; not for text"
    )
    holdout: float = setting(0.05, "Held-out share", "Pictures never trained on, for honest scores", low=0.0, high=0.5)
    seed: int = setting(0, "Seed", "The same seed gives the same run", low=0, high=2**31 - 1)
    threads: int = setting(0, "Threads", "0 takes all cores but one", low=0, high=1024)
    device: str = setting("auto", "Device", "Where it computes", choices=("auto", "cpu", "cuda"))
    sample_kimg: float = setting(2.0, "Samples every", "How often the sample sheet is drawn", low=0.001, high=1e6,
                                 unit="kimg")  # fmt: skip
    snapshot_kimg: float = setting(10.0, "Snapshots every", "How often the generator is kept", low=0.001, high=1e6,
                                   unit="kimg")  # fmt: skip
    score_kimg: float = setting(10.0, "Scores every", "How often the score is measured", low=0.001, high=1e6,
                                unit="kimg")  # fmt: skip
    log_kimg: float = setting(0.25, "Curves every", "How often a point is added to the curves", low=0.001, high=1e6,
                              unit="kimg")  # fmt: skip
    state_seconds: float = setting(60.0, "Save every", "How often the state to resume from is saved", low=0.0,
                                   high=86_400.0, unit="s")  # fmt: skip
    sample_count: int = setting(36, "Samples", "Pictures of the sample sheet", low=1, high=400)

    def __post_init__(self) -> None:
        a_certain_gpu = isinstance(self.device, str) and self.device.startswith("cuda:")
        check_fields(self, TrainingConfigError, skip=("device",) if a_certain_gpu else ())
        if not isinstance(self.network_config, Mapping):
            raise TrainingConfigError("network_config", "it is not a table of settings", "write it as {name: value}")

    def to_json(self) -> dict[str, Any]:
        """Values for a JSON file; `from_json` reads them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "TrainingConfig":
        """Make a config of values from a file.

        Raises:
            TrainingConfigError: An unknown key, a wrong type or a value out of range.
        """
        known = {item.name for item in fields(cls)}
        for key in values:
            if key not in known:
                raise TrainingConfigError(key, "there is no such setting", f"known are {', '.join(sorted(known))}")
        return cls(**values)
