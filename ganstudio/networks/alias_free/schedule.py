"""The plan of an alias-free synthesis network: what enters and leaves each layer; free of torch.

Source: Karras et al. 2021, section 3.2 and appendix C; Sauer et al. 2022, section 3.2 for the stages.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ganstudio.networks.alias_free.config import StyleGAN3Config, StyleGANXLConfig
from ganstudio.networks.spec import NetworkConfigError

Numbers = npt.NDArray[np.float64]

_MOST_TAPS = 4096
_STAGE_CRITICAL = 2  # a stage's cutoffs end their climb so many layers before its end, whatever the stem does


@dataclass(frozen=True)
class Signal:
    """What flows between two layers.

    Attributes:
        channels: Feature maps.
        size: Their height and width, margin included, in samples.
        rate: Samples per picture width (s).
        cutoff: Highest frequency that is kept whole (f_c), in cycles per picture width.
        half_width: Half of the filter's transition band (f_h), likewise.
    """

    channels: int
    size: int
    rate: int
    cutoff: float
    half_width: float


@dataclass(frozen=True)
class LayerPlan:
    """One synthesis layer.

    Attributes:
        name: What the original code calls it, `L<index>_<size>_<channels>`.
        source: What enters.
        target: What leaves.
        makes_colours: Whether it is the last layer, which has no rectifier.
        critical: Whether its output is critically sampled.
        radial: Whether its downsampling filter is radially symmetric.
        kernel: Side of its convolution.
        filter_size: Taps of its filters relative to the lower rate.
        lrelu_upsampling: How much finer the rectifier's grid is than the finer of source and target.
        clamp: Largest magnitude after the rectifier, 0 for no limit.
    """

    name: str
    source: Signal
    target: Signal
    makes_colours: bool
    critical: bool
    radial: bool
    kernel: int
    filter_size: int
    lrelu_upsampling: int
    clamp: float

    @property
    def inner_rate(self) -> int:
        """Sampling rate at which the rectifier works."""
        return max(self.source.rate, self.target.rate) * (1 if self.makes_colours else self.lrelu_upsampling)

    @property
    def up(self) -> int:
        """Upsampling factor before the rectifier."""
        return self.inner_rate // self.source.rate

    @property
    def down(self) -> int:
        """Downsampling factor after the rectifier."""
        return self.inner_rate // self.target.rate

    @property
    def up_taps(self) -> int:
        """Taps of the upsampling filter, 1 for none."""
        return self._taps(self.up)

    @property
    def down_taps(self) -> int:
        """Taps of the downsampling filter along each axis, 1 for none."""
        return self._taps(self.down)

    @property
    def padding(self) -> tuple[int, int]:
        """Samples of the fine grid to add before and after, along each axis; negative ones are cut off.

        Source: Karras et al. 2021, appendix C.3: samples sit in the middle of their cells.
        """
        wanted = (self.target.size - 1) * self.down + 1
        total = wanted - (self.source.size + self.kernel - 1) * self.up + self.up_taps + self.down_taps - 2
        before = (total + self.up) // 2
        return before, total - before

    def _taps(self, factor: int) -> int:
        return self.filter_size * factor if factor > 1 and not self.makes_colours else 1


@dataclass(frozen=True)
class SynthesisPlan:
    """A whole synthesis network: what the Fourier features make, and the layers after them."""

    features: Signal
    layers: tuple[LayerPlan, ...]


def plan_synthesis(config: StyleGAN3Config) -> SynthesisPlan:
    """Lay out all layers of a generator.

    Raises:
        NetworkConfigError: The numbers contradict each other.
    """
    if not isinstance(config, StyleGANXLConfig):
        return plan_stem(config, config.resolution)
    resolution = config.stem_resolution
    plan = plan_stem(config, resolution)
    for factor, count in zip(config.up_factors, config.head_layers, strict=True):
        resolution *= factor
        plan = add_stage(config, plan, resolution, count)
    return plan


def plan_stem(config: StyleGAN3Config, resolution: int) -> SynthesisPlan:
    """Lay out a whole network of one stage that draws `resolution` px; raises NetworkConfigError."""
    signals = _climb(config, resolution, config.num_layers, (config.first_cutoff, config.first_stopband))
    return SynthesisPlan(signals[0], _checked(_connect(config, signals, 0, config.clamp)))


def add_stage(config: StyleGANXLConfig, plan: SynthesisPlan, resolution: int, count: int) -> SynthesisPlan:
    """Replace the critically sampled end of a plan by a stage of `count` layers and one for colours.

    Args:
        config: Settings that all stages share; those of the stages themselves are not looked at.
        plan: What there is.
        resolution: Of the new end, in pixels.
        count: Layers of the stage.

    Raises:
        NetworkConfigError: The numbers contradict each other.
    """
    kept = tuple(layer for layer in plan.layers if not layer.critical)
    given = kept[-1].target
    start = (given.cutoff, given.half_width + given.cutoff)
    first, *others = _climb(config, resolution, count, start, _STAGE_CRITICAL)
    signals = [_restart(first, given, config.margin), *others]
    stage = _connect(config, signals, len(kept) + 1, config.head_clamp)
    return SynthesisPlan(plan.features, kept + _checked(stage))


def _climb(
    config: StyleGAN3Config, resolution: int, count: int, start: tuple[float, float], critical: int | None = None
) -> list[Signal]:
    """Return the `count + 1` signals of one stage: cutoff and stopband grow geometrically from `start`.

    Source: Karras et al. 2021, section 3.2 ("flexible layer specifications").
    """
    critical = config.num_critical if critical is None else critical
    progress = np.minimum(np.arange(count + 1) / (count - critical), 1)
    last_cutoff = resolution / 2
    cutoffs = start[0] * (last_cutoff / start[0]) ** progress
    stopbands = start[1] * (last_cutoff * config.last_stopband / start[1]) ** progress
    rates = np.exp2(np.ceil(np.log2(np.minimum(stopbands * 2, resolution))))
    half_widths = np.maximum(stopbands, rates / 2) - cutoffs
    sizes = rates + 2 * config.margin
    sizes[-2:] = resolution
    channels = np.rint(np.minimum(config.channel_base / 2 / cutoffs, config.channel_max))
    channels[-1] = config.channels
    columns = zip(channels, sizes, rates, cutoffs, half_widths, strict=True)
    return [Signal(int(c), int(size), int(rate), float(f_c), float(f_h)) for c, size, rate, f_c, f_h in columns]


def _connect(config: StyleGAN3Config, signals: list[Signal], first: int, clamp: float) -> tuple[LayerPlan, ...]:
    """Put a layer before each signal; the first of a stage keeps the band it is given."""
    last = len(signals) - 1
    return tuple(
        LayerPlan(
            name=f"L{first + index}_{target.size}_{target.channels}",
            source=signals[max(index - 1, 0)],
            target=target,
            makes_colours=index == last,
            critical=index >= last - config.num_critical,
            radial=config.radial and index < last - config.num_critical,
            kernel=1 if index == last else config.kernel,
            filter_size=config.filter_size,
            lrelu_upsampling=config.lrelu_upsampling,
            clamp=clamp,
        )
        for index, target in enumerate(signals)
    )


def _restart(first: Signal, given: Signal, margin: int) -> Signal:
    """The first signal of a stage has the rate and width of what the stage is given."""
    stopband = given.half_width + given.cutoff
    half_width = max(stopband, given.rate / 2) - given.cutoff
    return replace(first, channels=given.channels, rate=given.rate, size=given.rate + 2 * margin, half_width=half_width)


def _checked(layers: tuple[LayerPlan, ...]) -> tuple[LayerPlan, ...]:
    """Refuse layers whose filters cannot be made."""
    for layer in layers:
        _check(layer)
    return layers


def _check(layer: LayerPlan) -> None:
    if layer.target.channels < 1 or layer.source.channels < 1:
        raise NetworkConfigError("channel_base", f"layer {layer.name} would have no channels", "choose a larger one")
    if layer.source.rate * layer.up != layer.inner_rate or layer.target.rate * layer.down != layer.inner_rate:
        raise NetworkConfigError("first_stopband", f"the rates around layer {layer.name} do not divide", "correct it")
    if max(layer.up_taps, layer.down_taps, layer.down_taps**2 if layer.radial else 0) > _MOST_TAPS:
        raise NetworkConfigError("filter_size", f"layer {layer.name} needs too large filters", "choose a smaller one")
    for taps, signal in ((layer.up_taps, layer.source), (layer.down_taps, layer.target)):
        if taps > 1 and not (0 < signal.cutoff < layer.inner_rate / 2 and signal.half_width > 0):
            raise NetworkConfigError("first_cutoff", f"layer {layer.name} has a cutoff beyond its rate", "correct it")
