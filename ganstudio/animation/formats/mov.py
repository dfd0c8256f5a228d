"""MOV with ProRes: for editing on, nearly without loss; 4444 also with transparency."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.animation.errors import AnimationError
from ganstudio.animation.formats.av_writer import AvWriter, Coding, exact_times, first_encoder, missing_encoder
from ganstudio.animation.formats.base import FORMATS, Clip, Format, quality_setting
from ganstudio.config_fields import check_fields

_ENCODERS = ("prores_ks", "prores_aw")
_FLAGS = "+faststart+use_metadata_tags"  # the tags that QuickTime had first hold 64 KB
_PROFILES = ((35, 0, "422 Proxy"), (60, 1, "422 LT"), (80, 2, "422"), (95, 3, "422 HQ"), (101, 4, "4444"))


@dataclass(frozen=True)
class MovConfig:
    """How it is encoded."""

    quality: int = quality_setting()

    def __post_init__(self) -> None:
        check_fields(self, AnimationError)


def _profile(config: MovConfig) -> tuple[int, str]:
    return next((number, title) for below, number, title in _PROFILES if config.quality < below)


def write(path: Path, clip: Clip, config: MovConfig) -> AvWriter:
    """Open a writer; transparent frames are always 4444."""
    codec = first_encoder(_ENCODERS)
    profile = 4 if clip.has_alpha else _profile(config)[0]
    full = "yuva444p10le" if clip.has_alpha else "yuv444p10le"
    options = {"profile": str(profile)}
    if codec == "prores_ks":
        options |= {"vendor": "apl0", **({"alpha_bits": "16"} if clip.has_alpha else {})}
    coding = Coding(
        container="mov",
        codec=codec,
        pixel_format=full if profile == 4 else "yuv422p10le",
        options=options,
        sound_codec="pcm_s16le",
        container_options={
            "movflags": "+faststart+use_metadata_tags",
            **exact_times(clip.fps),
        },  # older tags hold 64 KB
    )
    return AvWriter(path, clip, coding)


def _lacks(_config: Any) -> AnimationError | None:
    return missing_encoder("MOV (ProRes)", _ENCODERS)


FORMATS.add(
    "mov",
    Format(
        "MOV (ProRes)",
        ".mov",
        "For editing on, nearly without loss; large files",
        MovConfig,
        write,
        _lacks,
        lambda config: f"ProRes {_profile(config)[1]}",
        sound="PCM",
        alpha=True,
        even=lambda _config: True,
    ),
)
