"""A network to find directions with, beside the one that draws for the window, and what was learned of it once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ganstudio.checkpoints.fingerprints import fingerprint_of
from ganstudio.images import Pixels
from ganstudio.latent.clouds import latent_cloud, natural_space
from ganstudio.latent.directions import condition, make_direction
from ganstudio.latent.discovery.base import Examples
from ganstudio.latent.discovery.picks import learn_prior
from ganstudio.latent.picks import LatentPrior
from ganstudio.networks.base import Generator
from ganstudio.rendering.look_examples import latents_of
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.opening import draw_fitting, fitting
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.request import RenderRequest
from ganstudio.rendering.shelf import stamp_of

STRIP_PX, STRIP_PICTURES = 96, 5
_CLOUD = 2000
_MOST_CLASSES = 50  # of more there are too few latents each
_PICKED = "picked"


@dataclass(frozen=True, eq=False)
class Readings:
    """What is known of the pictures of random latents.

    Attributes:
        latents: `(N, D)` of the bench's space.
        values: `(N, F)`; NaN where nothing is known.
        titles: What people call the F attributes.
    """

    latents: Tensor
    values: Tensor
    titles: tuple[str, ...]


class DirectionBench:
    """One network, for one thread at a time.

    Args:
        path: The checkpoint.
        device: "auto", "cpu" or "cuda".

    Attributes:
        renderer: Draws with it.
        stamp: When its file was written, as it was read.
        model: SHA-256 of its file.
        readings: What is known of pictures of random latents, where anybody found out.
    """

    def __init__(self, path: Path, device: str = "auto") -> None:
        self.path = path
        self.stamp = stamp_of(str(path))
        self.renderer = Renderer(path, device)
        self.model = fingerprint_of(path).sha256
        self.readings: Readings | None = None
        self._prior: LatentPrior | None = None
        self._cloud: Tensor | None = None

    @property
    def generator(self) -> Generator:
        """The network, in evaluation mode."""
        return self.renderer.generator

    @property
    def space(self) -> str:
        """Where its directions are looked for: "w" or "z"."""
        return natural_space(self.generator)

    def prior(self) -> LatentPrior:
        """What is known of its latents before anybody picks; made once."""
        if self._prior is None:
            self._prior = learn_prior(self.generator, self.space)
        return self._prior

    def cloud(self) -> Tensor:
        """Random latents `(2000, D)` of its space; drawn once."""
        if self._cloud is None:
            self._cloud = latent_cloud(self.generator, self.space, _CLOUD)
        return self._cloud

    def vectors_of(
        self, names: Sequence[str], space: str, directions: Sequence[OwnDirection] = ()
    ) -> dict[str, Tensor]:
        """The vectors `(D,)` of those directions of the model or of a project that act in a space, by name.

        Raises:
            LookError: There is no such direction.
        """
        self.renderer.latents.learn(fitting(directions, self.renderer.description))
        steps = {name: self.renderer.latents.step_of(name) for name in names}
        return {name: step.vector for name, step in steps.items() if step.space == space}

    def conditional_step(self, direction: OwnDirection, others: Sequence[Tensor]) -> npt.NDArray[np.float32]:
        """The step of a direction without what it shares with others, one deviation of the latents long.

        Args:
            direction: Of z or w.
            others: `(D,)` each.

        Raises:
            ValueError: Nothing is left of it; see `latent.directions.condition`.
        """
        vector = condition(torch.from_numpy(direction.step.copy()), others)
        cloud = latent_cloud(self.generator, direction.info.space, _CLOUD)
        step: npt.NDArray[np.float32] = make_direction(direction.name, vector, cloud, 0.0).step().numpy()
        return step

    def keep_readings(self, latents: Tensor, values: Tensor, titles: Sequence[str]) -> None:
        """Keep what was found out of pictures, for the names of directions that are found later."""
        self.readings = Readings(latents, values, tuple(titles))

    def keep_classes(self, names: Sequence[str]) -> None:
        """Know of random latents which class each was drawn for."""
        count = self.generator.spec.num_classes
        if not 1 < count <= _MOST_CLASSES:
            return
        cloud = self.cloud()
        values = torch.eye(count)[torch.arange(len(cloud)) % count]
        self.keep_readings(cloud, values, names if len(names) == count else [f"Class {n}" for n in range(count)])

    def picked(
        self, liked: Sequence[Look], disliked: Sequence[Look], directions: Sequence[OwnDirection] = ()
    ) -> Examples:
        """Pictures marked + and − as examples; `directions` are those that they may name."""
        latents = latents_of(self.renderer, [*liked, *disliked], directions)
        signs = torch.cat([torch.ones(len(liked)), -torch.ones(len(disliked))])
        return Examples(latents, signs[:, None], (_PICKED,), space=self.space)

    def strip(
        self, look: Look, direction: OwnDirection, known: Sequence[OwnDirection] = (), count: int = STRIP_PICTURES
    ) -> Pixels:
        """Draw what a direction does to a look, from its slider's low end to its high end.

        Args:
            look: The look.
            direction: Where to go.
            known: What else the look may name.
            count: How many pictures.

        Returns:
            uint8 `(count, H, W, C)`; the middle one is the look without it, where the ends are as far.
        """
        others = tuple(edit for edit in look.edits if edit.direction != direction.name)
        strengths = torch.linspace(direction.info.low, direction.info.high, count).tolist()
        looks = tuple(replace(look, edits=(*others, Edit(direction.name, round(value, 4)))) for value in strengths)
        request = RenderRequest(str(self.path), looks, size_px=STRIP_PX, directions=(direction, *known))
        pixels: Pixels = draw_fitting(self.renderer, request).pixels
        return pixels
