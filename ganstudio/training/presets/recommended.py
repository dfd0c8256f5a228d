"""The recipe for a person who only presses Start: chosen by picture count, size and machine, and by what was measured.

Pairs of real and generated pictures with R1 and R2, on the networks of "balanced". `recipe_comparison.py` among the
benchmarks measured it against the other losses on the same networks at equal processor time: it was best on CIFAR-10,
Fashion-MNIST and portraits, and behind R1 alone on emoji, where nothing that was tried for it (rates, strengths) was
right for portraits, too. Where these networks do not reach, above 128 px, it is the light pair for few and for large
pictures. On a machine with a GPU the networks are those of "thorough", by their published sizes, not by measurements of
ours.
"""

from dataclasses import replace

from ganstudio.devices import expects_gpu
from ganstudio.training.config import TrainingConfig, with_settings
from ganstudio.training.errors import TrainingConfigError
from ganstudio.training.presets.base import PRESETS, PictureFacts, Preset, picture_settings, powers_of_two, with_length
from ganstudio.training.presets.few_pictures import few_pictures
from ganstudio.training.presets.paired import paired

FEW = 10_000  # pictures, below which they are augmented
SMALL = 1_000  # pictures, below which a run is shorter: they are seen often enough
LARGEST = 128  # px that the convolutional pair draws
LARGE_WITHOUT_GPU = 64  # px, above which an hour or two become many
_GAMMA = 1.0  # up to 64 px; in proportion to the pixels above
_ON_CPU = {"z_dim": 64, "base_channels": 32, "max_channels": 128, "full_channels": 16}
_ON_GPU = {"z_dim": 64, "base_channels": 64, "max_channels": 512}
_TIMES_LONGER = 5  # on a GPU


def _recommended(facts: PictureFacts) -> TrainingConfig:
    if facts.resolution > LARGEST:
        return few_pictures(facts)
    on_gpu = expects_gpu()
    network = {**picture_settings(facts), **(_ON_GPU if on_gpu else _ON_CPU)}
    rate = 2e-4 if on_gpu else 3e-4
    config = paired("dcgan", network, facts.resolution, generator_lr=rate, discriminator_lr=rate)
    gamma = _GAMMA * max(1.0, (facts.resolution / 64) ** 2)
    config = with_settings(config, {"r1.gamma": gamma, "r2.gamma": gamma, "batch_size": 64 if on_gpu else 32})
    if facts.count is not None and facts.count < FEW:
        config = with_settings(config, {"diff_augment": True})
    length = 200 if facts.count is not None and facts.count < SMALL else 400
    return with_length(replace(config, ema_kimg=10.0), length * (_TIMES_LONGER if on_gpu else 1))


def check_size(facts: PictureFacts) -> TrainingConfigError | None:
    """The check of both pairs."""
    return powers_of_two(facts) if facts.resolution > LARGEST else None


def explain(facts: PictureFacts) -> str:
    """Why this recipe, for these pictures on this machine, in words."""
    if facts.resolution > LARGEST:
        slow = "" if expects_gpu() else " Without a GPU that takes days: smaller pictures are drawn in hours."
        classes = " It learns no classes." if facts.class_count > 1 else ""
        return f"At {facts.resolution} px it is the light network for few and for large pictures.{classes}{slow}"
    reason = (
        "Judging in pairs, with R1 and R2: of the losses that were compared it came closest to unseen photographs, "
        "faces and clothes in the same time, and lost no modes. Flat drawings such as emoji come quicker with Balanced."
    )
    machine = _of_machine(facts.resolution)
    if facts.count is None:
        return f"{reason}{machine}"
    if facts.count < FEW:
        few = f"{facts.count:,} pictures are few: they are augmented, else they are learned by heart."
        return f"{reason} {few}{machine}"
    return f"{reason} {facts.count:,} pictures are enough to go without augmentation.{machine}"


def _of_machine(resolution: int) -> str:
    if expects_gpu():
        return " This machine has a GPU: wider networks, a longer run."
    if resolution > LARGE_WITHOUT_GPU:
        return f" Without a GPU {resolution} px takes several times as long as {LARGE_WITHOUT_GPU} px: see Estimate."
    return ""


PRESETS.add(
    "recommended",
    Preset(
        "Recommended",
        "Chosen by your pictures and this machine: steady on few pictures and on many. An hour or two on a laptop.",
        _recommended,
        (check_size,),
        group="recommended",
        explanation=explain,
    ),
)
