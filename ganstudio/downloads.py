"""Downloading one large file: resumed where it was cut, checked before it gets its name, ended at any moment.

Only what was asked for is fetched: https addresses, few redirects, a largest size. What has come stays in a hidden file
beside the target until it is whole and right.
"""

import contextlib
import hashlib
import http.client
import json
import os
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import filelock

import ganstudio
from ganstudio.errors import GanStudioError
from ganstudio.files import sync_folder, write_text_atomically

LARGEST = 8 << 30
MAX_REDIRECTS = 5
_CHUNK = 1 << 18
_TIMEOUT_S = 15.0  # also how long a cancel may take where nothing comes
_TRIES = 5
_LOCAL = ("127.0.0.1", "localhost", "::1")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


class DownloadError(GanStudioError):
    """A file could not be downloaded; what came of it stays, so that the next try goes on from there."""


@dataclass(frozen=True)
class Download:
    """What to fetch.

    Attributes:
        url: Where from; https (http only from this machine itself).
        target: Where to; its folder is made.
        sha256: What its bytes must hash to, or "" where nobody published that.
        size: How many bytes it has, or None where unknown.
        largest: More bytes than this are refused.
        wait_s: How long to wait before a cut connection is tried again.
    """

    url: str
    target: Path
    sha256: str = ""
    size: int | None = None
    largest: int = LARGEST
    wait_s: float = 2.0

    @property
    def part(self) -> Path:
        """The file that grows until it is whole."""
        return self.target.with_name(f".{self.target.name}.part")

    @property
    def note(self) -> Path:
        """What is known of the part, so that only the same file is gone on with."""
        return self.target.with_name(f".{self.target.name}.part.json")

    @property
    def lock(self) -> Path:
        """Held by whoever fetches."""
        return self.target.with_name(f".{self.target.name}.lock")


@dataclass(frozen=True)
class DownloadProgress:
    """How many bytes are there, of how many (None: nobody says), and what is being done."""

    done: int
    total: int | None
    doing: str = ""

    @property
    def fraction(self) -> float | None:
        """How much is done, 0 to 1, or None where nobody knows."""
        return min(1.0, self.done / self.total) if self.total else None


@dataclass(frozen=True)
class DownloadFinished:
    """The file is whole and has its name.

    Attributes:
        path: The file.
        sha256: What its bytes hash to.
        was_checked: Whether there was a published hash to compare with.
    """

    path: Path
    sha256: str
    was_checked: bool


def download(wanted: Download) -> Iterator[DownloadProgress | DownloadFinished]:
    """Fetch a file; closing the generator keeps what has come.

    Raises:
        DownloadError: The address is none to fetch from, there is no network, the server refuses or sends something
            else, the file is too large or not the one that was published, or it cannot be written.
    """
    _check_address(wanted.url, wanted.url)
    try:
        wanted.target.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(wanted.lock, timeout=0, thread_local=False):
            try:
                yield from _fetch_whole(wanted)
            finally:
                with contextlib.suppress(OSError):
                    wanted.lock.unlink()
    except filelock.Timeout as error:
        raise DownloadError(wanted.target, "it is being downloaded already", "wait for it") from error
    except OSError as error:
        reason = f"it cannot be written ({error.strerror or error})"
        raise DownloadError(wanted.target, reason, "free some space or choose another folder") from error


def forget_part(wanted: Download) -> None:
    """Throw away what has come of a file so far."""
    for path in (wanted.part, wanted.note):
        with contextlib.suppress(OSError):
            path.unlink()


def _fetch_whole(wanted: Download) -> Iterator[DownloadProgress | DownloadFinished]:
    for attempt in range(1, _TRIES + 1):
        before = _part_size(wanted)
        try:
            yield from _fetch(wanted)
            break
        except _CutError as error:
            if attempt == _TRIES or (attempt > 2 and _part_size(wanted) <= before):
                raise DownloadError(wanted.target, "the connection was lost again and again",
                                    "try later; it goes on from where it is") from error  # fmt: skip
            yield DownloadProgress(_part_size(wanted), wanted.size, "connection lost, trying again")
            time.sleep(wanted.wait_s)
    yield from _finish(wanted)


class _CutError(Exception):
    """The connection ended before the file did."""


def _fetch(wanted: Download) -> Iterator[DownloadProgress]:
    """Fetch what is missing of the part, once."""
    start = _part_size(wanted)
    note = _read_note(wanted) if start else {}
    is_told_apart = bool(wanted.sha256 or note.get("etag") or note.get("modified"))
    if start and (note.get("url") != wanted.url or not is_told_apart):
        forget_part(wanted)
        start, note = 0, {}
    if start and start == note.get("total"):
        return
    response = _ask(wanted, start, note)
    if response is None:  # the server has no more than what is there
        forget_part(wanted)
        response = _ask(wanted, 0, {})
    if response is None:
        raise DownloadError(wanted.url, "the server sends nothing", "try later")
    with contextlib.closing(response):
        offset, total = _check_answer(wanted, response, start)
        write_text_atomically(wanted.note, json.dumps({**_validators(response), "url": wanted.url, "total": total}))
        with wanted.part.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            file.truncate()
            yield from _pour(wanted, response, file, (offset, total))


def _pour(
    wanted: Download, response: http.client.HTTPResponse, file: BinaryIO, span: tuple[int, int | None]
) -> Iterator[DownloadProgress]:
    done, total = span
    yield DownloadProgress(done, total)
    while True:
        try:
            chunk = response.read1(_CHUNK)
        except (http.client.HTTPException, OSError) as error:
            raise _CutError from error
        if not chunk:
            break
        done += len(chunk)
        if done > wanted.largest or (total is not None and done > total):
            raise DownloadError(wanted.url, "the server sends more than the file has", "tell us about this address")
        file.write(chunk)
        yield DownloadProgress(done, total)
    file.flush()
    os.fsync(file.fileno())
    if total is not None and done < total:
        raise _CutError


