"""The settings of a training run: checked when made, readable in `run.json`, shown as a form by the window."""

import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from ganstudio.config_fields import check_fields, read_settings, setting
from ganstudio.errors import GanStudioError
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.parts.base import make_settings
from ganstudio.training.parts.catalogue import PARTS

NETWORK_TITLES = {"dcgan": "DCGAN", "mlp": "MLP", "stylegan2": "StyleGAN2", "r3gan": "R3GAN", "fastgan": "FastGAN"}
NETWORK_NAMES = tuple(NETWORK_TITLES)  # those of `networks` that have both players
NETWORK_CONFIG = "network_config"
POINTS = "points"  # the network for points of the plane: of `toys` only, and in no list of networks for pictures
LOSS_NAMES = (
    "non_saturating",
    "minimax",
    "least_squares",
    "hinge",
    "wasserstein",
    "relativistic",
    "relativistic_average",
)  # those of `losses`, said here without torch
RATE_SCHEDULES = ("cosine", "linear", "constant")
CLASS_BALANCES = {"as they are": 1.0, "nearer": 0.5, "even": 0.0}  # the power of their sizes by which classes come
OPTIMIZERS = ("adam", "rmsprop")
PRECISIONS = ("auto", "float32", "tensorfloat32", "bfloat16")


