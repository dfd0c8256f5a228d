"""Tables of scores."""

import math

import pytest

from ganstudio.latent.discovery.base import DiscoveryError
from ganstudio.latent.discovery.score_table import read_scores


def test_a_table_is_read(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("\ufeffsmile, seed ,age\n0.5,7,\n\n-1,8,2e1\n", encoding="utf-8")
    table = read_scores(path)
    assert table.seeds == (7, 8)
    assert table.names == ("smile", "age")
    assert table.scores[1] == (-1.0, 20.0)
    assert math.isnan(table.scores[0][1])


@pytest.mark.parametrize(
    "text",
    ["", "smile\n1\n", "seed\n1\n", "seed,a,a\n1,2,3\n", "seed,a\n1\n", "seed,a\nx,1\n", "seed,a\n1,much\n",
     "seed,a\n-1,2\n", "seed,a\n1,inf\n", "seed,a\n99999999999,1\n"],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_remedy(tmp_path, text):
    path = tmp_path / "scores.csv"
    path.write_text(text)
    with pytest.raises(DiscoveryError) as caught:
        read_scores(path)
    assert "head line" in caught.value.remedy


def test_what_is_no_text_is_refused(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_bytes(b"\xff\xfe\x00\x01" * 20)
    with pytest.raises(DiscoveryError, match="cannot be read"):
        read_scores(path)
    with pytest.raises(DiscoveryError, match="cannot be read"):
        read_scores(tmp_path / "gone.csv")
