"""How far a synthesis network has come, layer by layer."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class SynthesisState:
    """How far a synthesis has come; kept, it can be gone on from with other w for the layers that are still to come.

    Attributes:
        layer: Convolutions done.
        features: Feature maps `(N, C, H, W)`.
        image: The picture so far `(N, channels, H, W)`; None until the first layer that makes colours.
        shortcut: In a "resnet", what the block's end will add to the maps; None elsewhere.
    """

    layer: int
    features: Tensor
    image: Tensor | None = None
    shortcut: Tensor | None = None
