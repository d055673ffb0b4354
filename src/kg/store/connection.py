"""Requests to a SPARQL server: what is lost is sent again, what goes wrong is said in words."""

from __future__ import annotations

import logging
import os
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg.errors import BadGraph
from kg.store.address import PASSWORD, TOKEN, USER, Address, credentials

if TYPE_CHECKING:
    import urllib3

TIMEOUT = "KG_ENDPOINT_TIMEOUT"
SECONDS = 60.0  # that an answer may take to begin, and each piece of it to come
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before each new try
BUSY = frozenset({429, 502, 503, 504})  # the server, or what stands before it, may answer later
REFUSED = frozenset({401, 403})
MOVED = range(300, 400)
PAGE = re.compile(r"<[^>]*>|\s+")

log = logging.getLogger("kg")


class Lost(Exception):
    """No connection, or one that broke; `slow` where nothing broke but the patience."""

    def __init__(self, reason: str, *, slow: bool = False) -> None:
        super().__init__(reason)
        self.slow = slow


class Refused(Exception):
    """An answer that is none: its status and what it says."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class BrokenOff(BadGraph):
    """An answer that ended in its middle: to be asked for again."""


class Connection:
    """Sends requests to the services of one server.

    A name and a password, or a token, are sent only to a server that asks for them. Once the server has answered, a
    connection that is lost is sought again with growing pauses; what is sent must bear being sent twice.
    """

    def __init__(self, address: Address) -> None:
        import urllib3

        self.address = address
        self.seconds = _seconds()
        self._pool = urllib3.PoolManager(maxsize=2)
        self._credentials = credentials()
        self.authorization: dict[str, str] = {}  # the header that the server has asked for
        self._met = False  # whether the server has ever answered

    def send(
        self, method: str, url: str, *, body: bytes | None = None, kind: str = "", accept: str = "", patience: float = 0
    ) -> urllib3.BaseHTTPResponse:
        """The answer to a request, its body yet to be read.

        Raises:
            Refused: the server refuses the request itself (400, 404...).
            BadGraph: there is no answer, or none that helps.
        """
        headers = {"Accept": accept, "Content-Type": kind, "User-Agent": "news-kg"}
        headers = {name: value for name, value in headers.items() if value}
        for number, pause in enumerate((*PAUSES, None), start=1):
            try:
                return self._answer(method, url, body, headers, patience or self.seconds)
            except Lost as error:
                if pause is None or not self._met or (error.slow and not patience):
                    raise BadGraph(f"{self.address.shown}: {error}{self._advice(error, pause)}") from error
                log.warning(
                    "kg: %s: %s; trying again in %g s (%d of %d)", self.address.shown, error, pause, number, len(PAUSES)
                )
                time.sleep(pause)
        raise AssertionError  # the last pause is None

    def read(self, answer: urllib3.BaseHTTPResponse) -> bytes:
        """The whole body of an answer.

        Raises:
            BrokenOff: it ends in its middle.
        """
        import urllib3

        try:
            return answer.read()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise BrokenOff(f"{self.address.shown}: the answer breaks off ({_reason(error)}); try again") from error

    def _answer(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], seconds: float
    ) -> urllib3.BaseHTTPResponse:
        answer = self._request(method, url, body, {**headers, **self.authorization}, seconds)
        if answer.status in REFUSED and self._credentials and not self.authorization:
            answer.drain_conn()
            self.authorization = {"Authorization": self._credentials}
            answer = self._request(method, url, body, {**headers, **self.authorization}, seconds)
        if answer.status in BUSY:
            self._met = True
            raise Lost(f"the server is busy ({answer.status})")
        if not 200 <= answer.status < 300:
            raise self._refusal(answer)
        self._met = True
        return answer

    def _request(
        self, method: str, url: str, body: bytes | None, headers: dict[str, str], seconds: float
    ) -> urllib3.BaseHTTPResponse:
        import urllib3

        timeout = urllib3.Timeout(connect=min(seconds, SECONDS), read=seconds)
        try:
            return self._pool.request(
                method, url, body=body, headers=headers, timeout=timeout, retries=False, preload_content=False
            )
        except urllib3.exceptions.ReadTimeoutError as error:
            raise Lost(f"no answer within {seconds:g} s", slow=True) from error
        except urllib3.exceptions.LocationParseError as error:
            raise BadGraph(
                f"{self.address.shown}: no address of a server; write it as http://host:7878/query"
            ) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise Lost(_reason(error)) from error

    def _refusal(self, answer: urllib3.BaseHTTPResponse) -> Exception:
        status, shown = answer.status, self.address.shown
        if status in REFUSED:
            given = "refuses the credentials of the environment" if self.authorization else "asks who you are"
            return BadGraph(
                f"{shown}: the server {given} ({status}); set {USER} and {PASSWORD}, or {TOKEN}, in the environment"
            )
        if status in MOVED:
            where = _shown(answer.headers.get("Location", ""))
            return BadGraph(f"{shown}: has moved ({status}) to {where or 'another place'}; give that address")
        said = PAGE.sub(" ", answer.read(4000).decode("utf-8", "replace")).strip()[:300]
        if status >= 500:
            return BadGraph(f"{shown}: the server fails ({status}): {said or 'it does not say why'}")
        return Refused(status, said)

    def _advice(self, error: Lost, pause: float | None) -> str:
        if error.slow:
            return f"; ask for less, or set {TIMEOUT} to more seconds"
        if pause is None:
            return f", still after {len(PAUSES)} more tries; once the server is there again, the same command goes on"
        return "; is the server running, and is this its address?"


def _shown(url: str) -> str:
    """An address without what is not for showing.

    >>> _shown("https://me:secret@example.org/sparql?key=secret")
    'https://example.org/sparql'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path


def _seconds() -> float:
    said = os.environ.get(TIMEOUT, "")
    try:
        seconds = float(said) if said else SECONDS
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise BadGraph(f"{TIMEOUT}={said!r}: not a number of seconds; set it to 60, for one")
    return seconds


def _reason(error: Exception) -> str:
    """Why a connection fails, in a few words and without the address, which may hold what is not for showing."""
    text = f"{type(error).__name__} {error} {error.__cause__ or ''}"
    for mark, words in REASONS:
        if mark in text:
            return words
    return f"the connection fails ({type(error).__name__})"


REASONS = (
    ("NameResolution", "no host of that name is known"),
    ("CERTIFICATE_VERIFY_FAILED", "its certificate cannot be trusted (SSL_CERT_FILE may name the one that vouches)"),
    ("WRONG_VERSION_NUMBER", "speaks no https at that port; try http"),
    ("SSL", "no secure connection can be made"),
    ("Connection refused", "nothing answers there (connection refused)"),
    ("ConnectTimeout", "nothing answers there"),
    ("Timeout", "the answer stops in its middle"),
    ("Connection reset", "the connection broke"),
    ("RemoteDisconnected", "the connection broke"),
    ("IncompleteRead", "the connection broke"),
    ("Broken pipe", "the connection broke"),
)
