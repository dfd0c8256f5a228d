import io
import struct
import zlib

import numpy as np
import pytest
from picture_files import colours, encode
from PIL import Image

from ganstudio.datasets.base import PictureError
from ganstudio.datasets.pictures import MAX_PIXELS, decode_picture, find_kind


def decode(data: bytes) -> np.ndarray:
    return np.asarray(decode_picture(data, "name"))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_lossless_kinds_come_back_exactly(kind, options):
    picture = colours()
    data = encode(picture, kind, **options)
    assert find_kind(data) == kind
    assert np.array_equal(decode(data), picture)


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"quality": 95, "subsampling": 0}), ("WEBP", {"quality": 95})])
def test_lossy_kinds_come_back_nearly(kind, options):
    picture = colours(32, 48)
    got = decode(encode(picture, kind, **options))
    assert got.shape == picture.shape
    assert np.abs(got.astype(int) - picture).mean() < 4


def test_animations_give_their_first_frame():
    frames = [Image.new("RGB", (5, 4), colour) for colour in ("red", "green", "blue")]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        options = {"lossless": True} if kind == "WEBP" else {}
        data = encode(frames[0], kind, save_all=True, append_images=frames[1:], **options)
        picture = decode_picture(data, "name").convert("RGB")
        assert picture.size == (5, 4)
        assert picture.getpixel((2, 2)) == (255, 0, 0), kind


def test_grey_and_black_and_white_stay_grey():
    grey = colours()[..., 0]
    assert np.array_equal(decode(encode(grey)), grey)
    bits = Image.fromarray(grey).convert("1", dither=Image.Dither.NONE)
    for kind in ("PNG", "TIFF", "BMP"):
        assert np.array_equal(decode(encode(bits, kind)), np.asarray(bits.convert("L"))), kind


def test_palettes_become_colours():
    picture = Image.fromarray(colours()).quantize(16)
    for kind in ("PNG", "GIF", "BMP", "TIFF"):
        assert np.array_equal(decode(encode(picture, kind)), np.asarray(picture.convert("RGB"))), kind


