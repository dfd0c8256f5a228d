"""One entry of a zip: its bytes, compared with their checksum before they are believed."""

import zlib
from dataclasses import dataclass, field

from ganstudio.checkpoints.errors import COPY_AGAIN, CheckpointError
from ganstudio.checkpoints.file_bytes import ByteSlice, FileBytes

_BLOCK = 1 << 20


@dataclass(eq=False)
class ZipEntry:
    """An entry whose place and sizes were checked; a `ByteSource` of its unpacked bytes.

    Attributes:
        name: Its name.
        file: The zip.
        packed: Where its bytes are.
        size: Number of unpacked bytes.
        crc: CRC-32 of the unpacked bytes, None where the writer left it out (torch can be told to).
        deflated: Whether it is compressed.
    """

    name: str
    file: FileBytes = field(repr=False)
    packed: ByteSlice = field(repr=False)
    size: int
    crc: int | None
    deflated: bool
    _unpacked: bytes | None = field(default=None, repr=False)
    _checked: bool = field(default=False, repr=False)

    @property
    def data(self) -> ByteSlice:
        """All of it, not read yet."""
        return ByteSlice(self, 0, self.size)

    def read_into(self, offset: int, target: memoryview) -> None:
        """Fill `target` with unpacked bytes; raises CheckpointError where they do not fit their checksum."""
        if self.deflated:
            if self._unpacked is None:
                self._unpacked = self._inflate()
            target[:] = self._unpacked[offset : offset + len(target)]
        elif offset == 0 and len(target) == self.size:
            self.packed.read_into(0, target)
            if not self._checked:
                self._compare(zlib.crc32(target))
        else:
            if not self._checked:
                self._check_stored()
            self.packed.read_into(offset, target)

    def _check_stored(self) -> None:
        checksum = 0
        if self.crc is not None:
            block = memoryview(bytearray(min(_BLOCK, self.size)))
            for start in range(0, self.size, _BLOCK):
                part = block[: min(_BLOCK, self.size - start)]
                self.packed.read_into(start, part)
                checksum = zlib.crc32(part, checksum)
        self._compare(checksum)

    def _inflate(self) -> bytes:
        """Unpack; at most as much as the directory says, which was checked before."""
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        parts: list[bytes] = []
        total = 0
        try:
            for start in range(0, self.packed.size, _BLOCK):
                packed = self.packed.part(start, min(_BLOCK, self.packed.size - start)).read()
                parts.append(unpacker.decompress(packed, self.size + 1 - total))
                total += len(parts[-1])
                if total > self.size or unpacker.unconsumed_tail:
                    raise self._damage("is larger than said")
        except zlib.error as error:
            raise self._damage("is damaged") from error
        data = b"".join(parts)
        if len(data) != self.size or not unpacker.eof:
            raise self._damage("is smaller than said")
        self._compare(zlib.crc32(data))
        return data

    def _compare(self, checksum: int) -> None:
        if self.crc is not None and checksum != self.crc:
            raise self._damage("does not fit its checksum")
        self._checked = True

    def _damage(self, what: str) -> CheckpointError:
        return CheckpointError(self.file.path, f"it is damaged: its part {self.name[:80]!r} {what}", COPY_AGAIN)
