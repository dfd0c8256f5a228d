"""MP4 with H.264: plays everywhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.av_writer import AvWriter, Coding, exact_times, first_encoder, missing_encoder
from ganstudio.animation.formats.base import FORMATS, Clip, Format, quality_setting, share_of_quality
from ganstudio.config_fields import check_fields, setting

_ENCODERS = ("libx264", "libopenh264", "h264_nvenc", "h264_videotoolbox", "h264_mf", "mpeg4")
_SPEEDS = {"fast": "veryfast", "balanced": "medium", "thorough": "slow"}
_BYTES = 8_000_000
_SMALL_PX = 200 * 200  # files of so small pictures are small anyway


@dataclass(frozen=True)
class Mp4Config:
    """How it is encoded."""

    quality: int = quality_setting()
    effort: str = setting("balanced", "Effort", "How long is searched for a smaller file of the same quality",
                          choices=tuple(_SPEEDS))  # fmt: skip
    colour: str = setting("4:2:0", "Colour", "4:2:0 plays everywhere; 4:4:4 keeps fine colours, for editing",
                          choices=("4:2:0", "4:4:4"))  # fmt: skip

    def __post_init__(self) -> None:
        check_fields(self, AnimationError)


def _encoder() -> str:
    return first_encoder(_ENCODERS)


def _crf(config: Mp4Config) -> int:
    return round(share_of_quality(config.quality, 38, 12))


def write(path: Path, clip: Clip, config: Mp4Config) -> AvWriter:
    """Open a writer."""
    codec = _encoder()
    full = config.colour == "4:4:4" and codec == "libx264"
    coding = Coding(
        container="mp4",
        codec=codec,
        pixel_format="yuv444p" if full else "yuv420p",
        options=_options(codec, config, clip),
        sound_options={"b": "192000"},
        container_options={"movflags": "+faststart", **exact_times(clip.fps)},
    )
    return AvWriter(path, clip, coding)


def _options(codec: str, config: Mp4Config, clip: Clip) -> dict[str, str]:
    if codec == "libx264":
        is_small = clip.width * clip.height < _SMALL_PX and config.effort == "balanced"
        return {"crf": str(_crf(config)), "preset": _SPEEDS["fast" if is_small else config.effort]}
    if codec == "mpeg4":
        return {"flags": "+qscale", "global_quality": str(118 * round(share_of_quality(config.quality, 20, 2)))}
    share = share_of_quality(config.quality, 0.02, 0.4)  # bits a pixel
    return {"b": str(min(_BYTES * 8, round(share * clip.width * clip.height * clip.fps)))}


def _says(config: Mp4Config) -> str:
    codec = _encoder()
    if codec == "libx264":
        return f"H.264 by libx264, CRF {_crf(config)}"
    return f"MPEG-4 part 2, for {' and '.join(_ENCODERS[:2])} are missing" if codec == "mpeg4" else f"H.264 by {codec}"


def _lacks(_config: Any) -> AnimationError | None:
    return missing_encoder("MP4", _ENCODERS)


FORMATS.add(
    "mp4",
    Format(
        "MP4 (H.264)",
        ".mp4",
        "Plays everywhere",
        Mp4Config,
        write,
        _lacks,
        _says,
        sound="AAC",
        even=lambda config: bool(config.colour == "4:2:0"),
    ),
)
