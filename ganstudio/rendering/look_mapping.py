"""The second half of the way from looks to latents: w_plus, truncated, mixed, with the steps that are taken in it."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from ganstudio.latent.interpolation import lerp
from ganstudio.latent.spaces import sample_z, truncate
from ganstudio.networks.base import MappedGenerator
from ganstudio.networks.noise import CONSTANT
from ganstudio.rendering.look_z import LookZ, begins_in_z, misfit
from ganstudio.rendering.looks.between import Between
from ganstudio.rendering.looks.checking import LookError
from ganstudio.rendering.looks.edit import Edit
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.looks.mixing import Mix
from ganstudio.rendering.looks.point import LatentPoint
from ganstudio.rendering.truncation_centres import TruncationCentres

_KEPT = 64  # mapped latents; what a slider's drag goes over again and again is one of them


class LookMapping:
    """Makes w_plus `(N, num_ws, w_dim)` of looks, and keeps what the mapping network made of those used last.

    Args:
        generator: Maps.
        first_half: Makes z.
    """

    def __init__(self, generator: MappedGenerator, first_half: LookZ) -> None:
        self._generator = generator
        self._z = first_half
        self._centres = TruncationCentres(generator)
        self._mapped: dict[Look, Tensor] = {}

    def forget(self) -> None:
        """Let go of what is kept."""
        self._mapped.clear()

    def of(self, looks: Sequence[Look], z: Tensor, labels: Tensor | None) -> Tensor:
        """The w_plus of looks.

        Args:
            looks: N of them.
            z: `(N, z_dim)`, those of the looks.
            labels: Their classes, see `LookZ.labels_of`, or None.
        """
        rows = [slice(row, row + 1) for row in range(len(looks))]
        each = [None if labels is None else labels[row] for row in rows]
        if len(looks) > 1 and all(begins_in_z(look) for look in looks):
            mapped = self._generator.map(z.to(self._generator.device), labels)
            begun = [mapped[row] for row in rows]
        else:
            begun = [self._begin(look, z[row], label) for look, row, label in zip(looks, rows, each, strict=True)]
        done = [self._finish(look, w_plus, label) for look, w_plus, label in zip(looks, begun, each, strict=True)]
        return torch.cat(done) if len(done) > 1 else done[0]

    def _begin(self, look: Look, z: Tensor, label: Tensor | None) -> Tensor:
        """Bring one look to w_plus, before truncation; found where it is kept."""
        in_z = tuple(edit for edit in self._z.edits_of(look) if self._z.steps.acts_in_z(edit))
        key = replace(
            look, truncation=1.0, edits=in_z, noise=CONSTANT, mix=None, truncation_cutoff=None, truncation_centres=0
        )
        if key not in self._mapped:
            if look.between is not None and not begins_in_z(look):
                mapped = self._begin_between(look, look.between, in_z)
            elif look.point is not None and not begins_in_z(look):
                mapped = self._begin_in_w(look, look.point, label, in_z)
            else:
                mapped = self._map(z, label)
            self._mapped[key] = mapped
            while len(self._mapped) > _KEPT:
                self._mapped.pop(next(iter(self._mapped)))
        return self._mapped[key]

    def _map(self, z: Tensor, label: Tensor | None) -> Tensor:
        return self._generator.map(z.to(self._generator.device), label)

    def _begin_in_w(self, look: Look, point: LatentPoint, label: Tensor | None, in_z: Sequence[Edit]) -> Tensor:
        if in_z:
            raise _acts_in_z(in_z[0])
        w_plus = self._point_in_w(point)
        if look.blend_seed is None or look.blend == 0:
            return w_plus
        spec = self._generator.spec
        return lerp(w_plus, self._map(sample_z([look.blend_seed], spec.z_dim, spec.latent_law), label), look.blend)

    def _begin_between(self, look: Look, between: Between, in_z: tuple[Edit, ...]) -> Tensor:
        """The sum of what the mapping network makes of several pictures, each with the steps that are taken in z."""
        total = torch.zeros((), device=self._generator.device)
        for part, share in between.parts:
            latent = replace(part.latent, edits=in_z)
            latent = replace(latent, label=self._z.label_of(look)) if look.label is not None else latent
            label = self._z.labels_of([latent])
            total = total + share * self._begin(latent, self._z.of(latent), label)
        return total

    def _point_in_w(self, point: LatentPoint) -> Tensor:
        spec = self._generator.spec
        wanted = spec.latent_shapes[point.space]
        if point.shape != wanted:
            raise misfit(point, wanted)
        values = torch.tensor(point.array).to(self._generator.device)
        return values.expand(1, spec.num_ws, spec.w_dim).clone()

    def _finish(self, look: Look, begun: Tensor, label: Tensor | None) -> Tensor:
        """Do what comes after the mapping network: truncation, mixing, steps in w."""
        w_plus = begun if look.truncation == 1 else self._truncate(look, begun, label)
        if look.mix is not None and look.mix.is_heard:
            w_plus = self._mix(look.mix, w_plus)
        edits = self._z.edits_of(look)
        if any(self._z.steps.find(edit.direction).space in {"w", "w_plus"} for edit in edits):
            w_plus = w_plus + self._z.step_in_w(look).to(w_plus.device)
        for edit in edits:
            if self._z.steps.find(edit.direction).space == "z" and not self._z.steps.acts_in_z(edit):
                w_plus = w_plus + self._step_by_z(look, edit, begun, label)
        return w_plus

    def _truncate(self, look: Look, w_plus: Tensor, label: Tensor | None) -> Tensor:
        if not look.truncation_centres:
            return self._generator.truncate(w_plus, look.truncation, label, look.truncation_cutoff)
        centre = self._centres.nearest(w_plus[0, 0], look.truncation_centres)
        moved, cutoff = truncate(w_plus, look.truncation, centre), look.truncation_cutoff
        return moved if cutoff is None else torch.cat([moved[:, :cutoff], w_plus[:, cutoff:]], dim=1)

    def _mix(self, mix: Mix, w_plus: Tensor) -> Tensor:
        second, num_ws = mix.look, self._generator.spec.num_ws
        label = self._z.labels_of([second])
        other = self._finish(second, self._begin(second, self._z.of(second), label), label)
        shares = torch.zeros(num_ws)
        known = torch.tensor(mix.strengths[:num_ws])
        shares[: len(known)] = known
        return lerp(w_plus, other, shares[:, None].to(w_plus))

    def _step_by_z(self, look: Look, edit: Edit, begun: Tensor, label: Tensor | None) -> Tensor:
        """How far a direction of z leads in some layers only: what it makes of their w."""
        if not begins_in_z(look):
            raise _acts_in_z(edit)
        moved = self._map(self._z.move(self._z.of(look), [edit]), label)
        change = torch.zeros_like(moved)
        layers = slice(*(edit.layers or (None,)))
        change[:, layers] = (moved - begun)[:, layers]
        return change * look.truncation


def _acts_in_z(edit: Edit) -> LookError:
    reason = "it is a direction of z, and this picture begins with a latent of w"
    return LookError(edit.direction[:60], reason, "take the direction away, or begin with a seed")
