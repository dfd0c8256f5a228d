"""The pickle machine: every opcode of protocols 0 to 5, producing plain data.

Source: the opcode descriptions of `pickletools` in Python's standard library, and PEP 307, 3154 and 574.
"""

import codecs
import struct
from collections.abc import Callable
from typing import Any, Final

from ganstudio.checkpoints.errors import COPY_AGAIN, ContentError
from ganstudio.checkpoints.pickles.calls import Calls
from ganstudio.checkpoints.pickles.names import check_name
from ganstudio.checkpoints.pickles.numpy_objects import PendingArray
from ganstudio.checkpoints.pickles.reader import PickleReader
from ganstudio.checkpoints.tree import Symbol

_HIGHEST_PROTOCOL = 5
_MAX_INTEGER_BYTES = 1024
_MAX_INTEGER_DIGITS = 2000
_MAX_MARKS = 10_000
_STOP: Final = ord(".")

# what the handlers below run into when opcodes do not fit together
_DAMAGE = (IndexError, KeyError, TypeError, ValueError, OverflowError, AttributeError, struct.error)

PersistentLoad = Callable[[Any], Any]


def refuse_persistent(identity: Any) -> Any:
    """Stand in where nothing is kept outside of the pickle."""
    raise ContentError("it is one part of a larger file (it refers to objects outside of it)", "open the whole file")


