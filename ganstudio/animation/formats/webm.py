"""WebM with VP9 or AV1: for web pages; VP9 also with transparency."""

from dataclasses import dataclass
from pathlib import Path

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.av_writer import AvWriter, Coding, first_encoder, missing_encoder
from ganstudio.animation.formats.base import FORMATS, Clip, Format, quality_setting, share_of_quality
from ganstudio.config_fields import check_fields, setting

_ENCODERS = {"VP9": ("libvpx-vp9",), "AV1": ("libsvtav1", "libaom-av1")}
_SPEEDS = {"fast": "5", "balanced": "3", "thorough": "1"}
_SVT_PRESETS = {"fast": "10", "balanced": "8", "thorough": "5"}


@dataclass(frozen=True)
class WebmConfig:
    """How it is encoded."""

    quality: int = quality_setting()
    codec: str = setting("VP9", "Codec", "AV1 makes smaller files, and older programs do not play it",
                         choices=tuple(_ENCODERS), advanced=False)  # fmt: skip
    effort: str = setting("balanced", "Effort", "How long is searched for a smaller file of the same quality",
                          choices=tuple(_SPEEDS))  # fmt: skip

    def __post_init__(self) -> None:
        check_fields(self, AnimationError)


def _crf(config: WebmConfig) -> int:
    return round(share_of_quality(config.quality, 55, 12))


def _encoder(config: WebmConfig) -> str:
    return first_encoder(_ENCODERS[config.codec])


def write(path: Path, clip: Clip, config: WebmConfig) -> AvWriter:
    """Open a writer."""
    if clip.has_alpha and config.codec != "VP9":
        raise AnimationError("WebM", "AV1 carries no transparency", "choose VP9, or a background colour")
    codec = _encoder(config)
    options = {"crf": str(_crf(config)), "b": "0"}
    if codec == "libvpx-vp9":
        options |= {"cpu-used": _SPEEDS[config.effort], "deadline": "good", "row-mt": "1"}
    elif codec == "libsvtav1":
        options |= {"preset": _SVT_PRESETS[config.effort], "svtav1-params": "lp=2"}
    else:
        options |= {"cpu-used": _SPEEDS[config.effort], "row-mt": "1"}
    coding = Coding(
        container="webm",
        codec=codec,
        pixel_format="yuva420p" if clip.has_alpha else "yuv420p",
        options=options,
        sound_codec="libopus",
        sound_options={"b": "160000"},
    )
    return AvWriter(path, clip, coding)


def _says(config: WebmConfig) -> str:
    return f"{config.codec} by {_encoder(config)}, CRF {_crf(config)}"


def _lacks(config: WebmConfig) -> AnimationError | None:
    return missing_encoder(f"WebM ({config.codec})", _ENCODERS[config.codec])


FORMATS.add(
    "webm",
    Format(
        "WebM (VP9, AV1)",
        ".webm",
        "For web pages; VP9 also with a transparent background",
        WebmConfig,
        write,
        _lacks,
        _says,
        sound="Opus",
        alpha=True,
        even=lambda _config: True,
    ),
)
