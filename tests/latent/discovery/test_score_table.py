"""Tables of scores."""

import math

import pytest

from ganstudio.latent.discovery.base import DiscoveryError
from ganstudio.latent.discovery.score_table import read_scores


def test_a_table_is_read(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("\ufeffsmile, seed ,age\n0.5,7,\n\n-1,8,2e1\n", encoding="utf-8")
    table = read_scores(path)
    assert (table.kind, table.numbers, table.lines) == ("seed", (7, 8), (2, 4))
    assert table.names == ("smile", "age")
    assert table.scores[1] == (-1.0, 20.0)
    assert math.isnan(table.scores[0][1])


@pytest.mark.parametrize("delimiter", [";", "\t"], ids=["semicolons", "tabs"])
def test_other_delimiters_leave_the_comma_to_decimals(tmp_path, delimiter):
    path = tmp_path / "scores.txt"
    path.write_text(f"picture{delimiter}smile\na, b.png{delimiter}0,25\n")
    table = read_scores(path)
    assert (table.kind, table.keys, table.scores) == ("picture", ("a, b.png",), ((0.25,),))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "no lines"),
        ("smile\n1\n", "line 1"),
        ("seed\n1\n", "line 1"),
        ("seed,index,a\n1,2,3\n", "seed and index"),
        ("seed,a,a\n1,2,3\n", "line 1, column 2"),
        ("seed,a,\n1,2,3\n", "line 1, column 3"),
        ("seed,a\n", "nothing below"),
        ("seed,a\n1\n", "line 2 has 1 cells"),
        ("seed,a\n1,0\nx,1\n", "line 3, column seed"),
        ("seed,a\n1,0\n\n2,much\n", "line 4, column a"),
        ("seed,a\n-1,2\n", "line 2, column seed"),
        ("seed,a\n1,inf\n", "line 2, column a"),
        ("seed,a\n99999999999,1\n", "line 2, column seed"),
        ("picture,a\n,1\n", "line 2, column picture"),
    ],
)
def test_what_is_no_table_is_refused_by_line_and_column(tmp_path, text, where):
    path = tmp_path / "scores.csv"
    path.write_text(text)
    with pytest.raises(DiscoveryError) as caught:
        read_scores(path)
    assert where in caught.value.reason
    assert "write a" in caught.value.remedy


def test_what_is_no_text_is_refused(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_bytes(b"\xff\xfe\x00\x01" * 20)
    with pytest.raises(DiscoveryError, match="cannot be read"):
        read_scores(path)
    with pytest.raises(DiscoveryError, match="cannot be read"):
        read_scores(tmp_path / "gone.csv")
