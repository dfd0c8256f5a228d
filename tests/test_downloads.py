"""Downloads against a server of our own on this machine; nothing here leaves it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from file_server import BODY, Server, serve

from ganstudio.downloads import Download, DownloadError, DownloadFinished, DownloadProgress, download

DIGEST = hashlib.sha256(BODY).hexdigest()


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as state:
        yield state


@pytest.fixture
def wish(server: Server, tmp_path: Path) -> Callable[..., Download]:
    def make(**parts: object) -> Download:
        values = {"url": f"{server.url}/model.pkl", "target": tmp_path / "deep" / "model.pkl", "wait_s": 0.0, **parts}
        return Download(**values)  # type: ignore[arg-type]

    return make


Wish = Callable[..., Download]


def finish(wanted: Download) -> DownloadFinished:
    *_, last = download(wanted)
    assert isinstance(last, DownloadFinished)
    return last


def leftovers(wanted: Download) -> list[str]:
    return sorted(path.name for path in wanted.target.parent.iterdir() if path != wanted.target)


def test_a_file_comes_whole_with_progress_and_its_hash(wish: Wish) -> None:
    wanted = wish(sha256=DIGEST.upper(), size=len(BODY))
    events = list(download(wanted))
    assert events[-1] == DownloadFinished(wanted.target, DIGEST, True)
    counts = [event.done for event in events if isinstance(event, DownloadProgress) and not event.doing]
    assert counts == sorted(counts)
    assert counts[-1] == len(BODY)
    assert wanted.target.read_bytes() == BODY
    assert leftovers(wanted) == []


def test_without_a_published_hash_it_says_that_nothing_was_checked(wish: Wish) -> None:
    assert finish(wish()) == DownloadFinished(wish().target, DIGEST, False)


def test_a_cut_connection_is_gone_on_with_where_it_was(server: Server, wish: Wish) -> None:
    server.cut_after = [300_000, 400_000]
    assert finish(wish(sha256=DIGEST)).sha256 == DIGEST
    assert server.asked[0] == ""
    assert all(asked.startswith("bytes=") for asked in server.asked[1:])


def test_a_cancelled_download_keeps_its_part_and_resumes(server: Server, wish: Wish) -> None:
    wanted = wish(sha256=DIGEST)
    work = download(wanted)
    while not (isinstance(event := next(work), DownloadProgress) and event.done > 100_000):
        pass
    work.close()
    kept = wanted.part.stat().st_size
    assert 0 < kept < len(BODY)
    assert not wanted.target.exists()
    finish(wanted)
    assert server.asked[-1] == f"bytes={kept}-"
    assert leftovers(wanted) == []


@pytest.mark.parametrize("change", ["no ranges", "newer file", "nothing to tell it by"])
def test_a_server_without_ranges_or_with_a_newer_file_starts_again(change: str, server: Server, wish: Wish) -> None:
    wanted = wish()
    server.etag = "" if change == "nothing to tell it by" else server.etag
    server.cut_after = [200_000] + [0] * 9
    with pytest.raises(DownloadError, match="again and again"):
        list(download(wanted))
    assert wanted.part.stat().st_size >= 0
    server.cut_after, server.body = [], BODY[::-1]
    if change == "no ranges":
        server.knows_ranges = False
    elif change == "newer file":
        server.etag = '"second"'
    finish(wanted)
    assert wanted.target.read_bytes() == BODY[::-1]


def test_a_part_that_is_whole_already_is_only_checked(server: Server, wish: Wish) -> None:
    wanted = wish(sha256=DIGEST)
    wanted.part.parent.mkdir(parents=True)
    wanted.part.write_bytes(BODY)
    wanted.note.write_text(json.dumps({"url": wanted.url, "etag": '"first"', "total": len(BODY)}))
    finish(wanted)
    assert server.asked == []


def test_a_wrong_hash_leaves_nothing_behind(wish: Wish) -> None:
    wanted = wish(sha256="0" * 64)
    wanted.target.parent.mkdir(parents=True)
    wanted.target.write_bytes(b"an older file")
    with pytest.raises(DownloadError, match="SHA-256"):
        list(download(wanted))
    assert wanted.target.read_bytes() == b"an older file"
    assert leftovers(wanted) == []


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 500, 503])
def test_a_refusal_is_told_in_words(status: int, server: Server, wish: Wish) -> None:
    server.status = status
    with pytest.raises(DownloadError) as caught:
        list(download(wish()))
    assert len(caught.value.message) <= 400
    assert caught.value.remedy


def test_too_large_too_long_another_size_a_page_and_nothing_are_refused(server: Server, wish: Wish) -> None:
    for parts, words in (({"largest": 1000}, "too large"), ({"size": 5}, "instead of 5")):
        with pytest.raises(DownloadError, match=words):
            list(download(wish(**parts)))
    server.says_length = False
    with pytest.raises(DownloadError, match="more than the file has"):
        list(download(wish(largest=1000)))
    server.says_length, server.content_type = True, "text/html"
    with pytest.raises(DownloadError, match="web page"):
        list(download(wish()))
    server.content_type, server.body = "application/octet-stream", b""
    with pytest.raises(DownloadError, match="empty"):
        list(download(wish()))


def test_redirects_are_followed_but_not_for_ever_and_never_to_http(server: Server, wish: Wish) -> None:
    server.redirects = {
        "/model.pkl": "/there",
        "/loop": "/loop",
        "/out": "http://example.invalid/x",
        "/file": "file:///etc",
    }
    assert finish(wish()).sha256 == DIGEST
    for path in ("/loop", "/out", "/file"):
        with pytest.raises(DownloadError):
            list(download(wish(url=server.url + path)))


@pytest.mark.parametrize(
    "url", ["http://example.invalid/x", "file:///etc/passwd", "ftp://example.invalid/x", "", "https:"]
)
def test_only_https_is_fetched(url: str, wish: Wish) -> None:
    with pytest.raises(DownloadError, match="https"):
        list(download(wish(url=url)))


def test_without_a_network_it_says_so_at_once(wish: Wish) -> None:
    with pytest.raises(DownloadError, match="cannot be reached"):
        list(download(wish(url="http://127.0.0.1:9/model.pkl")))


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path, wish: Wish) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError, match="cannot be written"):
        list(download(wish(target=tmp_path / "file" / "model.pkl")))


def test_two_at_once_are_one_too_many(wish: Wish) -> None:
    first = download(wish())
    next(first)
    with pytest.raises(DownloadError, match="already"):
        list(download(wish()))
    first.close()
    finish(wish())
