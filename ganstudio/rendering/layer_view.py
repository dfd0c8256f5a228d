"""Looks into a network: what any of its layers makes while it draws one picture, as pictures, numbers and spectra."""

import math
import time
from collections.abc import Callable, Generator, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from ganstudio.images import Pixels, to_uint8
from ganstudio.networks.alias_free.synthesis import SynthesisNetwork
from ganstudio.networks.base import MappedGenerator, SelfTruncatingGenerator
from ganstudio.networks.staged import walk
from ganstudio.networks.style_generator import StyleSynthesis
from ganstudio.rendering.layer_request import LayerMaps, LayerRequest, LayerViewError, NetworkLayer, Spectra
from ganstudio.rendering.looks.look import Look
from ganstudio.rendering.opening import fit_look, fitting
from ganstudio.rendering.renderer import Renderer
from ganstudio.rendering.spectrum import Floats, radial_average, relative_power, to_decibels

LARGEST_SIDE = 512  # pixels; larger maps are averaged down when everything is measured
MOST_PIXELS = 32 << 20  # of all maps shown, before they are averaged down: half a second of transforms
SPECTRUM_SIDE = 128
PICTURE_DB = (-40.0, 30.0)  # black and white of a spectrum's picture

_COLOURS = 4  # so few maps are a picture already
_PASSING = (nn.Sequential, nn.ModuleList, nn.ModuleDict, nn.Identity, nn.Dropout, nn.Dropout2d)  # show what others do
_KINDS = (
    ("convolution", ("Conv1d", "Conv2d", "ConvTranspose2d", "ToColours", "StyledConvolution", "SynthesisLayer")),
    ("linear", ("Linear", "Dense", "ClassTable")),
    ("resampling", ("Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d", "PixelShuffle")),
)
_ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.GLU, nn.SiLU, nn.Tanh, nn.Sigmoid, nn.ELU, nn.SELU, nn.GELU, nn.PReLU)


class _Seen(Exception):  # noqa: N818 - no error: it ends a drawing whose rest nobody needs
    """The layer that was waited for has run."""


def look_into(renderer: Renderer, request: LayerRequest) -> LayerMaps:
    """Draw a picture as far as one layer and measure what that layer makes; see `look_in_steps`."""
    found = [step for step in look_in_steps(renderer, request) if step is not None]
    return found[0]


@torch.inference_mode()
def look_in_steps(renderer: Renderer, request: LayerRequest) -> Iterator[LayerMaps | None]:
    """Draw a picture as far as one layer, measure what that layer makes, and stop now and then.

    Args:
        renderer: Holds the network; used by nobody else meanwhile.
        request: Which layer, of which picture. Directions and classes that the model lacks are passed over.

    Yields:
        None wherever it may be given up; the answer at last.

    Raises:
        LayerViewError: There is no such layer, or the network shows nothing of its inside.
    """
    started = time.perf_counter()
    own = fitting(request.directions, renderer.description)
    renderer.latents.learn(own)
    look = fit_look(request.look, renderer.description, frozenset(one.name for one in own))
    layers: tuple[NetworkLayer, ...] = ()
    if request.lists_layers or not request.layer:
        layers = yield from _list(renderer, look)
    name = request.layer or _middle(renderer, layers).name
    maps, kind = yield from _capture(renderer, look, name)
    layer = NetworkLayer(name, kind, tuple(maps.shape))
    maps = maps if layer.has_maps else _fold(maps)
    shown = _choose(maps, request)
    values = torch.nan_to_num(maps[shown].float())  # a network may overflow in a layer
    pixels, ranges = _to_pixels(values, request.common_range)
    yield None
    spectra = (yield from _spectra(values)) if layer.has_maps else None
    every = maps.float()
    yield LayerMaps(
        request=request,
        layer=layer,
        layers=layers if request.lists_layers else (),
        channels=tuple(shown),
        pixels=pixels,
        ranges=ranges,
        mean=float(every.mean()),
        deviation=float(every.std(correction=0)),
        dead=float((every == 0).flatten(1).all(dim=1).float().mean()),
        spectra=spectra,
        elapsed_ms=(time.perf_counter() - started) * 1000,
    )


