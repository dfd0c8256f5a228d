"""Which strides, paddings and sizes a convolution of a generator may have, and how usual each is."""

import math
from dataclasses import dataclass

from ganstudio.checkpoints.rebuilding.units import Unit

_FINAL = {28: 0.0, 32: 0.0, 64: 0.0, 128: -0.4, 256: -0.6, 512: -1.0, 96: -1.0, 48: -1.2, 16: -1.5, 1024: -1.6,
          40: -2.0, 80: -2.0, 160: -2.0, 192: -2.0, 224: -1.6, 112: -1.6, 56: -1.6, 8: -3.0}  # fmt: skip
MAX_SIZE = 1024


@dataclass(frozen=True)
class Convolution:
    """One way to read the filters of a layer."""

    kind: str
    inputs: int
    outputs: int
    kernel: int
    stride: int = 1
    padding: int = 0
    output_padding: int = 0
    prior: float = 0.0

    def size_after(self, size: int) -> int:
        """Height and width of the output for those of the input."""
        if self.kind == "conv":
            return (size + 2 * self.padding - self.kernel) // self.stride + 1
        return (size - 1) * self.stride - 2 * self.padding + self.kernel + self.output_padding


def final_prior(size: int) -> float:
    """How usual a picture's height and width is."""
    if size in _FINAL:
        return _FINAL[size]
    if size % 8 == 0:
        return -3.0
    return -4.5 if size % 2 == 0 else -7.0


def read_filters(unit: Unit, channels: int, size: int) -> list[Convolution]:
    """The ways in which filters can take maps `(channels, size, size)`, the usual ones first."""
    first, second, kernel, _ = unit.shape
    found: list[Convolution] = []
    name = str(unit.said.get("class", ""))
    if second == channels and unit.outputs in (0, first) and "Transpose" not in name:
        found += _read_plain(unit, first, kernel, size)
    if first == channels and unit.outputs in (0, second) and name != "Conv2d":
        found += _read_transposed(unit, second, kernel, size)
    return sorted(found, key=lambda way: -way.prior)


def _told(unit: Unit) -> tuple[int, int, int] | None:
    numbers = []
    for name in ("stride", "padding", "output_padding"):
        value = unit.said.get(name)
        value = value[0] if isinstance(value, tuple) and value else value
        numbers.append(value if isinstance(value, int) and 0 <= value <= 64 else None)
    stride, padding, more = numbers
    return None if stride is None or padding is None else (stride, padding, more or 0)


def _read_plain(unit: Unit, outputs: int, kernel: int, size: int) -> list[Convolution]:
    inputs = unit.shape[1]
    if told := _told(unit):
        return [Convolution("conv", inputs, outputs, kernel, told[0], told[1])]
    prior = _kind_prior(unit, "conv")
    if size == 1 and kernel > 1:  # a first layer that spreads the latent (Karras et al. 2018)
        return [Convolution("conv", inputs, outputs, kernel, 1, kernel - 1, prior=prior - 1.5)]
    ways = []
    if kernel % 2:
        ways.append(Convolution("conv", inputs, outputs, kernel, 1, kernel // 2, prior=prior))
    paddings = range(kernel) if kernel % 2 == 0 else (0, kernel - 1) if kernel > 1 else ()
    ways += [Convolution("conv", inputs, outputs, kernel, 1, padding, prior=prior - 2.5 - padding * 0.5)
             for padding in paddings if size + 2 * padding >= kernel]  # fmt: skip
    return ways


def _read_transposed(unit: Unit, outputs: int, kernel: int, size: int) -> list[Convolution]:
    inputs = unit.shape[0]
    if told := _told(unit):
        return [Convolution("conv_transpose", inputs, outputs, kernel, *told)]
    prior = _kind_prior(unit, "conv_transpose")
    if size == 1:
        whole = Convolution("conv_transpose", inputs, outputs, kernel, 1, 0, prior=prior)
        half = Convolution("conv_transpose", inputs, outputs, kernel, 2, 1, prior=prior - 3.0)
        return [whole, half] if kernel > 2 else [whole]
    ways = [Convolution("conv_transpose", inputs, outputs, kernel, stride, padding, more, prior)
            for stride in (1, 2, 3, 4) for padding in range(kernel // 2 + 1) for more in range(stride)]  # fmt: skip
    ways = [_weigh(way, size) for way in ways if way.size_after(size) >= 1]
    return sorted(ways, key=lambda way: -way.prior)[:8]


def _weigh(way: Convolution, size: int) -> Convolution:
    """Usual is to double exactly; then to keep the size, then paddings of nought as in some courses."""
    after = way.size_after(size)
    more = way.output_padding
    if way.stride == 2 and after == 2 * size:
        prior = -0.3 * more
    elif way.stride == 1 and after == size and not more:
        prior = -0.7
    elif way.padding == 0 and more == 0 and way.stride <= 2:
        prior = -1.5 if way.stride == 1 else -1.8
    elif way.stride == 2 and way.padding == 1 and way.kernel == 3 and more == 0:
        prior = -1.8
    elif way.stride == 4 and after == 4 * size:
        prior = -2.0
    else:
        prior = -4.0 - more
    return Convolution(way.kind, way.inputs, way.outputs, way.kernel, way.stride, way.padding, more, way.prior + prior)


def _kind_prior(unit: Unit, kind: str) -> float:
    """How probable it is that filters that fit both ways are of a kind: even kernels are transposed, names may tell."""
    last = unit.name.lower()
    named = any(word in last for word in ("deconv", "tconv", "convt", "conv_t", "transpose", "trans_conv"))
    even = unit.shape[2] % 2 == 0
    if kind == "conv":
        return -4.0 * even - 3.0 * named
    return 0.0 if even or named else -1.2


def square_of(values: int, channels: int) -> int | None:
    """The side of square maps with so many values in all and so many channels, None where there is none."""
    side = math.isqrt(values // channels) if channels and values % channels == 0 else 0
    return side if side and side * side * channels == values else None
