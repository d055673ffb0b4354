"""RDF/XML, for tools that read nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from kg.model import Triple
from kg.store.layout import lines

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 cannot hold them in any form


def rdfxml(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Sorted triples as RDF/XML; the few control characters that XML cannot hold become U+FFFD.

    >>> print(rdfxml([Triple("<http://x.org/b>", "<http://x.org/says>", '"a\\\\rb"')], {"x": "http://x.org/"}))
    <?xml version="1.0" encoding="UTF-8"?>
    <rdf:RDF ... xmlns:x="http://x.org/">
    <rdf:Description rdf:about="http://x.org/b">
    <x:says>a&#13;b</x:says>
    </rdf:Description>
    </rdf:RDF>
    """
    quads = ox.parse("".join(lines(triples)), format=ox.RdfFormat.N_TRIPLES)
    raw = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.RDF_XML, prefixes=dict(prefixes))
    return FORBIDDEN.sub("\ufffd", (raw or b"").decode()).replace("\r", "&#13;") + "\n"
