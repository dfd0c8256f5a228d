"""The bytes of a pickle in order, through a small window; long values are passed by without being read."""

from ganstudio.checkpoints.errors import ContentError
from ganstudio.checkpoints.file_bytes import ByteSlice

LONG_BYTES = 1 << 14  # longer byte strings stay in the file until somebody wants them
MAX_TEXT_BYTES = 1 << 26

_FIRST_WINDOW = 1 << 12
_LARGEST_WINDOW = 1 << 18


class PickleReader:
    """Reads a slice from its beginning on.

    Args:
        data: What to read.
    """

    def __init__(self, data: ByteSlice) -> None:
        self.data = data
        self._window = b""
        self._start = 0  # of the window in `data`
        self._next = 0  # in the window
        self._window_size = _FIRST_WINDOW

    @property
    def position(self) -> int:
        """Where the next byte is."""
        return self._start + self._next

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return self.data.size - self.position

    def byte(self) -> int:
        """The next byte."""
        try:
            value = self._window[self._next]
        except IndexError:
            self._need(1)
            value = self._window[self._next]
        self._next += 1
        return value

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        end = self._next + length
        if end > len(self._window):
            self._need(length)
            end = self._next + length
        value = self._window[self._next : end]
        self._next = end
        return value

    def number(self, length: int) -> int:
        """The next `length` bytes as an unsigned little-endian number."""
        return int.from_bytes(self.take(length), "little")

    def text(self, length: int) -> bytes:
        """The next `length` bytes, of a text."""
        if length > MAX_TEXT_BYTES:
            self.check_left(length)
            raise ContentError("a text in it is longer than 64 MiB, which no saved weights have")
        return self.take(length)

    def line(self) -> bytes:
        """The bytes up to the next line feed, which is passed by."""
        searched = 0
        while (end := self._window.find(b"\n", self._next + searched)) < 0:
            searched = len(self._window) - self._next
            if searched > MAX_TEXT_BYTES:
                raise ContentError("a line in it is longer than 64 MiB, which no saved weights have")
            self.check_left(searched + 1)
            self._need(min(2 * searched + 1, self.left))
        value = self._window[self._next : end]
        self._next = end + 1
        return value

    def long_bytes(self, length: int) -> bytes | ByteSlice:
        """The next `length` bytes; where they are many, the place where they are."""
        if length <= LONG_BYTES:
            return self.take(length)
        self.check_left(length)
        position = self.position
        self.seek(position + length)
        return self.data.part(position, length)

    def seek(self, position: int) -> None:
        """Go on at `position`."""
        if self._start <= position <= self._start + len(self._window):
            self._next = position - self._start
            return
        self._window = b""
        self._start = position
        self._next = 0
        self._window_size = _FIRST_WINDOW

    def check_left(self, length: int) -> None:
        """Raise ContentError unless `length` more bytes are there."""
        if length > self.left:
            raise ContentError(
                f"it was cut short: there are {self.data.size:,} bytes, at least {self.position + length:,} are wanted"
            )

    def _need(self, length: int) -> None:
        """Make the window hold the next `length` bytes."""
        self.check_left(length)
        rest = self._window[self._next :]
        start = self._start + self._next
        wanted = min(max(length, self._window_size), self.data.size - start)
        self._window_size = min(2 * self._window_size, _LARGEST_WINDOW)
        self._window = rest + self.data.part(start + len(rest), wanted - len(rest)).read()
        self._start = start
        self._next = 0
