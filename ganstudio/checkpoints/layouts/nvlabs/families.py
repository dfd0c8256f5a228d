"""The generators that NVlabs' PyTorch programs and their descendants keep, in the order they are asked."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ganstudio.checkpoints.layouts.nvlabs import r3gan, stylegan2, stylegan3, stylegan_xl
from ganstudio.checkpoints.layouts.nvlabs.modules import SavedModule
from ganstudio.checkpoints.layouts.plan import GeneratorPlan


@dataclass(frozen=True)
class FamilyReader:
    """One family.

    Attributes:
        title: What people call it.
        matches: Whether a module is such a generator, by the names of its parts, children and tensors.
        plan: Reads config and names; raises CheckpointError where parts are missing or do not fit.
    """

    title: str
    matches: Callable[[SavedModule], bool]
    plan: Callable[[Path, SavedModule], GeneratorPlan]


FAMILIES = (
    FamilyReader("StyleGAN2", stylegan2.matches, stylegan2.plan),
    FamilyReader("StyleGAN-XL", stylegan_xl.matches, stylegan_xl.plan),  # a StyleGAN3 with more, so it is asked before
    FamilyReader("StyleGAN3", stylegan3.matches, stylegan3.plan),
    FamilyReader("R3GAN", r3gan.matches, r3gan.plan),
)


def family_of(module: SavedModule) -> FamilyReader | None:
    """The family of a generator, or None."""
    return next((family for family in FAMILIES if family.matches(module)), None)
