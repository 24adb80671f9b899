"""What a visitor's browser may not do or show; everything found is kept until the end of the test."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Request, Response

SCRIPT = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
LOCAL = ("data", "blob", "about", "chrome", "chrome-extension")  # the last two: the browser's own viewer of a PDF
STATUS = re.compile(r"the server responded with a status of \d{3}")
# Latin letters that a Chinese page rightly shows.
ALLOWED = re.compile(
    r"PDF|JPE?G|PNG|SVG|Excel|XLSX|CSV|Ctrl|\.(pdf|png)"  # kinds of files, a key of the keyboard
    r"|[a-z0-9_]+\.(bpmn|dmn|json|yaml|csv|txt|typ)"  # names of a notice's files, in the studio
    r"|(Powered by )?bpmn\.io"  # the mark of the diagram viewer, which its licence wants visible
    r"|账号：[a-z.0-9]+"  # names of demo accounts in the hints of the login page
    r"|\b[0-9a-f]{8,64}\b|故障编号：[0-9A-F]+"  # the beginning of a hash, the number of a fault
    r"|ZL[0-9.X]+"  # the number of a patent
    r"|http://127\.0\.0\.1:\d+\S*"  # the address printed on the sheet for the notice board
)


class Watch:
    """Collects the faults of one browser context; `allowed` are answers that a test provokes on purpose."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.faults: list[str] = []
        self.allowed: set[int] = set()
        self._host = urlsplit(origin).netloc
        context.expose_function("__tell", self._told)
        context.add_init_script(SCRIPT)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda event: self._page_error(event.error))

    def _told(self, kind: str, text: str, path: str) -> None:
        if kind != "policy" and not re.search(r"[A-Za-z]{3,}", ALLOWED.sub("", text)):
            return
        self.faults.append(f"{kind} on {path}: {text[:160]}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in LOCAL and parts.netloc != self._host:
            self.faults.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.faults.append(f"answer {response.status} of {urlsplit(response.url).path}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        if STATUS.search(message.text):
            return  # its answer was looked at
        self.faults.append(f"console error on {_place(message.location)}: {message.text}")

    def _page_error(self, error: Error) -> None:
        self.faults.append(f"page error: {error}")


def _place(location: Any) -> str:
    return urlsplit((location or {}).get("url", "")).path
