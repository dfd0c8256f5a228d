import json

import pytest

from ganstudio.project.long_texts import restore, share


def test_long_texts_are_kept_once_and_come_back() -> None:
    long = "x" * 5000
    values = {"a": long, "b": [{"c": long}, "short", 5, None, True], "d": "y" * 5000}
    table: dict[str, str] = {}
    shared = json.loads(json.dumps({"values": share(values, table), "texts": table}))
    assert len(shared["texts"]) == 2
    assert len(json.dumps(shared)) < 10_500
    assert restore(shared["values"], shared["texts"]) == values


def test_what_is_nested_too_deeply_is_refused() -> None:
    values: object = "x"
    for _ in range(100):
        values = [values]
    with pytest.raises(ValueError, match="nested"):
        restore(values, {})