@dataclass(frozen=True)
class TrainingConfig:
    """All settings of one run.

    `network_config` holds the values of the network's own config dataclass (resolution, channels, classes, widths);
    `parts` the settings of what is added to the plain game, by the names of `parts.base.PARTS`;
    `start_from` is the path of a checkpoint whose weights the generator begins with, "" for fresh ones. Where that is
    of another family than `network`, `generator` and `generator_config` say which, and `network` is the
    discriminator's.
    A kimg is a thousand real pictures shown to the discriminator.

    Raises:
        TrainingConfigError: A value of the wrong type or out of range.
    """

    network: str = setting("dcgan", "Network", "Family of generator and discriminator", choices=NETWORK_NAMES)
    network_config: Mapping[str, Any] = field(default_factory=dict)
    start_from: str = ""
    generator: str = ""
    generator_config: Mapping[str, Any] = field(default_factory=dict)
    loss: str = setting("non_saturating", "Loss", "What the two networks play for", choices=LOSS_NAMES)
    parts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    kimg: float = setting(
        200.0, "Length", "Thousands of pictures to show", low=0.001, high=1e6, unit="kimg", advanced=False
    )
    batch_size: int = setting(32, "Batch size", "Pictures shown at once; more is steadier and slower", low=2, high=4096)
    generator_lr: float = setting(2e-4, "Generator learning rate", "Step size of Adam", low=1e-7, high=1.0)
    discriminator_lr: float = setting(2e-4, "Discriminator learning rate", "Step size of Adam", low=1e-7, high=1.0)
    final_lr_fraction: float = setting(
        0.1, "Final learning rate", "Fraction of the learning rates left at the end (cosine)", low=0.0, high=1.0
    )
    rate_schedule: str = setting(
        "cosine", "Rates fall", "How learning rates go from the first to the final", choices=RATE_SCHEDULES
    )
    optimizer: str = setting("adam", "Optimiser", "RMSprop is what WGAN with clipping asks for", choices=OPTIMIZERS)
    beta1: float = setting(0.5, "Adam β₁", "Memory of the gradient's mean", low=0.0, high=0.9999)
    beta2: float = setting(0.99, "Adam β₂", "Memory of the gradient's square", low=0.0, high=0.999999)
    discriminator_steps: int = setting(
        1, "Discriminator steps", "How often the discriminator learns in a round", low=1, high=1000
    )
    generator_steps: int = setting(1, "Generator steps", "How often the generator learns in a round", low=1, high=100)
    accumulation: int = setting(
        1, "Taken in parts", "A batch is taken in so many parts one after another, which needs less memory", low=1,
        high=1024,
    )  # fmt: skip
    reuse_fakes: bool = setting(
        default=True, title="Draw once", explanation="The generator learns of the pictures that the discriminator has "
        "just judged, instead of drawing new ones: quicker",
    )  # fmt: skip
    generator_delay_kimg: float = setting(
        0.0, "Generator waits", "The discriminator learns alone first, so that a fresh one does not spoil a trained "
        "generator", low=0.0, high=1e4, unit="kimg",
    )  # fmt: skip
    style_mixing: float = setting(
        0.9, "Style mixing", "Share of generated pictures whose coarse and fine layers take two latents; StyleGAN only",
        low=0.0, high=1.0,
    )  # fmt: skip
    ema_kimg: float = setting(
        10.0, "Averaging", "Half-life of the averaged generator that draws all samples", low=0.0, high=1e5, unit="kimg"
    )
    x_flip: bool = setting(
        default=False, title="Mirror pictures", explanation="Show each picture mirrored half of the time; not for text"
    )
    class_balance: str = setting(
        "as they are", "Classes come", "How often pictures of each class are shown: as often as there are such "
        "pictures, all equally often, or between (by the root of their numbers). Without classes it changes nothing",
        choices=tuple(CLASS_BALANCES),
    )  # fmt: skip
    leave_out_copies: bool = setting(
        default=False, title="Leave out copies", explanation="Of pictures that are the same, or nearly, only the first "
        "is used: copies are learned by heart, and make scores on held-out pictures look better than they are",
    )  # fmt: skip
    holdout: float = setting(0.05, "Held-out share", "Pictures never trained on, for honest scores", low=0.0, high=0.5)
    seed: int = setting(0, "Seed", "The same seed gives the same run", low=0, high=2**31 - 1)
    threads: int = setting(0, "Threads", "0 takes all cores but one", low=0, high=1024)
    device: str = setting("auto", "Device", "Where it computes", choices=("auto", "cpu", "cuda"))
    precision: str = setting(
        "auto", "Precision", "bfloat16 is quicker where the machine has it; losses and penalties stay in float32. "
        "Automatic takes it on such GPUs and float32 on processors. tensorfloat32 lies between, on GPUs only",
        choices=PRECISIONS,
    )  # fmt: skip
    compiled: bool = setting(
        default=False, title="Compile the generator", explanation="Quicker rounds on some GPUs, after a minute of "
        "compiling at the start; slower on processors. Not for networks with a mapping. Needs a C++ compiler",
    )  # fmt: skip
    recorded: bool = setting(
        default=True, title="Replay rounds", explanation="On a GPU: record a round once and replay it (CUDA graphs), "
        "which is quicker where networks are small. Parts that do not allow it, and processors, play as always",
    )  # fmt: skip
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
    tensorboard: bool = setting(
        default=False, title="For TensorBoard", explanation="Write its event files as well, into the run's folder"
    )
    sample_count: int = setting(36, "Samples", "Pictures of the sample sheet", low=1, high=400)

    def __post_init__(self) -> None:
        a_certain_gpu = isinstance(self.device, str) and self.device.startswith("cuda:")
        skip = [name for name, is_known in (("device", a_certain_gpu), ("network", self.network == POINTS)) if is_known]
        check_fields(self, TrainingConfigError, skip)
        for name in (NETWORK_CONFIG, "generator_config"):
            if not isinstance(getattr(self, name), Mapping):
                raise TrainingConfigError(name, "it is not a table of settings", "write it as {name: value}")
        self._check_batch()
        self._check_parts()

    @property
    def generator_family(self) -> str:
        """The generator's, by its name in `networks`."""
        return self.generator or self.network

    def _check_batch(self) -> None:
        if self.batch_size % self.accumulation:
            reason = f"a batch of {self.batch_size} cannot be taken in {self.accumulation} equal parts"
            raise TrainingConfigError("accumulation", reason, "choose a divisor of the batch size")

    def _check_parts(self) -> None:
        if not isinstance(self.parts, Mapping) or not all(isinstance(own, Mapping) for own in self.parts.values()):
            raise TrainingConfigError("parts", "it is not a table of tables", "write it as {part: {setting: value}}")
        for name, values in self.parts.items():
            PARTS[name].check(make_settings(name, values), self)
        told_by_part = self.network_config.get("num_classes") and self.network_config.get("conditioning") == "auxiliary"
        if told_by_part and "auxiliary_classifier" not in self.parts:
            reason = "the discriminator is neither told the class nor names it, so nothing would teach it"
            raise TrainingConfigError("conditioning", reason, "add the auxiliary classifier, or choose another way")

    def to_json(self) -> dict[str, Any]:
        """Values for a JSON file; `from_json` reads them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "TrainingConfig":
        """Make a config of values from a file.

        Raises:
            TrainingConfigError: An unknown key, a wrong type or a value out of range.
        """
        values = _migrated(values)
        known = {item.name for item in fields(cls)}
        for key in values:
            if key not in known:
                raise TrainingConfigError(key, "there is no such setting", f"known are {', '.join(sorted(known))}")
        return cls(**values)


def with_settings(config: TrainingConfig, values: Mapping[str, Any]) -> TrainingConfig:
    """Return the config with other settings.

    Args:
        config: What is changed.
        values: New values by name: "beta1" for a setting of the run, "r1.gamma" for one of a part, which is added where
            it is missing, "r1" with True or False to add or remove a part, and "network_config.z_dim" for one of the
            networks.

    Raises:
        TrainingConfigError: A value of the wrong type or out of range, or one that does not go with the others.
        UnknownNameError: There is no such part.
    """
    parts = {name: dict(own) for name, own in config.parts.items()}
    network = dict(config.network_config)
    own_values: dict[str, Any] = {}
    for name, value in values.items():
        part, dot, own_name = name.partition(".")
        if dot and part == NETWORK_CONFIG:
            network[own_name] = value
        elif dot:
            parts.setdefault(part, {})[own_name] = value
        elif name in PARTS and value:
            parts.setdefault(name, {})
        elif name in PARTS:
            parts.pop(name, None)
        else:
            own_values[name] = value
    return replace(config, **{"parts": parts, NETWORK_CONFIG: network, **own_values})


def costs_alike(config: TrainingConfig, other: TrainingConfig) -> bool:
    """Whether a round of two runs is the same work, so that what one was told of its speed holds for the other."""
    return _work_of(config) == _work_of(other)


def _work_of(config: TrainingConfig) -> tuple[Any, ...]:
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in config.network_config.items()}
    network = sorted((name, value) for name, value in values.items() if value)  # lists come from files
    parts = sorted((name, own.get("interval", 1)) for name, own in config.parts.items())
    own = [getattr(config, name) for name in _WORK]
    return str(network), parts, own


_WORK = (
    "network", "start_from", "loss", "batch_size", "optimizer", "discriminator_steps", "generator_steps",
    "accumulation", "reuse_fakes", "threads", "device", "precision", "compiled", "recorded",
)  # fmt: skip


def with_wish(wishes: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Return wishes for `with_settings` with one more; a part that is switched begins with its own settings.

    Args:
        wishes: Values by name.
        name: As there.
        value: As there; True or False for the name of a part switches it.
    """
    is_switch = isinstance(value, bool) and "." not in name
    kept = {known: own for known, own in wishes.items() if not (is_switch and known.startswith(f"{name}."))}
    return {**kept, name: value}


