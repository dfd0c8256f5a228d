"""The first half of the way from looks to latents: z with the steps that are taken in it, classes, steps in w."""

from collections.abc import Sequence

import torch
from torch import Tensor

from ganstudio.latent.directions import fold_step
from ganstudio.latent.interpolation import mix_on_arc, mix_straight, slerp
from ganstudio.latent.seed_pad import z_on_pad
from ganstudio.latent.spaces import sample_z, truncate
from ganstudio.networks.base import Generator, MappedGenerator, SelfTruncatingGenerator
from ganstudio.networks.classes import blend_classes
from ganstudio.rendering.direction_steps import DirectionSteps
from ganstudio.rendering.looks.between import Between
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit, heard
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.point import LatentPoint

_KEPT_PARTS = 64


class LookZ:
    """Makes z of looks.

    Args:
        generator: Whose z they are.
        steps: What its directions are.
    """

    def __init__(self, generator: Generator, steps: DirectionSteps) -> None:
        self._generator = generator
        self.steps = steps
        self._parts: dict[Look, Tensor] = {}

    def of(self, look: Look) -> Tensor:
        """Return the latent z `(1, z_dim)` of a look, with the steps that are taken in z, on the CPU.

        Raises:
            LookError: A direction that this generator does not have, or a latent of another size.
        """
        z = self._latent_z(look)
        if not isinstance(self._generator, MappedGenerator | SelfTruncatingGenerator):
            z = truncate(z, look.truncation)
        return self.move(z, [edit for edit in self.edits_of(look) if self.steps.acts_in_z(edit)])

    def step_in_w(self, look: Look) -> Tensor:
        """Return how far the steps of a look that are taken in w go in w_plus, `(1, num_ws, w_dim)`, on the CPU."""
        spec = self._generator.spec
        change = torch.zeros(1, spec.num_ws, spec.w_dim)
        for edit in self.edits_of(look):
            step = self.steps.find(edit.direction)
            if step.space in {"w", "w_plus"}:
                layers = slice(*(edit.layers or step.layers or (None,)))
                change[:, layers] += (edit.strength * step.vector).expand(change.shape)[:, layers]
        return change

    def edits_of(self, look: Look) -> tuple[Edit, ...]:
        """The edits of a look that do something: not muted, and for its class."""
        if not any(edit.label is not None for edit in look.edits):
            return heard(look.edits)
        label = self.label_of(look)
        return heard(edit for edit in look.edits if edit.label is None or edit.label == label)

    def label_of(self, look: Look) -> int:
        """Return the class of a look: the chosen one, or one that the seed picks; 0 where there are no classes.

        Raises:
            LookError: A class that this checkpoint does not have.
        """
        classes = self._generator.spec.num_classes
        if not classes:
            return 0
        return _checked("label", look.seed % classes if look.label is None else look.label, classes)

    def labels_of(self, looks: Sequence[Look]) -> Tensor | None:
        """What a generator is told of the classes of looks, on its device; see `networks.classes`.

        Returns:
            int64 `(N,)`; weights float32 `(N, num_classes)` where a look is between two classes; None where there are
            no classes.

        Raises:
            LookError: A class that this checkpoint does not have.
        """
        classes, device = self._generator.spec.num_classes, self._generator.device
        if not classes:
            return None
        labels = torch.tensor([self.label_of(look) for look in looks], dtype=torch.int64, device=device)
        if not any(_is_blend(look) for look in looks):
            return labels
        seconds = [
            _checked("second class", look.second_label, classes)
            if look.second_label is not None and _is_blend(look)
            else label
            for look, label in zip(looks, labels.tolist(), strict=True)
        ]
        shares = torch.tensor([look.label_blend for look in looks], device=device)
        return blend_classes(labels, torch.tensor(seconds, device=device), shares, classes)

    def _first_z(self, look: Look) -> Tensor:
        spec = self._generator.spec
        if look.between is not None:
            return self._z_between(look.between)
        if look.point is None:
            return z_on_pad(look.seed, look.drift, spec.z_dim, spec.latent_law)
        if look.point.space != "z":
            if isinstance(self._generator, MappedGenerator):
                return torch.zeros(1, spec.z_dim)
            raise _no_such_point(look.point, "z")
        if look.point.shape != (spec.z_dim,):
            raise misfit(look.point, (spec.z_dim,))
        return torch.tensor(look.point.array)[None]

    def _z_between(self, between: Between) -> Tensor:
        latents = torch.cat([self._part_z(look) for look, _ in between.parts])
        shares = [share for _, share in between.parts]
        return mix_straight(latents, shares) if between.way == "straight" else mix_on_arc(latents, shares)

    def _part_z(self, look: Look) -> Tensor:
        """The same as `_latent_z`, kept: the frames of an animation lie between the same few pictures."""
        known = self._parts.get(look)
        if known is None:
            known = self._parts[look] = self._latent_z(look)
            while len(self._parts) > _KEPT_PARTS:
                self._parts.pop(next(iter(self._parts)))
        return known

    def _latent_z(self, look: Look) -> Tensor:
        """The z of a look before truncation and steps."""
        spec, z = self._generator.spec, self._first_z(look)
        if look.blend_seed is not None and look.blend > 0:
            z = slerp(z, sample_z([look.blend_seed], spec.z_dim, spec.latent_law), look.blend)
        return z

    def move(self, z: Tensor, edits: Sequence[Edit]) -> Tensor:
        """Take steps in z `(1, z_dim)`."""
        steps = [(edit.strength, self.steps.find(edit.direction)) for edit in edits]
        for strength, step in steps:
            if not step.fold:
                z = z + strength * step.vector
        for strength, step in steps:  # after the straight ones, which may have changed a latent's side
            if step.fold:
                z = fold_step(z, step.vector, strength * step.fold)
        return z


def _is_blend(look: Look) -> bool:
    return look.second_label is not None and look.label_blend > 0


def _checked(name: str, label: int, classes: int) -> int:
    if label >= classes:
        raise LookError(name, f"there are {classes} classes, {label} is none of them", "choose another class")
    return label


def begins_in_z(look: Look) -> bool:
    """Whether a look begins with a z rather than with a w."""
    if look.between is None:
        return look.point is None or look.point.space == "z"
    return look.between.way != "w" and all(begins_in_z(part) for part, _ in look.between.parts)


def misfit(point: LatentPoint, wanted: tuple[int, ...]) -> LookError:
    """What is wrong with a latent of another size."""
    reason = f"one in {point.space} of shape {list(point.shape)} does not fit, this model takes {list(wanted)}"
    return LookError("latent", reason, "use it with the model that it is of")


def _no_such_point(point: LatentPoint, space: str) -> LookError:
    return LookError(
        "latent", f"it is one of {point.space}, and this model has only {space}", "open the model it is of"
    )
