"""Files that are no checkpoint, known by their first bytes: what each is, and what to do with it.

Two tables: exact beginnings, and patterns for what has no fixed beginning. The first that fits names the file.
"""

import re
from typing import Final

from ganstudio.checkpoints.file_bytes import FileBytes

Reason = tuple[str, str]
"""What a file is, in one clause, and the remedy."""

_OPEN_WEIGHTS: Final = "open a file of weights (.safetensors, .pkl, .pt ...)"
_CONVERT: Final = "export its weights to safetensors or ONNX with the program that made it"
_UNPACK: Final = "unpack it and open the checkpoint in it"
_DOWNLOAD: Final = "download the file itself (the raw file, not its page)"
_PICTURE: Final = ("it is a picture, not a checkpoint", "open a checkpoint, or project it from the window")
_KERAS: Final = ("it is an HDF5 file (Keras or TensorFlow), whose weights are not read", _CONVERT)
_GGML: Final = (
    "it is a GGUF file of a language or diffusion model, not a GAN",
    "open a generator's checkpoint",
)
_LEVELDB: Final = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"
_TAR: Final = ("it is a tar archive", _UNPACK)

_BEGINNINGS: Final[tuple[tuple[int, bytes, Reason], ...]] = (  # offset, bytes there, what that is
    (0, b"\x89PNG\r\n", _PICTURE),
    (0, b"\xff\xd8\xff", _PICTURE),
    (0, b"GIF8", _PICTURE),
    (0, b"II*\x00", _PICTURE),
    (0, b"MM\x00*", _PICTURE),
    (0, b"8BPS", _PICTURE),
    (8, b"WEBP", _PICTURE),
    (0, b"BM", _PICTURE),
    (4, b"ftypavif", _PICTURE),
    (4, b"ftypheic", _PICTURE),
    (4, b"ftyp", ("it is a video, not a checkpoint", _OPEN_WEIGHTS)),
    (0, b"\x1aE\xdf\xa3", ("it is a video, not a checkpoint", _OPEN_WEIGHTS)),
    (8, b"AVI ", ("it is a video, not a checkpoint", _OPEN_WEIGHTS)),
    (0, b"\x89HDF\r\n\x1a\n", _KERAS),
    (4, b"TFL3", ("it is a TensorFlow Lite model, which is not read", _CONVERT)),
    (0, b"GGUF", _GGML),
    (0, b"ggml", _GGML),
    (0, b"lmgg", _GGML),
    (0, b"tjgg", _GGML),
    (0, b"fmgg", _GGML),
    (0, b"ggjt", _GGML),
    (0, b"ptrt", ("it is a TensorRT engine, which runs on one kind of GPU only", "open the checkpoint it was made of")),
    (0, b"ftrt", ("it is a TensorRT engine, which runs on one kind of GPU only", "open the checkpoint it was made of")),
    (0, b"\x12\x01\x00\x00", ("it is an MXNet file of parameters, which is not read", _CONVERT)),
    (0, b"7z\xbc\xaf\x27\x1c", ("it is a 7z archive", _UNPACK)),
    (0, b"Rar!", ("it is a RAR archive", _UNPACK)),
    (0, b"\x1f\x8b", ("it is packed with gzip", _UNPACK)),
    (0, b"BZh", ("it is packed with bzip2", _UNPACK)),
    (0, b"\xfd7zXZ\x00", ("it is packed with xz", _UNPACK)),
    (0, b"\x28\xb5\x2f\xfd", ("it is packed with zstandard", _UNPACK)),
    (0, b"\x78\x5e", ("it is packed with zlib (perhaps by joblib)", "save it again with torch.save")),
    (0, b"\x78\x9c", ("it is packed with zlib (perhaps by joblib)", "save it again with torch.save")),
    (16, b"\xde\xc0\xef\xbe", ("it is an LMDB database of training pictures", "use its pictures as data")),
    (0, b"SQLite format 3", ("it is a database, not a checkpoint", _OPEN_WEIGHTS)),
    (0, b"MATLAB 5.0", ("it is a Matlab file, not a checkpoint", _CONVERT)),
    (0, b"%PDF", ("it is a PDF document, not a checkpoint", _OPEN_WEIGHTS)),
    (0, b"\x7fELF", ("it is a program, not a checkpoint", "do not start it; open a checkpoint")),
    (0, b"MZ", ("it is a program, not a checkpoint", "do not start it; open a checkpoint")),
    (0, b"#!", ("it is a script, not a checkpoint", "open the file of weights that it makes or loads")),
)  # fmt: skip

