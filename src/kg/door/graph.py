"""The graph that `import kg` gives: tables, explanations, networkx, pictures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kg.errors import KgError
from kg.ontology import Ontology, load_ontology
from kg.store import Graph, Rows, export

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import rdflib

    from kg.door.cards import Explained, Page, Summary
    from kg.model import BuildSummary
    from kg.show import Picture


class NewsGraph:
    """A graph of news: rows as pandas tables, evidence in words.

    >>> graph = NewsGraph(Graph.of([]))
    >>> graph.query("leaders").columns[0], len(graph)
    ('leader', 0)
    """

    def __init__(
        self,
        graph: Graph,
        *,
        summary: BuildSummary | None = None,
        ontology: Ontology | None = None,
        records: Path | None = None,
    ) -> None:
        self._graph = graph
        self._given = ontology
        self._records = records
        self.summary = summary
        """What the build did, where this graph comes from one; its `problems` are the inputs left out."""

    @cached_property
    def _ontology(self) -> Ontology:
        return self._given or load_ontology()

    # ------------------------------------------------------------ tables

    def query(self, query: str, /, **parameters: object) -> pd.DataFrame | NewsGraph | bool:
        """The rows of a saved query (by name), of a .rq file or of SPARQL text.

        CONSTRUCT and DESCRIBE give a graph, ASK gives true or false. Columns of dates, numbers and truths have these
        types; `modality`, `relation` and `class` are categories.

        >>> NewsGraph(Graph.of([])).query("ASK { ?who kg:leaderOf ?what }")
        False

        Raises:
            BadQuery: no such query or parameter, or the query does not parse.
            UnknownEntity: a parameter names nothing in the graph.
        """
        from kg.door.frames import typed
        from kg.query import run

        given = {name: "" if value is None else str(value) for name, value in parameters.items()}
        answer = run(self._graph, query, given, ontology=self._ontology)
        if isinstance(answer, bool):
            return answer
        if isinstance(answer, Rows):
            return typed(answer)
        return self._with(Graph.of(answer))

    def claims(
        self,
        *,
        relation: str | Iterable[str] | None = None,
        subject: str | None = None,
        object: str | None = None,
        article: str | None = None,
        modality: str | Iterable[str] | None = None,
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        min_confidence: float = 0.0,
    ) -> pd.DataFrame:
        """The claims that fit, a row each: who, relation, whom, modality, speaker, date, quote and where it stands.

        A relation takes those below it in; in a symmetric relation `subject` and `object` may stand on either side.
        `since` and `until` hold the claim's date or, where the text gives none, its article's against the day. No
        `speaker` means the article's own voice; `article[start:end]`, in code points, is the quote.

        >>> NewsGraph(Graph.of([])).claims(relation="spokeWith").columns[:9].tolist()
        ['subject', 'relation', 'object', 'modality', 'speaker', 'date', 'confidence', 'quote', 'headline']

        Raises:
            UnknownEntity: a name that no entity or article bears; the message says which come close.
            UnknownTerm: no such relation.
            BadQuery: no such modality, or no date.
            NoClaims: another tool made the graph.
        """
        from kg.door.tables import claims

        return claims(
            self._graph,
            self._ontology,
            relation=relation,
            subject=subject,
            object=object,
            article=article,
            modality=modality,
            since=since,
            until=until,
            min_confidence=min_confidence,
        )

    def entities(self, *, kind: str | None = None) -> pd.DataFrame:
        """The entities, a row each, the most mentioned first; of one class and those below it, if `kind` names one.

        >>> NewsGraph(Graph.of([])).entities(kind="Person").columns.tolist()
        ['name', 'class', 'articles', 'claims', 'aliases', 'same_as', 'iri']

        Raises:
            UnknownTerm: no such class.
        """
        from kg.door.tables import entities

        return entities(self._graph, self._ontology, kind=kind)

    def articles(self) -> pd.DataFrame:
        """The articles, a row each, by date, with how many entities each mentions and how many claims it makes.

        >>> NewsGraph(Graph.of([])).articles().columns.tolist()
        ['headline', 'published', 'publisher', 'author', 'url', 'article', 'entities', 'claims', 'iri']

        Raises:
            NoClaims: another tool made the graph.
        """
        from kg.door.tables import articles

        return articles(self._graph)

    def mentions(self) -> pd.DataFrame:
        """Which article mentions which entity: a row for each such pair.

        >>> NewsGraph(Graph.of([])).mentions().columns.tolist()
        ['name', 'iri', 'article_iri']

        Raises:
            NoClaims: another tool made the graph.
        """
        from kg.door.tables import mentions

        return mentions(self._graph, self._ontology)

    # ------------------------------------------------------------ one thing

    def explain(self, subject: str, relation: str | None = None, object: str | None = None) -> Explained | Page:
        """The quotes behind an edge, or why there is none; of a subject alone, what is said of it.

        Both print as text; a notebook shows each quote in its paragraph, where the articles are at hand.

        Raises:
            UnknownEntity: a name that no entity bears; the message says which come close.
            UnknownTerm: no such relation.
            NoClaims: another tool made the graph.
        """
        from kg.door.cards import Explained, Page
        from kg.door.context import contexts
        from kg.door.tables import need_claims
        from kg.explain import explain, explain_entity

        need_claims(self._graph)
        if relation is None or object is None:
            return Page(explain_entity(self._graph, subject, ontology=self._ontology))
        found = explain(self._graph, subject, relation, object, ontology=self._ontology)
        return Explained.of(found, contexts(found.claims, self._records))

    @property
    def symmetric_relations(self) -> frozenset[str]:
        """The relations that hold both ways, by their local names.

        >>> "spokeWith" in NewsGraph(Graph.of([])).symmetric_relations
        True
        """
        return frozenset(relation.name for relation in self._ontology.relations.values() if relation.symmetric)

    def iri(self, name: str) -> str:
        """The IRI of the entity of that name, alias or last name.

        Raises:
            UnknownEntity: none is called that, and which come close; or several are.
        """
        from kg.query import resolve_entity

        return resolve_entity(self._graph, name)

    # ------------------------------------------------------------ as other tools see it

    def to_networkx(
        self,
        relations: str | Iterable[str] | None = None,
        *,
        simple: bool = False,
        modality: str | Iterable[str] | None = "asserted",
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        min_confidence: float = 0.0,
        inferred: bool = False,
        symmetric: Literal["both", "once"] = "both",
    ) -> nx.MultiDiGraph | nx.Graph:
        """The claims as a networkx graph: a MultiDiGraph, an edge for each relation between two actors.

        A node is called by its name; of entities that share a name, by name and IRI. Its attributes are `name`, `class`
        and `iri`. An edge's key is its relation (with the modality, if that is another than asserted). Its attributes
        are `relation`, `modality`, `weight` (the number of articles), `claims` (of claims), `confidence` (the highest),
        `first` and `last` (days, empty if unknown), `quote` and `article` (of the surest claim): strings and numbers,
        so that `networkx.write_graphml` and Gephi take them.

        A symmetric relation makes an edge each way, or with `symmetric="once"` one from the alphabetically first. With
        `simple`, all that is said between two actors is one edge of an undirected Graph. `modality=None` takes every
        modality, `inferred` the edges that `infer` added (their modality is "inferred"). Relations take those below
        them in; dates and confidence are as in `claims`.

        >>> NewsGraph(Graph.of([])).to_networkx(["spokeWith", "rivalOf"]).number_of_edges()
        0

        Raises:
            UnknownTerm, BadQuery, NoClaims: as in `claims`.
        """
        import pandas as pd

        from kg.analyse import network
        from kg.door import tables

        claims = self.claims(
            relation=relations, modality=modality, since=since, until=until, min_confidence=min_confidence
        )
        if inferred:
            more = tables.inferences(self._graph, self._ontology, relation=relations)
            more = more[tables.within(more, since, until) & more["confidence"].ge(min_confidence)]
            claims = pd.concat([claims, more], ignore_index=True) if len(claims) else more
        return network(
            claims,
            tables.nodes(self._graph, self._ontology),
            simple=simple,
            symmetric=symmetric,
            symmetric_relations=self.symmetric_relations,
        )

    @property
    def rdf(self) -> rdflib.Graph:
        """The same triples as an rdflib graph: a view, not a copy."""
        return self._graph.rdf

    def infer(self, *, types: bool = False, mapped: bool = False) -> NewsGraph:
        """The graph with what follows from it by the ontology; each inferred edge names its rule and its claims.

        `types` adds the entailed classes, `mapped` the edges in other vocabularies' terms. This graph stays as it is.

        >>> len(NewsGraph(Graph.of([])).infer())
        0
        """
        from kg.reason import inferred

        return self._with(inferred(self._graph, self._ontology, types=types, mapped=mapped))

    def check(self, *, shapes: Iterable[str | Path] = ()) -> pd.DataFrame:
        """What is wrong with the graph, a row each: broken shapes, edges without a ground, contradictions.

        A graph without rows is valid. `shapes` are SHACL files of one's own, held against it beside the packaged ones;
        `what` says what is wrong, `where`, `article` and `quote` where it comes from.

        >>> NewsGraph(Graph.of([])).check().empty
        True

        Raises:
            BadOntology: a file of shapes cannot be used.
            MissingDependency: no engine for shapes is installed.
        """
        from dataclasses import asdict, fields

        import pandas as pd

        from kg.check import Violation, check

        found = check(self._graph, shapes=[Path(path) for path in shapes], ontology=self._ontology)
        columns = [field.name for field in fields(Violation)]
        return (
            pd.DataFrame([asdict(each) for each in found], columns=columns)
            .astype("str")
            .astype({"severity": "category"})
        )

    def save(self, target: str | Path) -> None:
        """Write the graph: the suffix names the format, a name without one makes a store's folder.

        Raises:
            OutputFailed: the suffix names no format, or the disk refuses.
        """
        export(self._graph, target)

    # ------------------------------------------------------------ as a picture

    def show(
        self,
        *,
        around: str | Sequence[str] | None = None,
        hops: int = 1,
        relations: str | Sequence[str] | None = None,
        modality: str | Sequence[str] | None = None,
        inferred: bool = False,
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        min_confidence: float = 0.0,
        limit: int | None = None,
        title: str | None = None,
    ) -> Picture:
        """The network as a picture: interactive in a notebook, and to `save` as .html, .svg or .png.

        `around` names actors in the middle, `hops` says how many steps from them are shown. Of more than `limit` names
        (by default 2,000 on a page, 60 on paper) the most connected are drawn, and the picture says so.

        Raises:
            NothingToShow: the graph has no edges, or none that fits.
            UnknownEntity: a name that no entity bears; the message says which come close.
            UnknownTerm, BadQuery: no such relation, modality or date.
        """
        from kg.show import show

        return show(
            self._graph,
            around=around,
            hops=hops,
            relations=relations,
            modality=modality,
            inferred=inferred,
            since=since,
            until=until,
            min_confidence=min_confidence,
            limit=limit,
            title=title,
            ontology=self._ontology,
        )

    def timeline(
        self,
        *,
        around: str | Sequence[str] | None = None,
        relations: str | Sequence[str] | None = None,
        modality: str | Sequence[str] | None = None,
        since: str | dt.date | None = None,
        until: str | dt.date | None = None,
        min_confidence: float = 0.0,
        limit: int | None = None,
        title: str | None = None,
    ) -> Picture:
        """Who spoke with whom over time as a picture, a row for each two actors; `relations` names others.

        Raises:
            NothingToShow: nothing that fits has a date.
            UnknownEntity, UnknownTerm, BadQuery: as in `show`.
        """
        from kg.show import timeline

        return timeline(
            self._graph,
            around=around,
            relations=relations,
            modality=modality,
            since=since,
            until=until,
            min_confidence=min_confidence,
            limit=limit,
            title=title,
            ontology=self._ontology,
        )

    def _with(self, graph: Graph) -> NewsGraph:
        return NewsGraph(graph, ontology=self._given, records=self._records)

    # ------------------------------------------------------------ how it shows itself

    def __len__(self) -> int:
        """The number of triples."""
        return len(self._graph)

    def __repr__(self) -> str:
        from kg.door.cards import in_a_line

        try:
            return in_a_line(self._graph)
        except KgError:  # an endpoint that does not answer shall not break a session
            return f"<NewsGraph from {self._graph.source}>"

    def __str__(self) -> str:
        return str(self._summary())

    def _repr_html_(self) -> str:
        return self._summary().html()

    def _summary(self) -> Summary:
        from kg.door.cards import Summary

        return Summary.of(self._graph)
