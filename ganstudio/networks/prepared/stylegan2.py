"""The synthesis of a StyleGAN2, prepared for a processor.

Styles scale the maps and demodulation scales the results, so that the weights stay as they are and are transformed
once; only in layers of more pixels than weights the weights take the demodulation. Gains that an activation lets
through are in the scales, the bias and the noise.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import torch
from torch import Tensor

from ganstudio.networks.layer_steps import NO_STEPS, LayerSteps
from ganstudio.networks.noise import CONSTANT, LayerNoise, Noise
from ganstudio.networks.noise_maps import noise_map
from ganstudio.networks.prepared import upsampling, winograd
from ganstudio.networks.prepared.blur import Blur
from ganstudio.networks.prepared.direct import DirectConvolution, DirectUpsampling
from ganstudio.networks.prepared.finish import HOMOGENEOUS, Finish, Modulation
from ganstudio.networks.prepared.recycling import Recycler
from ganstudio.networks.prepared.scratch import Scratch
from ganstudio.networks.prepared.upsampling import WinogradUpsampling
from ganstudio.networks.prepared.winograd import WinogradConvolution
from ganstudio.networks.resampling import upsample
from ganstudio.networks.staged import SynthesisState
from ganstudio.networks.style_layers import ACTIVATIONS, Dense
from ganstudio.networks.stylegan2 import HALF_POWER, StyledConvolution, Synthesis, SynthesisForm, ToColours

_READING = 16  # multiplications that take as long as to read a value that is not in the cache, on most processors
_KEPT_NOISES = 2  # of each layer: with them a picture and the one before it


class _Convolution(Protocol):
    def __call__(self, maps: Tensor, modulation: Modulation, finish: Finish, out: Tensor) -> None: ...


class PreparedSynthesis(SynthesisForm):
    """Draws the same pictures as a `Synthesis`, faster; by one thread at a time.

    Args:
        plain: The synthesis, float32 and on the processor; its weights must stay as they are while this is used.
    """

    def __init__(self, plain: Synthesis) -> None:
        super().__init__(plain)
        self._colours = [layer for layer in plain.colours if isinstance(layer, ToColours)]
        self._recycler, self._scratch = Recycler(), Scratch()
        with torch.inference_mode(mode=False), torch.no_grad():
            blur = Blur(plain.filter)
            self._layers = [
                _PreparedLayer(layer, index, _Around(blur, self._scratch, _gain_of(plain, index)))
                for index, layer in enumerate(plain.layers)
                if isinstance(layer, StyledConvolution)
            ]

    def start(self, w_plus: Tensor, steps: LayerSteps = NO_STEPS) -> SynthesisState:
        """See `StagedSynthesis`."""
        self._recycler.begin()
        with torch.no_grad():
            return self._plain.start(w_plus, steps)

    def release(self) -> None:
        """See `StagedSynthesis`; the prepared weights stay."""
        self._recycler.clear()
        self._scratch.clear()

    @torch.no_grad()
    def advance(
        self, state: SynthesisState, w_plus: Tensor, noise: Noise = CONSTANT, steps: LayerSteps = NO_STEPS
    ) -> SynthesisState:
        """See `StagedSynthesis`."""
        index, plain = state.layer, self._plain
        maps = self._recycler.take(*self._layers[index].shape(len(w_plus)))
        layer = self._layers[index]
        styles = _styles(layer.style, w_plus[:, index], steps.style(plain.places.of(f"layers.{index}")))
        layer(state.features.permute(0, 2, 3, 1), styles, noise, maps)
        features = maps.permute(0, 3, 1, 2)
        if index % 2:
            features = steps.move(index, features)
            shortcut = plain.shortcuts[index // 2](state.features, plain.filter) if len(plain.shortcuts) else None
            return SynthesisState(index + 1, features, state.image, shortcut)
        if state.shortcut is not None:
            features.add_(state.shortcut)
        features = steps.move(index, features)
        image = self._collect(state.image, features, index, w_plus, steps)
        return SynthesisState(index + 1, features, image)

    def _collect(
        self, image: Tensor | None, features: Tensor, index: int, w_plus: Tensor, steps: LayerSteps
    ) -> Tensor | None:
        """The picture after the block that layer `index` ends."""
        plain = self._plain
        number = plain.colours_after(index)
        if number is None:
            return None
        layer, step = self._colours[number], steps.style(plain.places.of(f"colours.{number}"))
        colours = _colours(layer, features, _styles(layer.style, w_plus[:, index + 1], step))
        return colours if image is None else colours.add_(upsample(image, plain.filter))


@dataclass(frozen=True)
class _Around:
    """What a layer shares with others, and the gain of its result."""

    blur: Blur
    scratch: Scratch
    gain: float


class _PreparedLayer:
    """A `StyledConvolution`; how it is computed depends on its shape and the number of pictures."""

    def __init__(self, plain: StyledConvolution, number: int, around: _Around) -> None:
        self._plain, self._number, self._blur, self._scratch = plain, number, around.blur, around.scratch
        self._forms: dict[bool, _Convolution] = {}
        after = ACTIVATIONS[plain.activation].gain * around.gain
        self._gain = after if plain.activation in HOMOGENEOUS else 1.0
        self._squares = plain.weight.square().sum(dim=(2, 3)).T.contiguous()  # (I, O)
        self._plain_finish = Finish(plain.bias * self._gain, None, plain.activation, after, plain.clamp * around.gain)
        self._finishes: dict[LayerNoise, Finish] = {}

    def shape(self, pictures: int) -> tuple[int, ...]:
        """The shape of the result."""
        size = self._plain.resolution
        return pictures, size, size, len(self._plain.weight)

    @property
    def style(self) -> Dense:
        """What makes its styles of w."""
        return self._plain.style

    def __call__(self, maps: Tensor, styles: Tensor, noise: Noise, out: Tensor) -> None:
        """Map `(N, H, W, I)` with styles `(N, I)` to `(N, H', W', O)`, into `out`."""
        scales = (styles.square() @ self._squares).add_(self._plain.epsilon).rsqrt_().mul_(self._gain)
        self._form(len(maps))(maps, Modulation(styles, scales), self._finish(noise), out)

    def _finish(self, noise: Noise) -> Finish:
        """What follows the convolution; made once for each noise, as long as it is among the last ones."""
        wanted = noise.of(self._number) if self._plain.has_noise else None
        if wanted is None:
            return self._plain_finish
        if wanted not in self._finishes:
            if len(self._finishes) >= _KEPT_NOISES:
                self._finishes.pop(next(iter(self._finishes)))
            with torch.inference_mode(mode=False), torch.no_grad():
                added = noise_map(noise, self._number, self._plain.noise)
                if added is not None:
                    added = (added * (self._plain.noise_strength * self._gain))[:, :, None]
                self._finishes[wanted] = replace(self._plain_finish, noise=added)
        return self._finishes[wanted]

    def _form(self, pictures: int) -> _Convolution:
        """The faster form for so many pictures, made when it is first wanted."""
        is_tiled = _is_worth_tiling(self._plain.resolution, self._plain.up, pictures)
        if is_tiled not in self._forms:
            with torch.inference_mode(mode=False), torch.no_grad():
                self._forms[is_tiled] = self._make_form(is_tiled)
        return self._forms[is_tiled]

    def _make_form(self, is_tiled: bool) -> _Convolution:
        weight, size, scratch = self._plain.weight.detach(), self._plain.resolution, self._scratch
        if self._plain.up:
            return (WinogradUpsampling if is_tiled else DirectUpsampling)(weight, size, self._blur, scratch)
        return (WinogradConvolution if is_tiled else DirectConvolution)(weight, size, scratch)


def _is_worth_tiling(size: int, up: bool, pictures: int) -> bool:
    """Whether Winograd's form saves more multiplications than it costs to read its larger weights."""
    if up:
        low, tile, matrices = size // 2, upsampling.TILE, upsampling.MATRICES**2
        products = (low // tile + 1) ** 2 * upsampling.PLACES**2
    else:
        low, tile, matrices = size, winograd.TILE, winograd.PLACES**2
        products = (low // tile) ** 2 * matrices
    return pictures * (9 * low**2 - products) > _READING * (matrices - 9)


def _gain_of(plain: Synthesis, index: int) -> float:
    adds_shortcut = len(plain.shortcuts) > 0 and index > 0 and index % 2 == 0
    return HALF_POWER if adds_shortcut else 1.0


def _styles(style: Dense, w: Tensor, step: Tensor | None) -> Tensor:
    """What the linear layer `style` makes of w `(N, w_dim)`, and a step; without a scaled copy of its weights."""
    styles = torch.addmm(style.bias, w, style.weight.T, alpha=style.weight.shape[1] ** -0.5)
    return styles if step is None else styles.add_(step)


def _colours(plain: ToColours, features: Tensor, styles: Tensor) -> Tensor:
    """The colours `(N, channels, H, W)` of features `(N, I, H, W)`, whose channels are last in memory."""
    count, inputs, *size = features.shape
    weight = plain.weight.flatten(1) * (styles * inputs**-0.5)[:, None]
    colours = torch.bmm(weight, features.permute(0, 2, 3, 1).reshape(count, -1, inputs).mT)
    colours = colours.view(count, -1, *size).add_(plain.bias[:, None, None])
    return colours.clamp_(-plain.clamp, plain.clamp) if plain.clamp else colours