_LFS_START: Final = b"version https://git-lfs"
_LFS_SIZE: Final = re.compile(rb"\nsize (\d{1,18})")
_PATTERNS: Final[tuple[tuple[re.Pattern[bytes], Reason], ...]] = (
    (re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|\?xml|!--|svg)", re.IGNORECASE),
     ("it is a web page saved in its place, not a checkpoint", _DOWNLOAD)),
    (re.compile(rb"\x08[\x01-\x14]\x12(.{1,2}tf2onnx|.pytorch|.onnx|.skl2onnx|.{1,2}[Cc]affe2)", re.DOTALL),
     ("it is an ONNX model that this installation cannot read", "open it where ONNX is supported")),
    (re.compile(rb"\x08\x01\x12[\x80-\xff]{0,4}[\x00-\x7f]\n", re.DOTALL),
     ("it is a TensorFlow SavedModel, which is not read", _CONVERT)),
    (re.compile(rb"\n.{0,300}\x12(\x05Const|\x0bPlaceholder|\x08Variable)", re.DOTALL),
     ("it is a frozen TensorFlow graph, which is not read", _CONVERT)),
    (re.compile(rb"[\x80-\x8f\xde].{0,4000}[\xa6\xa4](kernel|bias|params)", re.DOTALL),
     ("it is a Flax (JAX) file, which is not read", _CONVERT)),
    (re.compile(rb"\s*[{\[].{0,40}[\"'}\]]", re.DOTALL),
     ("it is a text in JSON, not a checkpoint", "open the weights that it belongs to")),
    (re.compile(rb"(import |from \w+ import |def |class |\"\"\")"),
     ("it is a Python program, not a checkpoint", "open the file of weights that it makes or loads")),
    (re.compile(rb".{8}\s+\{", re.DOTALL),
     ("it is a safetensors file whose header begins with blanks, which the format forbids", "save it again")),
    (re.compile(rb'.{8}\{"', re.DOTALL),
     ("it is a damaged safetensors file: its header is said to be larger than 100 MB", "copy or download it again")),
)  # fmt: skip


def name_file(file: FileBytes) -> Reason:
    """Say what a file that is no container of weights is, and what to do."""
    head = file.head
    if not head:
        return "the file is empty", "copy or download it again"
    if head.startswith(_LFS_START):
        match = _LFS_SIZE.search(head)
        size = f" of {int(match[1]):,} bytes" if match else ""
        return f"it is a Git LFS pointer: the checkpoint{size} was not downloaded", (
            "run `git lfs pull`, or download the file itself"
        )
    for offset, start, reason in _BEGINNINGS:
        if head[offset : offset + len(start)] == start:
            return reason
    if head[257:262] == b"ustar":
        return _name_tar(head)
    for pattern, reason in _PATTERNS:
        if pattern.match(head):
            return reason
    return _name_by_look(file)


def _name_tar(head: bytes) -> Reason:
    if any(head.startswith(name) for name in (b"storages\x00", b"tensors\x00", b"pickle\x00", b"sys_info\x00")):
        return "it is of a torch before 0.1.10 (a tar archive), which is not read", (
            "load it once with PyTorch and save its state_dict again"
        )
    return _TAR


def _name_by_look(file: FileBytes) -> Reason:
    head = file.head
    if file.size >= 48 and file.whole.part(file.size - 8, 8).read() == _LEVELDB:
        return "it is the index of a TensorFlow checkpoint, whose weights are in other files", _CONVERT
    if not head.strip(b"\x00"):
        return f"there is nothing but zeros in its first {len(head):,} bytes: it was never filled", (
            "copy or download it again"
        )
    if _is_text(head):
        return "it is a text, not a checkpoint of a known format", _OPEN_WEIGHTS
    return "it is not a checkpoint of a known format", _OPEN_WEIGHTS


def _is_text(head: bytes) -> bool:
    sample = head[:4096]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:  # not just a letter that was cut in two
            return False
        text = sample[: error.start].decode("utf-8")
    return all(letter.isprintable() or letter in "\t\r\n\f\x1b" for letter in text)


_ZIP_PARTS: Final = (
    ("model.weights.h5", ("it is a Keras model, whose weights are not read", _CONVERT)),
    ("saved_model.pb", ("it is a zip archive of a TensorFlow SavedModel, which is not read", _CONVERT)),
    ("[content_types].xml", ("it is an Office document, not a checkpoint", _OPEN_WEIGHTS)),
)
_PICTURE_SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
_WEIGHT_SUFFIXES: Final = (".pkl", ".pt", ".pth", ".ckpt", ".safetensors", ".onnx", ".pickle", ".bin", ".h5")


def name_zip(names: list[str]) -> Reason:
    """Say what a zip archive without weights is, by the names of its parts."""
    lower = [name.lower() for name in names if not name.endswith("/")]
    for part, reason in _ZIP_PARTS:
        if any(name.endswith(part) for name in lower):
            return reason
    pictures = sum(name.endswith(_PICTURE_SUFFIXES) for name in lower)
    if pictures * 2 > len(lower):
        return f"it is a zip archive of {pictures:,} pictures: training data", "use it as data (--data)"
    inside = next((name for name in names if name.lower().endswith(_WEIGHT_SUFFIXES)), "")
    if inside:
        return f"it is a zip archive with a checkpoint in it ({inside[:80]})", _UNPACK
    shown = ", ".join(names[:3])[:80] or "none"
    return f"it is a zip archive without weights (its parts: {shown})", _UNPACK
