"""Compiled templates, kept between runs: parsing thousands of wordings takes half a minute, reading them back none."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from kg.extract.parse import Parse
from kg.extract.templates import Shape, compile_templates
from kg.ontology import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The shapes of a lexicon and the wordings that the parser cannot use."""

    shapes: tuple[Shape, ...]
    unusable: tuple[Template, ...]


def compiled(
    templates: Sequence[Template], model: str, parse_all: Callable[[Iterable[str]], Iterable[Parse]]
) -> Compiled:
    """The compiled templates: from the user's cache where they are there, else compiled and put there.

    The cache is `$XDG_CACHE_HOME/news-kg` or `~/.cache/news-kg`; a cache that cannot be written is done without.
    """
    path = _folder() / f"templates-{_key(templates, model)}.json"
    with contextlib.suppress(OSError, msgspec.DecodeError, msgspec.ValidationError):
        return msgspec.json.decode(path.read_bytes(), type=Compiled)
    shapes, unusable = compile_templates(templates, parse_all)
    result = Compiled(shapes=tuple(shapes), unusable=tuple(unusable))
    with contextlib.suppress(OSError):
        _write(path, msgspec.json.encode(result))
    return result


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "news-kg"


def _key(templates: Sequence[Template], model: str) -> str:
    wordings = msgspec.json.encode(list(templates))
    return hashlib.sha256(b"\0".join((_code(), model.encode(), wordings))).hexdigest()[:16]


@cache
def _code() -> bytes:
    """The code that shapes depend on."""
    folder = Path(__file__).parent
    return b"".join((folder / name).read_bytes() for name in ("graph.py", "parse.py", "templates.py"))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