@torch.inference_mode()
def list_layers(renderer: Renderer, look: Look) -> tuple[NetworkLayer, ...]:
    """All layers that make maps or vectors while a picture is drawn, in the order in which they first end."""
    steps = _list(renderer, look)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            layers: tuple[NetworkLayer, ...] = end.value
            return layers


def _list(renderer: Renderer, look: Look) -> Generator[None, None, tuple[NetworkLayer, ...]]:
    """See `list_layers`; stops after each layer where the network can."""
    found: dict[str, NetworkLayer] = {}

    def note(name: str, module: nn.Module, output: Tensor) -> None:
        found.setdefault(name, NetworkLayer(name, _kind_of(module), tuple(output.shape)))

    with _Hooks(renderer.generator, note):
        yield from _draw(renderer, look)
    return tuple(found.values())


def _capture(renderer: Renderer, look: Look, name: str) -> Generator[None, None, tuple[Tensor, str]]:
    """The maps `(C, H, W)` or vector `(F,)` of a layer, and its kind; what would come after it is not drawn."""
    seen: list[tuple[Tensor, str]] = []

    def keep(found: str, module: nn.Module, output: Tensor) -> None:
        if found == name:
            seen.append((output, _kind_of(module)))
            raise _Seen

    with _Hooks(renderer.generator, keep):
        try:
            yield from _draw(renderer, look)
        except _Seen:
            return seen[0]
    raise LayerViewError(name, "this model has no such layer, or it draws without it", "choose one of the list")


class _Hooks:
    """Tells of every layer of a network that ends, by name, as long as it is entered."""

    def __init__(self, network: nn.Module, tell: Callable[[str, nn.Module, Tensor], None]) -> None:
        self._network, self._tell = network, tell
        self._handles: list[torch.utils.hooks.RemovableHandle] = []

    def __enter__(self) -> None:
        for name, module in self._network.named_modules():
            if name and not isinstance(module, _PASSING):
                self._handles.append(module.register_forward_hook(self._make_hook(name)))

    def __exit__(self, *_error: object) -> None:
        for handle in self._handles:
            handle.remove()

    def _make_hook(self, name: str) -> Callable[[nn.Module, object, object], None]:
        def hook(module: nn.Module, _inputs: object, output: object) -> None:
            maps = next(_outputs(output), None)
            channels_last = isinstance(module, nn.Linear) and maps is not None and maps.ndim == 3
            if maps is not None and not channels_last:
                self._tell(name, module, maps)

        return hook


def _outputs(output: object) -> Iterator[Tensor]:
    """What a module gives for the first picture: maps `(C, H, W)`, else a vector `(F,)`."""
    parts = output if isinstance(output, tuple | list) else (output,)
    for part in parts:
        if isinstance(part, Tensor) and part.is_floating_point() and part.numel():
            if part.ndim == 4 and part.shape[2] * part.shape[3] > 1:
                yield part[0]
            elif part.ndim >= 2 and (part.ndim < 4 or part.shape[2] * part.shape[3] == 1):
                yield part[0].flatten()


def _draw(renderer: Renderer, look: Look) -> Iterator[None]:
    """Draw one picture with the network's own modules, whose ends can be told; stop after each layer if it can."""
    generator, latents = renderer.generator, renderer.latents.of((look,))
    if latents.w_plus is not None and isinstance(generator, MappedGenerator):
        generator.map(latents.z, latents.labels)  # what was mapped before is kept, and would not be seen
        synthesis = getattr(generator, "synthesis", None)  # not `stages`: these may be made without the modules
        if isinstance(synthesis, StyleSynthesis | SynthesisNetwork):
            for _state in walk(synthesis, latents.w_plus, latents.noise, latents.steps):
                yield
        else:
            generator.synthesise(latents.w_plus, latents.noise, latents.steps)
    elif isinstance(generator, SelfTruncatingGenerator):
        generator.draw(latents.z, latents.labels, latents.truncation)
    else:
        for _maps in generator.walk(latents.z, latents.labels, latents.steps):
            yield


