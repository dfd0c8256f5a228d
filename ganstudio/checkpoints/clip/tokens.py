"""Words to numbers, as CLIP takes them: pairs of letters are joined in the order in which the vocabulary learned to.

Source: Sennrich et al. 2016 (byte pair encoding); Radford et al. 2021 (CLIP), section 2.4; the file is `tokenizer.json`
as the `tokenizers` library writes it.
"""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

from ganstudio.checkpoints.errors import CheckpointError

_LARGEST = 64 << 20
_LONGEST_TEXT = 1000  # letters
_NEVER = 1 << 60
_WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+", re.IGNORECASE)
_STARTS, _ENDS = ("<|startoftext|>", "<s>", "[CLS]"), ("<|endoftext|>", "</s>", "[SEP]")
_REMEDY = "choose the tokenizer.json of the text encoder"


class ClipTokens:
    """A vocabulary.

    Args:
        path: `tokenizer.json`.

    Attributes:
        start: Number that begins a text.
        end: Number that ends a text, and fills what is left.

    Raises:
        CheckpointError: The file is gone, damaged, or of another kind of vocabulary.
    """

    def __init__(self, path: Path) -> None:
        model = _read(path)
        self._vocabulary: dict[str, int] = model["vocab"]
        self._suffix = str(model.get("end_of_word_suffix") or "")
        self._ranks = {_pair(path, merge): rank for rank, merge in enumerate(model["merges"])}
        self._unknown = model.get("unk_token")
        self._letters = _letters_of_bytes()
        self.start, self.end = (self._special(path, names) for names in (_STARTS, _ENDS))

    def encode(self, text: str) -> list[int]:
        """The numbers of a text, its start and end included."""
        words = _WORDS.findall(" ".join(text[:_LONGEST_TEXT].lower().split()))
        numbers = [number for word in words for number in self._numbers(word)]
        return [self.start, *numbers, self.end]

    def _numbers(self, word: str) -> list[int]:
        parts = [self._letters[byte] for byte in word.encode("utf-8")]
        parts[-1] += self._suffix
        while len(parts) > 1:
            best = min(pairwise(parts), key=lambda pair: self._ranks.get(pair, _NEVER))
            if best not in self._ranks:
                break
            parts = _join(parts, best)
        unknown = self._vocabulary.get(str(self._unknown))
        found = [self._vocabulary.get(part, unknown) for part in parts]
        return [number for number in found if number is not None]

    def _special(self, path: Path, names: tuple[str, ...]) -> int:
        found = next((self._vocabulary[name] for name in names if name in self._vocabulary), None)
        if found is None:
            raise CheckpointError(path, f"its vocabulary has none of {', '.join(names)}", _REMEDY)
        return found


def _join(parts: list[str], pair: tuple[str, str]) -> list[str]:
    """Join a pair wherever it stands."""
    joined: list[str] = []
    place = 0
    while place < len(parts):
        if tuple(parts[place : place + 2]) == pair:
            joined.append("".join(pair))
            place += 2
        else:
            joined.append(parts[place])
            place += 1
    return joined


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise CheckpointError(path, "it is larger than 64 MB", _REMEDY)
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(path, f"it cannot be read ({error.strerror})", "choose it where it is now") from error
    except (ValueError, RecursionError) as error:
        raise CheckpointError(path, "it is no JSON", _REMEDY) from error
    model = values.get("model") if isinstance(values, dict) else None
    if not isinstance(model, dict) or model.get("type", "BPE") != "BPE":
        raise CheckpointError(path, "it holds no vocabulary of byte pairs (BPE)", _REMEDY)
    vocabulary, merges = model.get("vocab"), model.get("merges")
    whole = isinstance(vocabulary, dict) and all(type(number) is int for number in vocabulary.values())
    if not whole or not isinstance(merges, list):
        raise CheckpointError(path, "its vocabulary is damaged", _REMEDY)
    return model


def _pair(path: Path, merge: object) -> tuple[str, str]:
    """A pair, written as two words or as one with a space."""
    parts = merge.split(" ") if isinstance(merge, str) else merge
    if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(part, str) for part in parts):
        raise CheckpointError(path, f"one of its pairs is {str(merge)[:40]!r}", _REMEDY)
    return parts[0], parts[1]


def _letters_of_bytes() -> dict[int, str]:
    """A letter that can be seen for each byte. Source: Radford et al. 2019 (GPT-2's byte-level vocabulary)."""
    seen = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {byte: chr(256 + number) for number, byte in enumerate(others)}
