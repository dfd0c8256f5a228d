"""Synthesis networks of the alias-free generators: w_plus -> picture, layer by layer.

Source: Karras et al. 2021, section 3 and appendix F.
"""

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from ganstudio.networks.alias_free.filters import downsampling_filter, upsampling_filter
from ganstudio.networks.alias_free.resampling import filtered_rectifier
from ganstudio.networks.alias_free.schedule import LayerPlan, Signal, SynthesisPlan
from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.modulation import Affine, StylePlaces, styles_of
from ganstudio.networks.noise import CONSTANT, Noise
from ganstudio.networks.staged import SynthesisState, draw
from ganstudio.networks.style_layers import Dense, draw_weights


class FourierFeatures(nn.Module):
    """Fixed waves on an endless plane, moved and turned as w says, seen through a window; mixed by learned weights.

    The buffer `transform` `(3, 3)` is a person's own: the inverse of what is done to the picture.

    Source: Karras et al. 2021, section 3.2 ("Fourier features") and appendix F.
    """

    def __init__(self, w_dim: int, signal: Signal) -> None:
        super().__init__()
        self.signal = signal
        channels = signal.channels
        self.weight = nn.Parameter(torch.empty(channels, channels))
        self.affine = Dense(w_dim, 4)
        self.transform: Tensor
        self.freqs: Tensor
        self.phases: Tensor
        # Not torch.eye, which where a network is only planned makes torch import its compiler for seconds.
        self.register_buffer("transform", torch.from_numpy(np.eye(3, dtype=np.float32)))
        self.register_buffer("freqs", torch.zeros(channels, 2))
        self.register_buffer("phases", torch.zeros(channels))

    def draw(self, random: torch.Generator) -> None:
        """Draw the waves, uniformly from a disc of frequencies, and the weights; no motion at first."""
        with torch.no_grad():
            draw_weights(self, random)
            self.affine.weight.zero_()
            self.affine.bias.copy_(torch.tensor([1.0, 0.0, 0.0, 0.0]))
            self.freqs.normal_(generator=random)
            radii = self.freqs.norm(dim=1, keepdim=True)
            self.freqs.div_(radii * radii.square().exp().pow(0.25)).mul_(self.signal.cutoff)
            self.phases.uniform_(-0.5, 0.5, generator=random)

    def forward(self, styles: Tensor) -> Tensor:
        """Map styles `(N, 4)`, which `affine` makes of w, to maps `(N, C, size, size)`."""
        motion = self._motion(styles) @ self.transform
        freqs = self.freqs @ motion[:, :2, :2]
        phases = self.phases + (self.freqs @ motion[:, :2, 2:]).squeeze(2)
        band = self.signal.rate / 2 - self.signal.cutoff  # what the transform pushes out of band fades away
        amplitudes = (1 - (freqs.norm(dim=2) - self.signal.cutoff) / band).clamp(0, 1)
        size = self.signal.size
        place = (torch.arange(size, device=styles.device, dtype=styles.dtype) + 0.5 - size / 2) / self.signal.rate
        across = place[None, :, None] * freqs[:, None, :, 0]
        down = place[None, :, None] * freqs[:, None, :, 1] + phases[:, None, :]
        waves = torch.sin((down[:, :, None] + across[:, None]) * (2 * math.pi))
        weight = self.weight * amplitudes[:, None, :] / math.sqrt(self.signal.channels)
        maps: Tensor = (waves.flatten(1, 2) @ weight.mT).unflatten(1, (size, size)).permute(0, 3, 1, 2)
        return maps

    @staticmethod
    def _motion(values: Tensor) -> Tensor:
        """Turn, then shift: matrices `(N, 3, 3)` of the learned motion."""
        cosine, sine, right, below = (values / values[:, :2].norm(dim=1, keepdim=True)).unbind(1)
        zero, one = torch.zeros_like(cosine), torch.ones_like(cosine)
        turn = torch.stack([cosine, -sine, zero, sine, cosine, zero, zero, zero, one], dim=1).view(-1, 3, 3)
        shift = torch.stack([one, zero, -right, zero, one, -below, zero, zero, one], dim=1).view(-1, 3, 3)
        return turn @ shift


