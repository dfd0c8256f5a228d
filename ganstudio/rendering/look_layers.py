"""What looks add inside the network while it draws: steps in style space and in the activations of layers."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from ganstudio.checkpoints.base import feature_layer
from ganstudio.latent.interpolation import lerp
from ganstudio.networks.base import Generator, MappedGenerator
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.rendering.look_z import LookZ
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look


class LookLayers:
    """Makes the steps of layers of looks.

    Args:
        generator: Whose layers they are.
        first_half: Knows the directions, and which edits do something.
    """

    def __init__(self, generator: Generator, first_half: LookZ) -> None:
        self._generator = generator
        self._z = first_half
        affines = generator.affines() if isinstance(generator, MappedGenerator) else ()
        channels = [torch.full((affine.channels,), affine.w_index) for affine in affines]
        self._w_of_style = torch.cat(channels) if channels else torch.zeros(0)  # which w each style is made of
        self._w_of_layer = {affine.stage: affine.w_index for affine in affines if not affine.colours}

    def of(self, looks: Sequence[Look]) -> LayerSteps:
        """The steps of N looks, on the generator's device; mixed layer by layer as their w are."""
        if not any(look.edits or look.mix for look in looks):
            return NO_STEPS  # nearly always; the rest costs as much as a small network
        device = self._generator.device
        styles = [self._mixed(look, self._styles, self._w_of_style) for look in looks]
        numbers = sorted({number for look in looks for number in self._numbers(look)})
        features = {number: [self._features_of(look, number) for look in looks] for number in numbers}
        if not numbers and all(step is None for step in styles):
            return NO_STEPS
        return LayerSteps(
            _stack(styles, self._generator.spec.num_styles, device),
            {
                number: step
                for number, parts in features.items()
                if (step := _stack(parts, self._generator.spec.feature_widths[number], device)) is not None
            },
        )

    def _features_of(self, look: Look, number: int) -> Tensor | None:
        w_index = torch.tensor(self._w_of_layer.get(number, 0))
        return self._mixed(look, lambda one: self._features(one, number), w_index)

    def _mixed(self, look: Look, step_of: Callable[[Look], Tensor | None], w_index: Tensor) -> Tensor | None:
        """The step of a look, and as much of its second picture's as the w of these numbers take."""
        own, mix = step_of(look), look.mix if self._generator.spec.num_ws else None
        other = step_of(mix.look) if mix is not None and mix.is_heard else None
        if other is None and (own is None or mix is None or not mix.is_heard):
            return own
        shares = torch.zeros(self._generator.spec.num_ws)
        known = torch.tensor(mix.strengths[: len(shares)] if mix is not None else ())
        shares[: len(known)] = known
        nothing = torch.zeros(())
        return lerp(nothing if own is None else own, nothing if other is None else other, shares[w_index])

    def _styles(self, look: Look) -> Tensor | None:
        """The step in style space `(num_styles,)`; None for no step."""
        edits = [edit for edit in self._z.edits_of(look) if self._space(edit) == "style"]
        if not edits:
            return None
        change = torch.zeros(self._generator.spec.num_styles)
        for edit in edits:
            step = self._z.steps.find(edit.direction)
            layers = edit.layers or step.layers
            moved = edit.strength * step.vector
            if layers is not None:
                moved = torch.where((layers[0] <= self._w_of_style) & (self._w_of_style < layers[1]), moved, 0.0)
            change += moved
        return change

    def _features(self, look: Look, number: int) -> Tensor | None:
        """The step of the maps after a layer `(C,)`; None for no step."""
        change: Tensor | None = None
        for edit in self._z.edits_of(look):
            if feature_layer(self._space(edit)) == number:
                moved = edit.strength * self._z.steps.find(edit.direction).vector
                change = moved if change is None else change + moved
        return change

    def _numbers(self, look: Look) -> list[int]:
        """After which layers it has a step, or what it is mixed with."""
        looks = [look] if look.mix is None else [look, look.mix.look]
        found = [feature_layer(self._space(edit)) for one in looks for edit in self._z.edits_of(one)]
        return [number for number in found if number is not None]

    def _space(self, edit: Edit) -> str:
        return self._z.steps.find(edit.direction).space


def _stack(steps: Sequence[Tensor | None], length: int, device: torch.device) -> Tensor | None:
    if all(step is None for step in steps):
        return None
    return torch.stack([torch.zeros(length) if step is None else step for step in steps]).to(device)