def _ask(wanted: Download, start: int, note: Mapping[str, Any]) -> http.client.HTTPResponse | None:
    """Ask the server; None where it says that there is nothing after `start`."""
    headers = {"User-Agent": f"GANStudio/{ganstudio.__version__}", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
        if validator := note.get("etag") or note.get("modified"):
            headers["If-Range"] = str(validator)
    request = urllib.request.Request(wanted.url, headers=headers)  # noqa: S310 - the scheme was checked
    opener = urllib.request.build_opener(_Redirects())
    try:
        response: http.client.HTTPResponse = opener.open(request, timeout=_TIMEOUT_S)
        return response
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and start:
            return None
        raise DownloadError(wanted.url, *_say_status(error.code)) from error
    except urllib.error.URLError as error:
        reason = f"the server cannot be reached ({_plain(error.reason)})"
        raise DownloadError(wanted.url, reason, "check the network; all else works without it") from error
    except (http.client.HTTPException, OSError) as error:
        raise _CutError from error


def _check_answer(wanted: Download, response: http.client.HTTPResponse, start: int) -> tuple[int, int | None]:
    """Where in the file the answer begins, and how long the file is; refuses what is not the file."""
    if response.headers.get_content_type() in ("text/html", "application/xhtml+xml"):
        raise DownloadError(wanted.url, "the server sends a web page instead of the file",
                            "open the address in a browser, and then the file that it gives")  # fmt: skip
    offset, total = 0, None
    length = response.headers.get("Content-Length", "")
    if length.isdigit():
        total = int(length)
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        found = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
        if found is None or int(found[1]) != start:
            raise DownloadError(wanted.url, "the server sends another part than was asked for", "try again")
        offset, total = start, int(found[3]) if found[3] != "*" else None
    _check_size(wanted, total, offset)
    return offset, total


def _check_size(wanted: Download, total: int | None, offset: int) -> None:
    if total is None:
        return
    if total > wanted.largest:
        raise DownloadError(wanted.url, f"the file is too large ({total >> 20:,} MB)", "download it with a browser")
    if wanted.size is not None and total != wanted.size:
        reason = f"the file has {total:,} bytes instead of {wanted.size:,}"
        raise DownloadError(wanted.url, reason, "it was replaced; look at its publisher's page")
    free = shutil.disk_usage(wanted.target.parent).free
    if total - offset > free:
        reason = f"the disk has only {free >> 20:,} MB left, {(total - offset) >> 20:,} MB are needed"
        raise DownloadError(wanted.target, reason, "free some space or choose another folder")


def _finish(wanted: Download) -> Iterator[DownloadProgress | DownloadFinished]:
    """Check the whole part and give it its name."""
    total = _part_size(wanted)
    digest, done = hashlib.sha256(), 0
    with wanted.part.open("rb") as file:
        while chunk := file.read(1 << 22):
            digest.update(chunk)
            done += len(chunk)
            yield DownloadProgress(done, total, "checking")
    if wanted.sha256 and digest.hexdigest() != wanted.sha256.lower():
        forget_part(wanted)
        raise DownloadError(wanted.url, "what came is not the published file (its SHA-256 differs)",
                            "download it again; if it comes again, do not use it")  # fmt: skip
    if not total:
        forget_part(wanted)
        raise DownloadError(wanted.url, "the server sends an empty file", "try later")
    wanted.part.replace(wanted.target)
    sync_folder(wanted.target.parent)
    forget_part(wanted)
    yield DownloadFinished(wanted.target, digest.hexdigest(), bool(wanted.sha256))


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows few redirects, and none that leaves https."""

    max_redirections = MAX_REDIRECTS

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        _check_address(newurl, req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check_address(url: str, origin: str) -> None:
    parts = urlsplit(url)
    is_local = parts.scheme == "http" and parts.hostname in _LOCAL and urlsplit(origin).hostname in _LOCAL
    if not (parts.scheme == "https" and parts.hostname) and not is_local:
        raise DownloadError(origin, f"it leads to {url[:80]}, which is no https address", "nothing was fetched")


def _validators(response: http.client.HTTPResponse) -> dict[str, str]:
    """What tells this file from a later one of the same name; a weak tag does not."""
    etag = response.headers.get("ETag", "")
    return {"etag": "" if etag.startswith("W/") else etag, "modified": response.headers.get("Last-Modified", "")}


def _part_size(wanted: Download) -> int:
    try:
        return wanted.part.stat().st_size
    except OSError:
        return 0


def _read_note(wanted: Download) -> dict[str, Any]:
    try:
        values = json.loads(wanted.note.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _say_status(code: int) -> tuple[str, str]:
    known = {
        401: ("the server asks for a password", "download it with a browser, then open the file"),
        403: ("the server refuses to give it", "download it with a browser, then open the file"),
        404: ("it is not there any more", "look for it on its publisher's page"),
        410: ("it is not there any more", "look for it on its publisher's page"),
        429: ("the server is asked too often", "try again in some minutes"),
    }
    fallback = "the server has trouble" if code >= 500 else "the server does not give it"
    return known.get(code, (f"{fallback} (status {code})", "try later"))


def _plain(reason: object) -> str:
    return str(getattr(reason, "strerror", None) or reason)[:120]
