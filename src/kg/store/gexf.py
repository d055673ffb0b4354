"""GEXF, Gephi's own format."""

from __future__ import annotations

from collections.abc import Iterator

from kg.store.graphml import KEYS, values
from kg.store.network import Edge, Network, Node
from kg.store.xml import attribute

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
OWN = frozenset({"label", "weight"})  # what GEXF has attributes of its own for
TYPES = {"int": "integer"}


def gexf(network: Network) -> Iterator[str]:
    """A network as GEXF, a line a node or edge.

    >>> print("".join(gexf(Network(nodes=(), edges=()))))
    <?xml version="1.0" encoding="UTF-8"?>
    <gexf xmlns="http://gexf.net/1.3" version="1.3">
    <graph defaultedgetype="directed">
    ...
    <nodes>
    </nodes>
    <edges>
    </edges>
    </graph>
    </gexf>
    <BLANKLINE>
    """
    yield HEAD
    yield '<graph defaultedgetype="directed">\n'
    for domain in ("node", "edge"):
        declared = (f'<attribute id="{n}" title="{n}" type="{TYPES.get(k, k)}"/>' for n, k in _declared(domain))
        yield f'<attributes class="{domain}">{"".join(declared)}</attributes>\n'
    yield "<nodes>\n"
    for node in network.nodes:
        yield f"<node id={attribute(node.id)} {_own(node)}>{_others(node)}</node>\n"
    yield "</nodes>\n<edges>\n"
    for number, edge in enumerate(network.edges):
        ends = f"source={attribute(edge.source)} target={attribute(edge.target)} kind={attribute(edge.relation)}"
        yield f'<edge id="e{number}" {ends} {_own(edge)}>{_others(edge)}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _declared(domain: str) -> Iterator[tuple[str, str]]:
    return ((name, kind) for where, name, kind in KEYS if where == domain and name not in OWN)


def _own(thing: Node | Edge) -> str:
    return " ".join(f"{name}={attribute(value)}" for name, value in values(thing) if name in OWN)


def _others(thing: Node | Edge) -> str:
    found = (f"<attvalue for={attribute(n)} value={attribute(v)}/>" for n, v in values(thing) if n not in OWN)
    return f"<attvalues>{''.join(found)}</attvalues>"
