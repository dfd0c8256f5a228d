"""A generator that is a graph in ONNX, run through onnxruntime; its one weight is the model's file."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from ganstudio.networks.base import NETWORKS, Architecture, Generator, SelfTruncatingGenerator
from ganstudio.networks.onnx_session import NUMPY_TYPES, OnnxSession
from ganstudio.networks.spec import GeneratorSpec, NetworkConfigError

_FEATURES_PX = 8
_MAX_BYTES = (1 << 31) - 1  # of one protocol buffer


@dataclass(frozen=True)
class OnnxConfig:
    """How a model is to be called.

    Attributes:
        model_bytes: Size of its file.
        resolution: Height and width of its pictures.
        channels: 3 for RGB, 1 for grey.
        num_classes: Classes it is conditioned on, 0 for none.
        latent_law: Distribution of z.
        low: Lowest value of its output.
        high: Highest value of its output.
        output: Name of the output that holds pictures.
        layout: "nchw" or "nhwc".
        batch: Latents that it takes at once, 0 for any number.
        latent_input: Name of the input for z.
        latent_type: Its type.
        latent_shape: Its shape without the batch; z is as long as its sizes multiplied.
        label_input: Name of the input for classes, "" for none.
        label_type: Its type.
        label_shape: Its shape without the batch: () or (1,) for numbers of classes, (num_classes,) for one-hot rows.
        truncation_input: Name of the input for truncation, "" for none.
        truncation_type: Its type.
        truncation_shape: Its whole shape.
        silent_inputs: Names of inputs that are given zeros.
        silent_types: Their types.
        silent_shapes: Their whole shapes.
    """

    model_bytes: int
    resolution: int
    channels: int
    output: str
    latent_input: str
    latent_shape: tuple[int, ...]
    num_classes: int = 0
    latent_law: str = "normal"
    low: float = -1.0
    high: float = 1.0
    layout: str = "nchw"
    batch: int = 0
    latent_type: str = "float32"
    label_input: str = ""
    label_type: str = ""
    label_shape: tuple[int, ...] = ()
    truncation_input: str = ""
    truncation_type: str = ""
    truncation_shape: tuple[int, ...] = ()
    silent_inputs: tuple[str, ...] = ()
    silent_types: tuple[str, ...] = ()
    silent_shapes: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.model_bytes <= _MAX_BYTES:
            raise NetworkConfigError("model_bytes", f"{self.model_bytes} is out of range", "choose another file")
        types = {self.latent_type, self.label_type or "int64", self.truncation_type or "float32", *self.silent_types}
        if not types <= NUMPY_TYPES.keys():
            raise NetworkConfigError("types", f"one of {sorted(types)} is unknown", "export with 32-bit numbers")
        if not 0 <= self.batch <= 4096 or not 1 <= self.z_dim <= 1 << 20 or not self.low < self.high:
            raise NetworkConfigError("onnx", "a size or the range of its output is impossible", "export it again")

    @property
    def z_dim(self) -> int:
        """Length of z."""
        return int(np.prod(self.latent_shape, dtype=np.int64))

    @property
    def takes_rows(self) -> bool:
        """Whether it is told classes by rows of a one and zeros."""
        return self.label_shape == (self.num_classes,) and self.label_type.startswith("float")


class OnnxGenerator(Generator):
    """Feeds z, classes and truncation under the names and in the shapes that the model wants."""

    def __init__(self, config: OnnxConfig, random: torch.Generator) -> None:  # noqa: ARG002 - there is nothing to draw
        super().__init__()
        self.config = config
        self.spec = GeneratorSpec(
            config.z_dim, config.resolution, config.channels, config.num_classes, latent_law=config.latent_law,
            output_range=(config.low, config.high),
        )  # fmt: skip
        self.model: Tensor
        self.register_buffer("model", torch.zeros(config.model_bytes, dtype=torch.uint8))
        self._session: OnnxSession | None = None

    def first_features(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`; a graph shows nothing of its inside, so these are small versions of the pictures."""
        return nn.functional.adaptive_avg_pool2d(self(z, labels), _FEATURES_PX).flatten(1)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `Generator`.

        Raises:
            NetworkConfigError: onnxruntime is not installed, or the model fails.
        """
        return self._draw(z, labels, 1.0)

    def _draw(self, z: Tensor, labels: Tensor | None, truncation: float) -> Tensor:
        if not len(z):
            return torch.zeros(0, self.spec.channels, self.spec.resolution, self.spec.resolution)
        count = self.config.batch or len(z)
        latents = z.detach().cpu().numpy()
        classes = np.zeros(len(z), np.int64) if labels is None else self._classes(labels)
        parts = [
            self._draw_batch(latents[start : start + count], classes[start : start + count], truncation)
            for start in range(0, len(z), count)
        ]
        return torch.from_numpy(np.concatenate(parts)).to(z.device)

    def _classes(self, labels: Tensor) -> npt.NDArray[np.generic]:
        """Numbers of classes, or the rows of a blend where the model takes rows."""
        if not labels.is_floating_point() or self.config.takes_rows:
            return labels.detach().cpu().numpy()
        reason = "this model was exported to take the number of one class, so that it cannot blend two"
        raise NetworkConfigError("class blend", reason, "set the blend of classes to 0")

    def _draw_batch(
        self, z: npt.NDArray[np.float32], labels: npt.NDArray[np.generic], truncation: float
    ) -> npt.NDArray[np.float32]:
        config, count = self.config, len(z)
        if config.batch > count:  # the model takes no fewer: the last one is drawn again and dropped
            z = np.concatenate([z, np.repeat(z[-1:], config.batch - count, axis=0)])
            labels = np.concatenate([labels, np.repeat(labels[-1:], config.batch - count, axis=0)])
        [images] = self._opened().run(self._inputs(z, labels, truncation), [config.output])
        if config.layout == "nhwc" and images.ndim == 4:
            images = images.transpose(0, 3, 1, 2)
        expected = (len(z), config.channels, config.resolution, config.resolution)
        if images.shape != expected:
            reason = f"its pictures are of shape {images.shape}, not {expected}"
            raise NetworkConfigError(config.output, reason, "say its layout or output by --assume")
        return np.ascontiguousarray(images[:count], dtype=np.float32)

    def _inputs(
        self, z: npt.NDArray[np.float32], labels: npt.NDArray[np.generic], truncation: float
    ) -> dict[str, npt.NDArray[np.generic]]:
        config, count = self.config, len(z)
        given: dict[str, npt.NDArray[np.generic]] = {
            config.latent_input: z.reshape(count, *config.latent_shape).astype(NUMPY_TYPES[config.latent_type])
        }
        if config.label_input:
            kind = NUMPY_TYPES[config.label_type]
            rows: npt.NDArray[np.generic] = labels.astype(kind)
            if config.takes_rows and labels.ndim == 1:
                rows = np.eye(config.num_classes, dtype=kind)[labels]
            given[config.label_input] = rows.reshape(count, *config.label_shape)
        if config.truncation_input:
            kind = NUMPY_TYPES[config.truncation_type]
            given[config.truncation_input] = np.full(config.truncation_shape, truncation, kind)
        for name, kind_name, shape in zip(config.silent_inputs, config.silent_types, config.silent_shapes, strict=True):
            given[name] = np.zeros(shape, NUMPY_TYPES[kind_name])
        return given

    def _opened(self) -> OnnxSession:
        if self._session is None:
            self._session = OnnxSession(self.model.cpu().numpy().tobytes(), torch.get_num_threads())
        return self._session


class TruncatingOnnxGenerator(OnnxGenerator, SelfTruncatingGenerator):
    """A model with an input for truncation, one for all latents of a call."""

    def draw(self, z: Tensor, labels: Tensor | None, truncation: Tensor) -> Tensor:
        """See `SelfTruncatingGenerator`."""
        images = [z.new_zeros(0, self.spec.channels, self.spec.resolution, self.spec.resolution)]
        for index, psi in enumerate(truncation.tolist()):
            row = None if labels is None else labels[index : index + 1]
            images.append(self._draw(z[index : index + 1], row, psi))
        return torch.cat(images)


def build_onnx_generator(config: OnnxConfig, random: torch.Generator) -> OnnxGenerator:
    """Make the generator of a model; its one weight, the file, is filled in later."""
    return (TruncatingOnnxGenerator if config.truncation_input else OnnxGenerator)(config, random)


NETWORKS.add("onnx_graph", Architecture(OnnxConfig, build_onnx_generator))