def read_texts(texts: Mapping[str, str], error: type[GanStudioError]) -> dict[str, Any]:
    """Values for `with_settings` from what a person typed, such as {"r1.gamma": "2", "beta1": "0", "r2": "true"}.

    Raises:
        GanStudioError: `error`, for an unknown name or what is no such value.
    """
    values: dict[str, Any] = {}
    for name, text in texts.items():
        part, dot, own_name = name.partition(".")
        if dot and part in PARTS:
            read = read_settings(PARTS[part].settings_type, {own_name: text}, error)
            values |= {f"{part}.{own}": value for own, value in read.items()}
        elif dot and part == NETWORK_CONFIG:
            values[name] = _value_of(text)
        elif name in PARTS:
            values[name] = text.lower() not in ("false", "no", "0")
        else:
            values |= read_settings(TrainingConfig, {name: text}, error)
    return values


def _value_of(text: str) -> Any:
    """What a text says: a truth, a number or itself; the network's own config checks whether it fits."""
    with contextlib.suppress(KeyError):
        return {"true": True, "false": False}[text.lower()]
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(text)
    return text


def _migrated(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Settings of runs of before there were parts: R1 and path length had fields of their own."""
    if "r1_gamma" not in values:
        return values
    rest = {name: value for name, value in values.items() if name not in _OLD_FIELDS}
    parts: dict[str, dict[str, Any]] = {}
    if values["r1_gamma"] > 0:
        parts["r1"] = {"gamma": values["r1_gamma"], "interval": values.get("r1_interval", 8)}
    if values.get("path_length_weight", 0) > 0:
        interval = values.get("path_length_interval", 4)
        parts["path_length"] = {"weight": values["path_length_weight"], "interval": interval}
    return {"reuse_fakes": False, "parts": parts, **rest}


_OLD_FIELDS = ("r1_gamma", "r1_interval", "path_length_weight", "path_length_interval")