def test_alpha_is_kept():
    rgba = np.dstack([colours(), np.arange(48, dtype=np.uint8).reshape(6, 8) * 5])
    for kind, options in (("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True, "exact": True})):
        assert np.array_equal(decode(encode(rgba, kind, **options)), rgba), kind
    grey = Image.fromarray(rgba).convert("LA")
    got = decode_picture(encode(grey), "name")
    assert got.mode == "LA"
    assert np.array_equal(np.asarray(got), np.asarray(grey))


def test_transparent_palette_entries_become_alpha():
    picture = Image.fromarray(np.array([[0, 1], [2, 1]], np.uint8))
    picture.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    for transparency in (1, b"\xff\x00\xff"):
        got = decode(encode(picture, "PNG", transparency=transparency))
        assert got[0, 0].tolist() == [255, 0, 0, 255]
        assert got[0, 1, 3] == 0
        assert got[1, 1, 3] == 0
    assert decode(encode(picture, "GIF", transparency=1))[1, 1, 3] == 0


def test_one_transparent_colour_of_a_plain_png_becomes_alpha():
    got = decode(encode(Image.new("RGB", (2, 2), (9, 8, 7)), "PNG", transparency=(9, 8, 7)))
    assert got.shape == (2, 2, 4)
    assert (got[..., 3] == 0).all()
    grey = decode_picture(encode(Image.new("L", (2, 2), 9), "PNG", transparency=9), "name")
    assert grey.mode == "LA"


def test_16_bit_grey_is_scaled_not_clipped():
    values = np.array([[0, 257, 300, 25_700], [32_768, 65_278, 65_534, 65_535]], np.uint16)
    expected = np.floor(values / 257 + 0.5).astype(np.uint8)
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(decode(encode(values, kind)), expected), kind
    big_endian = encode(Image.fromarray(values.astype(">u2")), "TIFF")
    assert np.array_equal(decode(big_endian), expected)


def test_a_dark_16_bit_picture_stays_dark():
    assert decode(encode(np.full((4, 4), 200, np.uint16))).max() == 1


def test_floating_and_32_bit_tiffs_are_scaled():
    assert decode(encode(np.array([[0.0, 0.5, 1.0]], np.float32), "TIFF")).tolist() == [[0, 128, 255]]
    assert decode(encode(np.array([[0.0, 100.0, 255.0]], np.float32), "TIFF")).tolist() == [[0, 100, 255]]
    assert decode(encode(np.array([[-5.0, 0.0, 5.0]], np.float32), "TIFF")).tolist() == [[0, 128, 255]]
    assert decode(encode(np.array([[0, 200_000, 400_000]], np.int32), "TIFF")).tolist() == [[0, 128, 255]]
    assert decode(encode(np.array([[np.nan, np.inf, 1.0]], np.float32), "TIFF")).tolist() == [[0, 0, 255]]


def test_cmyk_becomes_rgb():
    ink = np.zeros((16, 16, 4), np.uint8)
    ink[..., 0] = 255  # cyan ink takes the red away
    picture = Image.frombytes("CMYK", (16, 16), ink.tobytes())
    assert decode(encode(picture, "TIFF"))[8, 8].tolist() == [0, 255, 255]
    assert np.abs(decode(encode(picture, "JPEG", quality=95))[8, 8].astype(int) - [0, 255, 255]).max() <= 3


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation_is_undone(kind, orientation):
    upright = np.zeros((16, 32), np.uint8)
    upright[:8, :16] = 255  # upper left
    upright[8:, 16:] = 120  # lower right
    stored = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.T,
        6: np.rot90,
        7: lambda p: p[::-1, ::-1].T,
        8: lambda p: np.rot90(p, -1),
    }[orientation](upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}.get(kind, {})
    data = encode(np.ascontiguousarray(stored), kind, exif=exif, **options)
    got = np.asarray(decode_picture(data, "name").convert("L")).astype(int)
    assert got.shape == upright.shape
    assert np.abs(got - upright).max() <= 6


def test_damaged_exif_does_not_cost_the_picture():
    data = encode(colours(16, 16), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xaa" * 40)
    assert decode(data).shape == (16, 16, 3)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_any_size(size, kind):
    assert decode_picture(encode(Image.new("RGB", size), kind), "name").size == size


def test_a_jpeg_may_come_smaller_but_not_too_small():
    data = encode(colours(800, 1200), "JPEG")
    small = decode_picture(data, "name", at_least=128)
    assert min(small.size) >= 128
    assert small.size < (1200, 800)
    assert decode_picture(data, "name").size == (1200, 800)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_a_picture_cut_anywhere_is_an_error_or_whole(kind):
    data = encode(colours(40, 40), kind)
    for end in {*range(64), len(data) // 4, len(data) // 2, len(data) * 3 // 4}:
        with pytest.raises(PictureError) as caught:
            decode_picture(data[:end], "holiday.jpg")
        assert caught.value.subject == "holiday.jpg"
        assert caught.value.reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_garbled_pictures_never_do_more_than_fail(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encode(colours(24, 24), kind, exif=exif) if kind not in ("GIF", "BMP") else encode(colours(24, 24), kind)
    random = np.random.default_rng(5)
    for _ in range(80):
        garbled = bytearray(data)
        for place in random.integers(0, len(data), 6):
            garbled[place] = random.integers(256)
        try:
            picture = decode_picture(bytes(garbled), "name")
        except PictureError:
            continue
        assert picture.mode in ("L", "LA", "RGB", "RGBA")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b"hello, I am a text", "not a picture"),
        (b"\0" * 100, "only zeros"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
)
def test_what_is_no_picture_says_so(data, reason):
    with pytest.raises(PictureError, match=reason):
        decode_picture(data, "name")


def _png_of(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_bomb_is_refused_before_it_unpacks():
    with pytest.raises(PictureError, match="too large"):
        decode_picture(_png_of(40_000, 40_000), "name")
    with pytest.raises(PictureError):
        decode_picture(_png_of(2**31 - 1, 2**31 - 1), "name")


def test_a_large_picture_within_the_limit_does_not_warn():
    side = 9600  # Pillow warns from 89 million pixels on
    assert side * side < MAX_PIXELS
    picture = decode_picture(encode(Image.new("1", (side, side)), "PNG"), "name")
    assert picture.size == (side, side)


def test_the_result_does_not_hold_the_file():
    picture = decode_picture(encode(colours()), "name")
    assert type(picture) is Image.Image
    assert not isinstance(getattr(picture, "fp", None), io.BytesIO)