def _middle(renderer: Renderer, layers: tuple[NetworkLayer, ...]) -> NetworkLayer:
    with_maps = [layer for layer in layers if layer.has_maps] or list(layers)
    with_maps = [layer for layer in with_maps if layer.shape[0] > _COLOURS] or with_maps
    if not with_maps:
        raise LayerViewError(
            renderer.description.path.name, "this kind of model shows nothing of its inside", "open its checkpoint"
        )
    return with_maps[len(with_maps) // 2]


def _kind_of(module: nn.Module) -> str:
    name = type(module).__name__
    for kind, names in _KINDS:
        if name in names:
            return kind
    if isinstance(module, _ACTIVATIONS):
        return "activation"
    if "norm" in name.lower():
        return "normalisation"
    return "attention" if "attention" in name.lower() else "block"


def _choose(maps: Tensor, request: LayerRequest) -> list[int]:
    """The channels to show, the most varied first or as they come."""
    channels, height, width = maps.shape
    count = max(1, min(request.count, channels, MOST_PIXELS // (height * width)))
    if request.order == "first":
        chosen = list(range(count))
    else:
        deviations = maps.float().flatten(1).std(dim=1, correction=0)
        chosen = torch.sort(deviations, descending=True, stable=True).indices[:count].tolist()
    if request.channel is not None and request.channel < channels and request.channel not in chosen:
        chosen[-1] = request.channel
    return chosen


def _fold(vector: Tensor) -> Tensor:
    """A vector `(F,)` as one map `(1, H, W)`, row by row; as square as its length allows."""
    count = len(vector)
    height = next(rows for rows in range(math.isqrt(count), 0, -1) if count % rows == 0)
    return vector.view(1, height, count // height)


def _to_pixels(values: Tensor, common: bool) -> tuple[Pixels, tuple[tuple[float, float], ...]]:
    """Grey pictures `(N, H, W, 1)` of maps `(N, H, W)`, from each one's least value to its greatest, or all alike."""
    low, high = values.amin(dim=(1, 2)), values.amax(dim=(1, 2))
    if common:
        low, high = low.amin().expand_as(low), high.amax().expand_as(high)
    ranges = tuple(zip(low.tolist(), high.tolist(), strict=True))
    span = (high - low).clamp_min(torch.finfo(torch.float32).tiny)
    signed = (values - low[:, None, None]) / span[:, None, None] * 2 - 1
    return to_uint8(_average_down(signed, LARGEST_SIDE)[:, None]), ranges


def _average_down(maps: Tensor, side: int) -> Tensor:
    """Maps `(N, H, W)` with no side longer than `side`; means over areas."""
    height, width = maps.shape[1:]
    size = (min(height, side), min(width, side))
    return maps if size == (height, width) else adaptive_avg_pool2d(maps[:, None], size)[:, 0]


def _spectra(values: Tensor) -> Generator[None, None, Spectra]:
    """Measure maps `(N, H, W)` one by one, at their full size; stops after each."""
    curves, pictures = [], []
    mean = np.zeros(values.shape[1:], np.float32)
    for one in values.cpu().numpy():
        power = relative_power(one)
        mean += power / np.float32(len(values))
        curves.append(to_decibels(radial_average(power)[1]))
        pictures.append(_picture_of(power))
        yield None
    frequencies, curve = radial_average(mean)
    return Spectra(frequencies, np.stack(curves), to_decibels(curve), np.stack(pictures), _picture_of(mean))


def _picture_of(power: Floats) -> Pixels:
    """A spectrum as a grey picture `(S, S, 1)` with frequency 0 in its middle."""
    centred = _average_down(torch.from_numpy(np.fft.fftshift(power))[None], SPECTRUM_SIDE)
    low, high = PICTURE_DB
    decibels = torch.from_numpy(to_decibels(centred.numpy()))
    pixels: Pixels = to_uint8(((decibels - low) / (high - low) * 2 - 1)[:, None])[0]
    return pixels
