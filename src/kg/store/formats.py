"""Which suffix stands for which graph format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

FORMATS: Mapping[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}
WRITTEN_ONLY = (".csv", ".graphml", ".gexf")  # never read


def suffix_of(path: Path) -> tuple[str, bool]:
    """The suffix that names the format, in lower case, and whether the file is compressed with gzip.

    >>> suffix_of(Path("news.TTL.gz")), suffix_of(Path("news"))
    (('.ttl', True), ('', False))
    """
    gzipped = path.suffix.lower() == ".gz"
    return (path.with_suffix("") if gzipped else path).suffix.lower(), gzipped


def is_address(target: str | Path) -> bool:
    """Whether a target is an address on the web, not a path.

    >>> is_address("https://example.org/sparql"), is_address("kg.ttl")
    (True, False)
    """
    return str(target).lower().startswith(("http:", "https:"))


def known_suffixes(*, readable: bool = False) -> str:
    """The suffixes for a message.

    >>> known_suffixes(readable=True)
    '.ttl, .nt, .nq, .trig, .jsonld, .rdf, .xml (each also with .gz), or a folder'
    """
    return ", ".join([*FORMATS, *([] if readable else WRITTEN_ONLY)]) + " (each also with .gz), or a folder"
