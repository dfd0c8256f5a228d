"""A server of one file on this machine, which can be told to misbehave."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = bytes(range(256)) * 4096  # 1 MiB


class Server:
    """What the server does, changed by each test."""

    def __init__(self) -> None:
        self.body = BODY
        self.cut_after: list[int] = []  # how many bytes the next answers give before the line breaks
        self.status = 200
        self.etag = '"first"'
        self.knows_ranges = True
        self.content_type = "application/octet-stream"
        self.says_length = True
        self.redirects: dict[str, str] = {}
        self.asked: list[str] = []
        self.url = ""


def send_body(handler: BaseHTTPRequestHandler, state: Server, start: int) -> None:
    """Send the body from a place on, as the server is told to."""
    if not state.knows_ranges or handler.headers.get("If-Range") not in (None, state.etag):
        start = 0
    if start >= len(state.body) > 0:
        handler.send_error(416)
        return
    handler.send_response(206 if start else 200)
    headers = {"Content-Type": state.content_type, "ETag": state.etag}
    if start:
        headers["Content-Range"] = f"bytes {start}-{len(state.body) - 1}/{len(state.body)}"
    if state.says_length:
        headers["Content-Length"] = str(len(state.body) - start)
    for name, value in headers.items():
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    end = start + state.cut_after.pop(0) if state.cut_after else len(state.body)
    handler.wfile.write(state.body[start:end])


def make_handler(state: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            state.asked.append(wanted)
            if self.path in state.redirects:
                self.send_response(302)
                self.send_header("Location", state.redirects[self.path])
                self.end_headers()
            elif state.status != 200:
                self.send_error(state.status)
            else:
                send_body(self, state, int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0)

    return Handler


@contextmanager
def serve() -> Iterator[Server]:
    """Run one."""
    state = Server()
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(state))
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
