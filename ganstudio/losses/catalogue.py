"""All adversarial losses, imported by name so that a search and a frozen program both find them."""

from ganstudio.losses import non_saturating
from ganstudio.losses.base import LOSSES

__all__ = ["LOSSES", "non_saturating"]