class SynthesisLayer(nn.Module):
    """A modulated convolution, then the alias-free rectifier; the last one makes colours without a rectifier."""

    def __init__(self, w_dim: int, plan: LayerPlan) -> None:
        super().__init__()
        self.plan = plan
        inputs, outputs = plan.source.channels, plan.target.channels
        self.affine = Dense(w_dim, inputs)
        nn.init.ones_(self.affine.bias)
        self.weight = nn.Parameter(torch.empty(outputs, inputs, plan.kernel, plan.kernel))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.magnitude_ema: Tensor
        self.up_filter: Tensor | None
        self.down_filter: Tensor | None
        self.register_buffer("magnitude_ema", torch.ones(()))
        self.register_buffer("up_filter", _as_tensor(upsampling_filter(plan)))
        self.register_buffer("down_filter", _as_tensor(downsampling_filter(plan)))

    def forward(self, maps: Tensor, styles: Tensor) -> Tensor:
        """Map maps `(N, C, source.size, source.size)` to `(N, C', target.size, target.size)`.

        Args:
            maps: Feature maps.
            styles: What `affine` makes of the layer's w, and what is added to it, `(N, C)`.
        """
        if self.plan.makes_colours:
            styles = styles / math.sqrt(self.plan.source.channels * self.plan.kernel**2)
            factors = styles.new_ones(len(styles), self.plan.target.channels)
        else:
            styles, factors = self._demodulate(styles)
        maps = self._convolve(maps, styles * self.magnitude_ema.rsqrt(), factors)
        if not self.plan.makes_colours:
            return filtered_rectifier(maps, self.plan, self.up_filter, self.down_filter)
        before, after = self.plan.padding
        maps = functional.pad(maps, [before, after, before, after])
        return maps.clamp(-self.plan.clamp, self.plan.clamp) if self.plan.clamp else maps

    def _demodulate(self, styles: Tensor) -> tuple[Tensor, Tensor]:
        """Scale styles `(N, I)` to unit size and give the factors `(N, O)` that undo their effect on the outputs' size.

        The mean over a vector stands for that over the batch in the original, which demodulation takes out again: so
        pictures do not depend on their neighbours.

        Source: Karras et al. 2021, appendix F; Karras et al. 2020, eq. 3.
        """
        styles = styles * styles.square().mean(dim=1, keepdim=True).rsqrt()
        energies = self.weight.square().sum(dim=(2, 3))
        sizes = energies.mean(dim=1) / self.plan.kernel**2
        return styles, ((styles.square() @ energies.t()) / sizes + 1e-8).rsqrt() * sizes.rsqrt()

    def _convolve(self, maps: Tensor, styles: Tensor, factors: Tensor) -> Tensor:
        """Convolve with weights times styles `(N, I)` times factors `(N, O)`, and add the bias.

        One picture scales the weights, which are fewer; several scale the maps, so that they share a convolution.
        """
        padding = self.plan.kernel - 1
        if len(maps) == 1:
            weight = self.weight * (factors[0, :, None] * styles[0, None, :])[:, :, None, None]
            return functional.conv2d(maps, weight, self.bias, padding=padding)
        maps = functional.conv2d(maps * styles[:, :, None, None], self.weight, padding=padding)
        return torch.addcmul(self.bias[:, None, None], maps, factors[:, :, None, None])


class SynthesisNetwork(nn.Module):
    """Fourier features, which take the first w, then all layers in turn, each with the next w."""

    def __init__(self, w_dim: int, plan: SynthesisPlan, output_scale: float) -> None:
        super().__init__()
        self.output_scale = output_scale
        self.features = FourierFeatures(w_dim, plan.features)
        self._signals = (plan.features, *(layer.target for layer in plan.layers))
        self.layers = nn.ModuleList(SynthesisLayer(w_dim, layer) for layer in plan.layers)
        self.places = StylePlaces(self.affines())

    def draw(self, random: torch.Generator) -> None:
        """Draw fresh weights."""
        draw_weights(self, random)
        self.features.draw(random)

    @property
    def num_layers(self) -> int:
        """See `StagedSynthesis`; the Fourier features are not counted."""
        return len(self.layers)

    @property
    def widths(self) -> tuple[int, ...]:
        """Feature maps after each layer but the last, which makes colours."""
        return tuple(signal.channels for signal in self._signals[1:-1])

    @property
    def rates(self) -> dict[str, int]:
        """Samples across the picture that each part works with, by its name."""
        layers = {f"layers.{index}": round(signal.rate) for index, signal in enumerate(self._signals[1:])}
        return {"features": round(self._signals[0].rate), **layers}

    def affines(self) -> tuple[Affine, ...]:
        """See `MappedGenerator`; the first one moves and turns the picture."""
        found = [Affine(self.features.affine, "features", 0, -1)]
        last = len(self.layers) - 1
        for index, layer in enumerate(self.layers):
            affine = layer.get_submodule("affine")
            found.append(Affine(affine, f"layers.{index}", index + 1, index, colours=index == last))
        return tuple(found)

    def ws_of(self, layers: int) -> int:
        """See `StagedSynthesis`; the Fourier features take the first."""
        return layers + 1

    def styles_of(self, layers: int) -> int:
        """See `StagedSynthesis`."""
        return self.places.first(layers)

    def margin_of(self, layers: int) -> int:
        """See `StagedSynthesis`."""
        signal = self._signals[layers]
        return (signal.size - signal.rate) // 2

    def forward(self, w_plus: Tensor) -> Tensor:
        """Map w_plus `(N, num_ws, w_dim)` to pictures `(N, C, H, W)`."""
        return draw(self, w_plus)

    def start(self, w_plus: Tensor, steps: LayerSteps = NO_STEPS) -> SynthesisState:
        """Draw the Fourier features of w_plus `(N, num_ws, w_dim)`."""
        styles = styles_of(self.features.affine, w_plus[:, 0], steps.style(self.places.of("features")))
        return SynthesisState(0, self.features(styles))

    def advance(
        self,
        state: SynthesisState,
        w_plus: Tensor,
        noise: Noise = CONSTANT,  # noqa: ARG002 - the protocol's; there is none
        steps: LayerSteps = NO_STEPS,
    ) -> SynthesisState:
        """Do one layer."""
        index, layer = state.layer, self.layers[state.layer]
        step = steps.style(self.places.of(f"layers.{index}"))
        styles = styles_of(layer.get_submodule("affine"), w_plus[:, index + 1], step)
        return SynthesisState(index + 1, steps.move(index, layer(state.features, styles)))

    def finish(self, state: SynthesisState) -> Tensor:
        """Scale what the last layer gives to the range of pictures."""
        return state.features * self.output_scale

    def release(self) -> None:
        """See `StagedSynthesis`; there is none."""


def _as_tensor(values: npt.NDArray[np.float32] | None) -> Tensor | None:
    return None if values is None else torch.from_numpy(np.ascontiguousarray(values))
