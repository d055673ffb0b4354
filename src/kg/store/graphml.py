"""GraphML, which Gephi, yEd, Cytoscape, igraph and networkx read."""

from __future__ import annotations

from collections.abc import Iterator

from kg.store.network import Edge, Network, Node
from kg.store.xml import attribute, content

KEYS = (  # for what, its name, its type
    ("node", "label", "string"),
    ("node", "class", "string"),
    ("node", "aliases", "string"),
    ("node", "iri", "string"),
    ("edge", "label", "string"),
    ("edge", "relation", "string"),
    ("edge", "symmetric", "boolean"),
    ("edge", "weight", "int"),
    ("edge", "confidence", "double"),
    ("edge", "first", "string"),
    ("edge", "last", "string"),
)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'


def graphml(network: Network) -> Iterator[str]:
    """A network as GraphML, a line a node or edge.

    >>> print("".join(graphml(Network(nodes=(), edges=()))))
    <?xml version="1.0" encoding="UTF-8"?>
    <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
    <key id="node-label" for="node" attr.name="label" attr.type="string"/>
    ...
    <graph edgedefault="directed">
    </graph>
    </graphml>
    <BLANKLINE>
    """
    yield HEAD
    for domain, name, kind in KEYS:
        yield f'<key id="{domain}-{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph edgedefault="directed">\n'
    for node in network.nodes:
        yield f"<node id={attribute(node.id)}>{_data('node', values(node))}</node>\n"
    for number, edge in enumerate(network.edges):
        ends = f"source={attribute(edge.source)} target={attribute(edge.target)}"
        yield f'<edge id="e{number}" {ends}>{_data("edge", values(edge))}</edge>\n'
    yield "</graph>\n</graphml>\n"


def values(thing: Node | Edge) -> Iterator[tuple[str, str]]:
    """The attributes of a node or edge that are known, by the names of `KEYS`, as text.

    >>> dict(values(Node(id="person/ada", label="Ada", kind="Person", aliases="", iri="http://x.org/ada")))
    {'label': 'Ada', 'class': 'Person', 'iri': 'http://x.org/ada'}
    """
    domain = "node" if isinstance(thing, Node) else "edge"
    for where, name, _ in KEYS:
        value = getattr(thing, "kind" if name == "class" else name) if where == domain else ""
        if value != "":
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def _data(domain: str, found: Iterator[tuple[str, str]]) -> str:
    return "".join(f'<data key="{domain}-{name}">{content(value)}</data>' for name, value in found)
