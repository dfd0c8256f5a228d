"""Random damage to good files: whatever comes of it, the only error is a CheckpointError, and soon.

The seed is fixed, and a failing mutant is reported with its label, seed and round, so it can be made again. Longer runs:
GANSTUDIO_FUZZ_ROUNDS (default 40) and GANSTUDIO_FUZZ_SEED (default 0).
"""

import os
import random
import struct
import time
from pathlib import Path

import good
import pytest

from ganstudio.checkpoints.base import CheckpointError
from ganstudio.checkpoints.catalogue import describe
from ganstudio.checkpoints.opened_file import OpenedFile

ROUNDS = int(os.environ.get("GANSTUDIO_FUZZ_ROUNDS", "40"))
SEED = int(os.environ.get("GANSTUDIO_FUZZ_SEED", "0"))
SECONDS = 20.0
FILES = {label: data for label, data, _ in good.files()}
OPCODES = b"().0123FIJKLMNPQRSTUVXacbdego hijlpqrstu]}BCG\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98"
NUMBERS = [0, 1, 2, 255, 256, 65535, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, (1 << 62), (1 << 64) - 1]


def mutate(data: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Flip, replace, cut, double or splice, once to five times."""
    result = data
    for _ in range(rng.randint(1, 5)):
        if not result:
            break
        place = rng.randrange(len(result)) if rng.random() < 0.5 else rng.randrange(min(len(result), 300))
        length = min(rng.choice((1, 2, 4, 8, 30, 300)), len(result) - place)
        before, part, after = result[:place], result[place : place + length], result[place + length :]
        result = before + rng.choice(CHANGES)(part, rng, others) + after
        if rng.random() < 0.1:
            result = result[:place]
    return result


def splice(part: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    other = rng.choice(others)
    start = rng.randrange(max(1, len(other)))
    return part + other[start : start + len(part)]


CHANGES = (  # of a part, in place
    lambda part, rng, _: bytes([part[0] ^ (1 << rng.randrange(8))]) + part[1:],
    lambda part, rng, _: bytes([rng.choice(OPCODES)]) + part[1:],
    lambda part, rng, _: struct.pack("<Q", rng.choice(NUMBERS))[: len(part)],
    lambda *_: b"",
    lambda part, *_: part * 2,
    lambda part, rng, _: rng.randbytes(len(part)),
    lambda part, rng, _: bytes(rng.choice(OPCODES) for _ in part) + part,
    splice,
)


def open_whole(path: Path) -> None:
    """Everything that a person's opening of the file does."""
    try:
        file = OpenedFile.open(path)
        for tensor in file.tensors.values():
            tensor.array()
        describe(path)
    except CheckpointError as error:
        if not 0 < len(error.reason) < 300 or not error.remedy or "\n" in error.message:
            raise AssertionError(f"a poor message: {error.message!r}") from error


@pytest.mark.parametrize("label", FILES)
def test_damage_gives_an_error_and_nothing_else(tmp_path, label):
    rng = random.Random(f"{label} {SEED}")
    others = list(FILES.values())
    path = tmp_path / "file"
    for turn in range(ROUNDS):
        mutant = mutate(FILES[label], rng, others)
        path.write_bytes(mutant)
        start = time.perf_counter()
        try:
            open_whole(path)
        except BaseException as error:
            error.add_note(f"{label!r}, seed {SEED}, round {turn}: {len(mutant)} bytes")
            raise
        assert time.perf_counter() - start < SECONDS, f"{label!r}, seed {SEED}, round {turn}"
