"""Writes films by PyAV: one stream of pictures at an exact constant rate, one of sound, tagged and carrying a text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.base import SOUND_RATE, Clip, Pixels, Samples
from ganstudio.picture_texts import KEY, pack

if TYPE_CHECKING:
    from av import AudioFrame, Packet, VideoFrame

_BT709, _LIMITED = 1, 1  # as ISO 23091-2 and FFmpeg number them: primaries, transfer, matrix; range
_LEAST_THREADS_PX = 128 * 128
_INSTEAD = "GIF, APNG, WebP and PNG frames work without it"


@dataclass(frozen=True)
class Coding:
    """How a film is encoded.

    Attributes:
        container: Its name in FFmpeg.
        codec: Likewise.
        pixel_format: Likewise.
        options: Of the codec.
        sound_codec: Likewise.
        sound_options: Of the sound's codec.
        container_options: Of the container.
    """

    container: str
    codec: str
    pixel_format: str
    options: Mapping[str, str] = field(default_factory=dict)
    sound_codec: str = "aac"
    sound_options: Mapping[str, str] = field(default_factory=dict)
    container_options: Mapping[str, str] = field(default_factory=dict)


def exact_times(fps: Fraction) -> dict[str, str]:
    """The option of MP4 and MOV by which the film's length is kept in a unit that frames are whole numbers of."""
    return {"movie_timescale": str(fps.numerator * -(-1000 // fps.numerator))}


def first_encoder(names: Iterable[str]) -> str:
    """The first of some encoders that PyAV's build has; "" where it has none, or PyAV is not installed."""
    if find_spec("av") is None:
        return ""
    import av  # late: few people write films

    return next((name for name in names if name in av.codec.codecs_available and _can_encode(name)), "")


def missing_encoder(title: str, names: tuple[str, ...]) -> AnimationError | None:
    """What to say where none of some encoders is there; None where one is."""
    if find_spec("av") is None:
        return AnimationError(title, "PyAV is not installed", f"pip install 'ganstudio[animate]'; {_INSTEAD}")
    if first_encoder(names):
        return None
    import av

    reason = f"PyAV {av.__version__} was built without {' and '.join(names)}"
    return AnimationError(title, reason, f"install its wheel from PyPI, or choose another format; {_INSTEAD}")


def _can_encode(name: str) -> bool:
    import av

    try:
        return bool(av.Codec(name, "w").is_encoder)
    except (av.FFmpegError, ValueError):
        return False


class AvWriter:
    """One film.

    Args:
        path: An empty file.
        clip: What comes.
        coding: How it is encoded.

    Raises:
        AnimationError: The encoder refuses it.
        OSError: The disk is full, or the file cannot be written.
    """

    def __init__(self, path: Path, clip: Clip, coding: Coding) -> None:
        import av
        from av.video.reformatter import Interpolation, VideoReformatter

        self._clip, self._coding, self._path = clip, coding, path
        self._reformatter = VideoReformatter()  # keeps its tables from frame to frame
        self._exact = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
        self._frames = self._samples = 0
        self._file = path.open("r+b")
        self._container = av.open(
            self._file,
            "w",
            format=coding.container,
            container_options=dict(coding.container_options),
            io_open=lambda _url, _flags, _options: path.open("rb"),  # the index is moved to the front at the end
        )
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def add_frame(self, pixels: Pixels) -> None:
        """See `FrameWriter`."""
        from av import VideoFrame

        kind = "rgba" if self._clip.has_alpha else "rgb24"
        frame = self._converted(VideoFrame.from_ndarray(np.ascontiguousarray(pixels), kind))
        frame.pts, frame.time_base = self._frames, 1 / self._clip.fps
        self._frames += 1
        self._mux(self._pictures, frame)

    def add_sound(self, samples: Samples) -> None:
        """See `FrameWriter`."""
        from av import AudioFrame

        if not samples.shape[1]:
            return
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, self._samples, Fraction(1, SOUND_RATE)
        self._samples += samples.shape[1]
        for piece in self._resampler.resample(frame):
            self._mux(self._sound, piece)

    def finish(self) -> None:
        """See `FrameWriter`."""
        self._mux(self._pictures, None)
        if self._clip.has_sound:
            for piece in self._resampler.resample(None):
                self._mux(self._sound, piece)
            self._mux(self._sound, None)
        self._do(self._container.close)
        self._file.close()

    def close(self) -> None:
        """See `FrameWriter`."""
        if not self._file.closed:
            self._file.close()  # first: what the container still writes goes nowhere
            self._give_up()

    def _give_up(self) -> None:
        import av

        try:
            self._container.close()
        except (av.FFmpegError, OSError, ValueError):
            return  # the file is thrown away

    def _begin(self) -> None:
        if self._clip.text:
            self._container.metadata["comment"] = f"{KEY}:{pack(self._clip.text)}"
        if self._clip.title:
            self._container.metadata["title"] = self._clip.title
        self._add_pictures()
        if self._clip.has_sound:
            self._add_sound_stream()
        self._do(self._container.start_encoding)

    def _add_pictures(self) -> None:
        clip, coding = self._clip, self._coding
        stream: Any = self._container.add_stream(coding.codec, rate=clip.fps, options=dict(coding.options))
        stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, coding.pixel_format
        context = stream.codec_context
        stream.time_base = context.time_base = 1 / clip.fps
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED
        if clip.width * clip.height <= _LEAST_THREADS_PX:
            context.thread_count = 2  # more of them only wait for one another
        self._pictures = stream

    def _add_sound_stream(self) -> None:
        from av import AudioResampler

        coding = self._coding
        stream: Any = self._container.add_stream(
            coding.sound_codec, rate=SOUND_RATE, options=dict(coding.sound_options)
        )
        stream.layout, stream.time_base = "stereo", Fraction(1, SOUND_RATE)
        self._resampler = AudioResampler(stream.format.name, "stereo", SOUND_RATE)
        self._sound = stream

    def _converted(self, frame: "VideoFrame") -> "VideoFrame":
        """The frame in the film's own colours, BT.709 in limited range."""
        return self._reformatter.reformat(
            frame,
            format=self._coding.pixel_format,
            interpolation=self._exact,
            dst_colorspace="ITU709",  # type: ignore[arg-type] # names are taken, too
            src_color_range="JPEG",
            dst_color_range="MPEG",
            dst_color_trc=_BT709,
            dst_color_primaries=_BT709,
            threads=1,
        )

    def _mux(self, stream: Any, frame: "VideoFrame | AudioFrame | None") -> None:
        def write() -> None:
            packets: list[Packet[Any]] = stream.encode(frame)
            self._container.mux(packets)

        self._do(write)

    def _do(self, act: Any) -> None:
        """Do something that encodes or writes; what is no matter of the disk is the encoder's."""
        import av

        try:
            act()
        except av.FFmpegError as error:
            if isinstance(error, OSError) and not isinstance(error, ValueError):
                raise
            size = f"{self._clip.width} x {self._clip.height} px at {float(self._clip.fps):g} frames a second"
            reason = f"the encoder {self._coding.codec} refuses {size} ({error.strerror or error})"
            raise AnimationError(self._coding.container, reason, "choose another size, rate or format") from error
