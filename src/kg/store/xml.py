"""RDF/XML, for tools that read nothing else, and what text needs to stand in XML at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.store.layout import Block

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 cannot hold them in any form


def rdfxml(blocks: Iterable[Block], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Sorted lines of N-Triples as RDF/XML; the few control characters that XML cannot hold become U+FFFD.

    >>> line = b'<http://x.org/b> <http://x.org/says> "a\\\\rb" .\\n'
    >>> print("".join(rdfxml([[line]], {"x": "http://x.org/"})))
    <?xml version="1.0" encoding="UTF-8"?>
    <rdf:RDF ... xmlns:x="http://x.org/">
    <rdf:Description rdf:about="http://x.org/b">
    <x:says>a&#13;b</x:says>
    </rdf:Description>
    </rdf:RDF>
    """
    parsed = (ox.parse(b"".join(block), format=ox.RdfFormat.N_TRIPLES) for block in blocks)
    triples = (quad.triple for quads in parsed for quad in quads)
    raw = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=dict(prefixes))
    yield FORBIDDEN.sub("\ufffd", (raw or b"").decode()).replace("\r", "&#13;") + "\n"


def content(text: str) -> str:
    """Text between two tags.

    >>> content("AT&T <b>\\x00")
    'AT&amp;T &lt;b&gt;\ufffd'
    """
    return escape(FORBIDDEN.sub("\ufffd", text), {"\r": "&#13;"})


def attribute(text: str) -> str:
    """Text as an attribute's value, quotes around it.

    >>> attribute("AT&T")
    '"AT&amp;T"'
    """
    return quoteattr(FORBIDDEN.sub("\ufffd", text))
