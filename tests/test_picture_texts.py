"""The text in a picture file: it comes back whole, and no file of a stranger gets far with a forged one."""

import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from ganstudio.picture_texts import LARGEST_TEXT, PictureTextError, encode_picture, pack, read_text, unpack

SUFFIXES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
PIXELS = np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)


def written(folder: Path, kind: str, text: str | None) -> Path:
    path = folder / f"picture.{SUFFIXES[kind]}"
    with path.open("w+b") as file:
        encode_picture(Image.fromarray(PIXELS), file, kind, text)
    return path


def random_text(length: int) -> str:
    """What compresses as badly as the numbers of a latent."""
    return json.dumps({"values": np.random.default_rng(1).bytes(length // 2).hex()})


@pytest.mark.parametrize("length", [0, 100, 7_000, 50_000, 130_000, 3_000_000])
@pytest.mark.parametrize("kind", SUFFIXES)
def test_a_text_of_any_length_comes_back_and_the_picture_opens(tmp_path: Path, kind: str, length: int) -> None:
    text = random_text(length)
    path = written(tmp_path, kind, text)
    assert read_text(path) == text
    with Image.open(path) as picture:
        opened = np.asarray(picture.convert("RGB"))
    plain = io.BytesIO()
    encode_picture(Image.fromarray(PIXELS), plain, kind, None)
    assert np.array_equal(opened, np.asarray(Image.open(plain).convert("RGB")))


@pytest.mark.parametrize("kind", SUFFIXES)
def test_pictures_without_a_text_have_none(tmp_path: Path, kind: str) -> None:
    assert read_text(written(tmp_path, kind, None)) is None


def test_texts_of_other_programs_are_not_ours(tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a cat, best quality\nSteps: 20, Sampler: Euler a, Seed: 5")
    info.add_itxt("workflow", '{"nodes": []}', zip=True)
    Image.fromarray(PIXELS).save(tmp_path / "other.png", pnginfo=info)
    assert read_text(tmp_path / "other.png") is None
    exif = Image.Exif()
    exif[0x010E] = "A holiday by the sea"
    for name in ("other.jpg", "other.webp"):
        Image.fromarray(PIXELS).save(tmp_path / name, exif=exif, comment=b"made by hand")
        assert read_text(tmp_path / name) is None


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def png_with(folder: Path, *chunks: bytes) -> Path:
    plain = io.BytesIO()
    Image.fromarray(PIXELS).save(plain, "PNG")
    content = plain.getvalue()
    path = folder / "forged.png"
    path.write_bytes(content[:33] + b"".join(chunks) + content[33:])
    return path


BOMB = zlib.compress(b"0" * (LARGEST_TEXT + 1), 9)


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        (chunk(b"zTXt", b"ganstudio\0\0" + BOMB), "expands"),
        (chunk(b"iTXt", b"ganstudio\0\1\0\0\0" + BOMB), "expands"),
        (chunk(b"iTXt", b"ganstudio\0\0\0\0\0" + pack("0" * (LARGEST_TEXT + 1)).encode()), "expands"),
        (chunk(b"iTXt", b"ganstudio\0\1\0\0\0no zlib"), "compressed bytes are wrong"),
        (chunk(b"iTXt", b"ganstudio\0\0\0"), "cut short"),
        (chunk(b"iTXt", b"ganstudio\0\0\0\0\0zlib:!!!"), "base64"),
        (chunk(b"tEXt", b"ganstudio\0\xff\xfe"), "decode"),
        (chunk(b"tEXt", b"ganstudio\0{}")[:-4] + b"0000", "checksum"),
        (struct.pack(">I", 2**31) + b"tEXtganstudio\0", "longer than"),
        (struct.pack(">I", 2**20) + b"tEXtganstudio\0", "cut short"),
    ],
)
def test_a_forged_text_is_refused_in_words(tmp_path: Path, forged: bytes, words: str) -> None:
    with pytest.raises(PictureTextError, match=words):
        read_text(png_with(tmp_path, forged))


def test_a_part_of_a_jpeg_that_is_missing_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "JPEG", random_text(300_000))
    content = path.read_bytes()
    first, second = content.index(b"ganstudio 1/"), content.index(b"ganstudio 2/")
    path.write_bytes(content[: first - 4] + content[second - 4 :])
    with pytest.raises(PictureTextError, match="missing"):
        read_text(path)


@pytest.mark.parametrize("kind", SUFFIXES)
def test_damaged_files_raise_nothing_else(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, kind, random_text(90_000))
    content, chance = path.read_bytes(), np.random.default_rng(2)
    for round_number in range(300):
        spoiled = bytearray(content[: chance.integers(1, len(content))] if round_number % 3 == 0 else content)
        for _ in range(int(chance.integers(1, 8))):
            spoiled[chance.integers(0, min(len(spoiled), 400))] = chance.integers(0, 256)
        path.write_bytes(spoiled)
        try:
            text = read_text(path)
        except PictureTextError:
            continue
        assert text is None or isinstance(text, str)


def test_a_short_text_stays_readable() -> None:
    assert pack('{"look": {"seed": 3}}') == '{"look": {"seed": 3}}'
    assert unpack(pack("x" * 100_000).encode()) == "x" * 100_000
    assert len(pack("x" * 100_000)) < 1_000