class PickleMachine:
    """Reads one pickle.

    Args:
        reader: Stands at the beginning of the pickle, afterwards behind its end.
        calls: Which constructors stand for which data.
        persistent_load: Gives the object for a persistent id.
    """

    def __init__(self, reader: PickleReader, calls: Calls, persistent_load: PersistentLoad = refuse_persistent) -> None:
        self._reader = reader
        self._calls = calls
        self._budget = calls.context.budget
        self._persistent_load = persistent_load
        self._memo: dict[int, Any] = {}
        self._stack: list[Any] = []
        self._marked: list[list[Any]] = []

    def run(self) -> Any:
        """Read up to and with STOP, and return what is there.

        Raises:
            ContentError: The pickle is damaged, asks for too much, or asks to call something.
        """
        start = self._reader.position
        try:
            self._run_opcodes()
            value = self._stack.pop()
            if self._stack or self._marked:
                raise ValueError("leftovers on the stack")
        except UnicodeDecodeError as error:
            raise ContentError("it is damaged: a text in it is no text", COPY_AGAIN) from error
        except _DAMAGE as error:
            place = f"near byte {self._reader.position:,}" if start == 0 else "inside"
            raise ContentError(f"it is a damaged pickle ({place})", COPY_AGAIN) from error
        return value

    def _run_opcodes(self) -> None:
        handlers, next_byte = _HANDLERS, self._reader.byte
        left = self._budget.opcodes
        while left > 0:
            left -= 1
            opcode = next_byte()
            if opcode == _STOP:
                self._budget.opcodes = left
                return
            if opcode in _NESTING:  # these may run another machine, which counts on
                self._budget.opcodes = left
                handlers[opcode](self)
                left = self._budget.opcodes
            else:
                handlers[opcode](self)
        raise ContentError("it has more than three million steps, which no saved weights need")

    # -- frames and numbers

    def _unknown(self) -> None:
        raise ValueError("no such opcode")

    def _refuse_extension(self) -> None:
        raise ContentError("it needs an extension registry, which no saved weights do")

    def _refuse_buffer(self) -> None:
        raise ContentError("it keeps its values outside of the file", "save it in one piece")

    def _proto(self) -> None:
        protocol = self._reader.byte()
        if protocol > _HIGHEST_PROTOCOL:
            raise ContentError(f"it is of pickle protocol {protocol}, which does not exist")

    def _frame(self) -> None:
        self._reader.check_left(self._reader.number(8))

    def _none(self) -> None:
        self._stack.append(None)

    def _true(self) -> None:
        self._stack.append(True)

    def _false(self) -> None:
        self._stack.append(False)

    def _int_line(self) -> None:
        line = self._reader.line()
        self._stack.append({b"00": False, b"01": True}.get(line) if line in (b"00", b"01") else _decimal(line))

    def _long_line(self) -> None:
        self._stack.append(_decimal(self._reader.line().removesuffix(b"L")))

    def _binint(self) -> None:
        self._stack.append(int.from_bytes(self._reader.take(4), "little", signed=True))

    def _binint1(self) -> None:
        self._stack.append(self._reader.byte())

    def _binint2(self) -> None:
        self._stack.append(self._reader.number(2))

    def _long1(self) -> None:
        self._push_long(self._reader.byte())

    def _long4(self) -> None:
        self._push_long(self._reader.number(4))

    def _push_long(self, length: int) -> None:
        if length > _MAX_INTEGER_BYTES:
            raise ContentError("a number in it is absurdly large")
        self._stack.append(int.from_bytes(self._reader.take(length), "little", signed=True))

    def _float_line(self) -> None:
        self._stack.append(float(self._reader.line()))

    def _binfloat(self) -> None:
        self._stack.append(struct.unpack(">d", self._reader.take(8))[0])

    # -- texts and bytes

    def _string_line(self) -> None:
        line = self._reader.line()
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"'):
            raise ValueError("a string without quotes")
        self._stack.append(codecs.escape_decode(line[1:-1])[0].decode("latin-1"))

    def _binstring(self) -> None:
        self._push_old_string(self._reader.number(4))

    def _short_binstring(self) -> None:
        self._push_old_string(self._reader.byte())

    def _push_old_string(self, length: int) -> None:
        """Python 2 did not tell text from bytes: short ones are text, long ones stay where they are."""
        if length >= 1 << 31:
            raise ValueError("a negative length")
        data = self._reader.long_bytes(length)
        self._stack.append(data.decode("latin-1") if isinstance(data, bytes) else data)

    def _unicode_line(self) -> None:
        self._stack.append(self._reader.line().decode("raw-unicode-escape"))

    def _push_text(self, length: int) -> None:
        self._stack.append(self._reader.text(length).decode("utf-8", "surrogatepass"))

    def _short_binunicode(self) -> None:
        self._push_text(self._reader.byte())

    def _binunicode(self) -> None:
        self._push_text(self._reader.number(4))

    def _binunicode8(self) -> None:
        self._push_text(self._reader.number(8))

    def _short_binbytes(self) -> None:
        self._stack.append(self._reader.long_bytes(self._reader.byte()))

    def _binbytes(self) -> None:
        self._stack.append(self._reader.long_bytes(self._reader.number(4)))

    def _binbytes8(self) -> None:
        self._stack.append(self._reader.long_bytes(self._reader.number(8)))

    # -- stack and memo

    def _mark(self) -> None:
        if len(self._marked) >= _MAX_MARKS:
            raise ContentError("it is nested absurdly deeply")
        self._marked.append(self._stack)
        self._stack = []

    def _pop_mark(self) -> list[Any]:
        items = self._stack
        self._stack = self._marked.pop()
        return items

    def _drop_mark(self) -> None:
        self._pop_mark()

    def _pop(self) -> None:
        if self._stack:
            self._stack.pop()
        else:
            self._pop_mark()

    def _dup(self) -> None:
        self._stack.append(self._stack[-1])

    def _remember(self, index: int) -> None:
        self._budget.spend_memo()
        value = self._memo[index] = self._stack[-1]
        if type(value) is PendingArray:
            value.memo_places.append(index)

    def _memoize(self) -> None:
        self._remember(len(self._memo))

    def _put_line(self) -> None:
        index = _decimal(self._reader.line())
        if index < 0:
            raise ValueError("a negative place in the memo")
        self._remember(index)

    def _binput(self) -> None:
        self._remember(self._reader.byte())

    def _long_binput(self) -> None:
        self._remember(self._reader.number(4))

    def _get_line(self) -> None:
        self._stack.append(self._memo[_decimal(self._reader.line())])

    def _binget(self) -> None:
        self._stack.append(self._memo[self._reader.byte()])

    def _long_binget(self) -> None:
        self._stack.append(self._memo[self._reader.number(4)])

    # -- containers

    def _push_container(self, container: Any) -> None:
        self._budget.spend_container()
        self._stack.append(container)

    def _empty_dict(self) -> None:
        self._push_container({})

    def _empty_list(self) -> None:
        self._push_container([])

    def _empty_tuple(self) -> None:
        self._stack.append(())

    def _empty_set(self) -> None:
        self._push_container(set())

    def _tuple(self) -> None:
        self._push_container(tuple(self._pop_mark()))

    def _tuple_of(self, count: int) -> None:
        items = tuple(self._stack[-count:])
        if len(items) < count:
            raise IndexError("too few on the stack")
        del self._stack[-count:]
        self._push_container(items)

    def _tuple1(self) -> None:
        self._tuple_of(1)

    def _tuple2(self) -> None:
        self._tuple_of(2)

    def _tuple3(self) -> None:
        self._tuple_of(3)

    def _list(self) -> None:
        self._push_container(self._pop_mark())

    def _dict(self) -> None:
        items = self._pop_mark()
        target: dict[Any, Any] = {}
        self._fill(target, items)
        self._push_container(target)

    def _frozenset(self) -> None:
        members = self._pop_mark()
        for member in members:
            self._budget.check_key(member)
        self._push_container(frozenset(members))

    def _append(self) -> None:
        value = self._stack.pop()
        self._calls.extend(self._stack[-1], [value])

    def _appends(self) -> None:
        items = self._pop_mark()
        self._calls.extend(self._stack[-1], items)

    def _setitem(self) -> None:
        value = self._stack.pop()
        key = self._stack.pop()
        self._fill(self._stack[-1], [key, value])

    def _setitems(self) -> None:
        items = self._pop_mark()
        self._fill(self._stack[-1], items)

    def _fill(self, target: Any, items: list[Any]) -> None:
        if len(items) % 2:
            raise ValueError("a key without a value")
        self._calls.set_items(target, items)

    def _additems(self) -> None:
        members = self._pop_mark()
        target = self._stack[-1]
        if type(target) is not set:
            raise TypeError("no set")
        for member in members:
            self._budget.check_key(member)
        target.update(members)

    # -- names and calls

    def _global(self) -> None:
        module = self._reader.line().decode("utf-8")
        self._push_symbol(module, self._reader.line().decode("utf-8"))

    def _stack_global(self) -> None:
        name = self._stack.pop()
        self._push_symbol(self._stack.pop(), name)

    def _push_symbol(self, module: Any, name: Any) -> None:
        if not (isinstance(module, str) and isinstance(name, str)):
            raise TypeError("a name that is no text")
        self._stack.append(Symbol(check_name(module, name)))

    def _reduce(self) -> None:
        arguments = self._stack.pop()
        self._stack[-1] = self._calls.call(self._stack[-1], arguments)

    def _newobj(self) -> None:
        arguments = self._stack.pop()
        self._stack[-1] = self._calls.make(self._stack[-1], arguments)

    def _newobj_ex(self) -> None:
        keywords = self._stack.pop()
        arguments = self._stack.pop()
        if not isinstance(keywords, dict) or not isinstance(arguments, tuple):
            raise TypeError("no arguments")
        self._stack[-1] = self._calls.make(self._stack[-1], (*arguments, keywords) if keywords else arguments)

    def _inst(self) -> None:
        module = self._reader.line().decode("utf-8")
        name = self._reader.line().decode("utf-8")
        self._stack.append(self._calls.call(Symbol(check_name(module, name)), tuple(self._pop_mark())))

    def _obj(self) -> None:
        callable_, *arguments = self._pop_mark()
        self._stack.append(self._calls.call(callable_, tuple(arguments)))

    def _build(self) -> None:
        state = self._stack.pop()
        target = self._stack[-1]
        built = self._stack[-1] = self._calls.build(target, state)
        if type(target) is PendingArray:
            for place in target.memo_places:
                self._memo[place] = built

    def _persid(self) -> None:
        self._stack.append(self._persistent_load(self._reader.line().decode("ascii")))

    def _binpersid(self) -> None:
        self._stack.append(self._persistent_load(self._stack.pop()))


