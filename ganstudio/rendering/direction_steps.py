"""Finds what a direction's name stands for: the checkpoint's own, the project's, or a single number of the latent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ganstudio.checkpoints.base import Array, DirectionInfo
from ganstudio.networks.base import Generator
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.own_direction import OwnDirection
from ganstudio.rendering.looks.single_number import single_number
from ganstudio.rendering.single_steps import SingleSteps

_MOST_LEARNED = 1000


@dataclass(frozen=True, eq=False)
class Step:
    """What strength 1 of a direction does.

    Attributes:
        space: Where it is taken; see `DirectionInfo`.
        vector: See `DirectionInfo.shape`.
        layers: First w, and one past the last, that are moved, or whose styles are; None for all.
        fold: See `DirectionInfo`.
    """

    space: str
    vector: Tensor
    layers: tuple[int, int] | None = None
    fold: int = 0


class DirectionSteps:
    """The steps of one generator.

    Args:
        generator: Whose latents are moved.
        steps: What its checkpoint carries, by name.
        infos: What they are.
    """

    def __init__(self, generator: Generator, steps: Mapping[str, Array], infos: Sequence[DirectionInfo]) -> None:
        self._spec = generator.spec
        self._singles = SingleSteps(generator)
        known = {info.name: info for info in infos}
        self._carried = {
            name: _step_of(known.get(name) or DirectionInfo(name, name, -1, 1), np.array(step))
            for name, step in steps.items()
        }
        self._learned: dict[str, Step] = {}

    def learn(self, directions: Iterable[OwnDirection]) -> None:
        """Know directions of a project from now on; a name always means the same one.

        Raises:
            LookError: One is of another size than this generator's latents.
        """
        for direction in directions:
            if direction.name not in self._learned:
                wanted = direction.info.shape(self._spec)
                if wanted != direction.shape:
                    raise LookError(direction.info.title[:60], *_say_misfit(direction, wanted))
                self._learned[direction.name] = _step_of(direction.info, np.array(direction.step))
        while len(self._learned) > _MOST_LEARNED:
            self._learned.pop(next(iter(self._learned)))

    def find(self, name: str) -> Step:
        """What a name stands for.

        Raises:
            LookError: Nothing, with this generator.
        """
        step = self._carried.get(name) or self._learned.get(name)
        if step is not None:
            return step
        number = single_number(name, self._spec)
        if number is None:
            raise LookError(
                name[:60], "this model has no such direction", "reset the sliders or open the model it is of"
            )
        return Step(number.space, self._singles.step(number))

    def acts_in_z(self, edit: Edit) -> bool:
        """Whether an edit moves z, on its way to all layers alike."""
        return self.find(edit.direction).space == "z" and (edit.layers is None or not self._spec.num_ws)


def _step_of(info: DirectionInfo, vector: Array) -> Step:
    return Step(info.space, torch.from_numpy(vector), info.layers, info.fold)


def _say_misfit(direction: OwnDirection, wanted: tuple[int, ...] | None) -> tuple[str, str]:
    reason = f"its vector in {direction.info.space} is of shape {list(direction.shape)}"
    takes = f"this model takes {list(wanted)}" if wanted else f"this model has no {direction.info.space}"
    return f"{reason}, {takes}", "use it with the model that it was found in"