def _decimal(line: bytes) -> int:
    if len(line) > _MAX_INTEGER_DIGITS:
        raise ContentError("a number in it is absurdly large")
    return int(line)


_Handler = Callable[[PickleMachine], None]
_BY_OPCODE: dict[bytes, _Handler] = {
    b"\x80": PickleMachine._proto, b"\x95": PickleMachine._frame,
    b"N": PickleMachine._none, b"\x88": PickleMachine._true, b"\x89": PickleMachine._false,
    b"I": PickleMachine._int_line, b"L": PickleMachine._long_line, b"J": PickleMachine._binint,
    b"K": PickleMachine._binint1, b"M": PickleMachine._binint2, b"\x8a": PickleMachine._long1,
    b"\x8b": PickleMachine._long4, b"F": PickleMachine._float_line, b"G": PickleMachine._binfloat,
    b"S": PickleMachine._string_line, b"T": PickleMachine._binstring, b"U": PickleMachine._short_binstring,
    b"V": PickleMachine._unicode_line, b"\x8c": PickleMachine._short_binunicode, b"X": PickleMachine._binunicode,
    b"\x8d": PickleMachine._binunicode8, b"C": PickleMachine._short_binbytes, b"B": PickleMachine._binbytes,
    b"\x8e": PickleMachine._binbytes8, b"\x96": PickleMachine._binbytes8,
    b"(": PickleMachine._mark, b"0": PickleMachine._pop, b"1": PickleMachine._drop_mark, b"2": PickleMachine._dup,
    b"\x94": PickleMachine._memoize, b"p": PickleMachine._put_line, b"q": PickleMachine._binput,
    b"r": PickleMachine._long_binput, b"g": PickleMachine._get_line, b"h": PickleMachine._binget,
    b"j": PickleMachine._long_binget,
    b"}": PickleMachine._empty_dict, b"]": PickleMachine._empty_list, b")": PickleMachine._empty_tuple,
    b"\x8f": PickleMachine._empty_set, b"t": PickleMachine._tuple, b"\x85": PickleMachine._tuple1,
    b"\x86": PickleMachine._tuple2, b"\x87": PickleMachine._tuple3, b"l": PickleMachine._list,
    b"d": PickleMachine._dict, b"\x91": PickleMachine._frozenset, b"a": PickleMachine._append,
    b"e": PickleMachine._appends, b"s": PickleMachine._setitem, b"u": PickleMachine._setitems,
    b"\x90": PickleMachine._additems,
    b"c": PickleMachine._global, b"\x93": PickleMachine._stack_global, b"R": PickleMachine._reduce,
    b"\x81": PickleMachine._newobj, b"\x92": PickleMachine._newobj_ex, b"i": PickleMachine._inst,
    b"o": PickleMachine._obj, b"b": PickleMachine._build, b"P": PickleMachine._persid, b"Q": PickleMachine._binpersid,
    b"\x82": PickleMachine._refuse_extension, b"\x83": PickleMachine._refuse_extension,
    b"\x84": PickleMachine._refuse_extension, b"\x97": PickleMachine._refuse_buffer,
    b"\x98": PickleMachine._refuse_buffer,
}  # fmt: skip
_HANDLERS: list[_Handler] = [_BY_OPCODE.get(bytes([code]), PickleMachine._unknown) for code in range(256)]
_NESTING = frozenset(b"Rio")
