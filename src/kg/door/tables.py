"""What a graph holds as pandas tables: its claims, its entities, its articles."""

from __future__ import annotations

import datetime as dt
import difflib
from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from kg.door.frames import categories, dates, texts
from kg.errors import BadQuery, NoClaims, UnknownTerm
from kg.explain import article_terms, modality_term
from kg.ontology import NAMESPACE, Ontology
from kg.query import local_name, relation_of, relations_meant, resolve_entity
from kg.store import Term

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from kg.store import Graph

OURS = "ASK { { ?thing a kg:Claim } UNION { ?thing a kg:Article } }"
ANYTHING = "ASK { ?thing ?relation ?other }"

CLAIMS = """
    SELECT ?claim ?subject ?relation ?object ?modality ?speaker ?date ?confidence ?quote ?start ?report WHERE {
      ?claim rdf:subject ?subject ;
             rdf:predicate ?relation ;
             rdf:object ?object ;
             kg:modality ?modality ;
             kg:confidence ?confidence ;
             kg:quote ?quote ;
             kg:start ?start ;
             prov:wasDerivedFrom ?report .
      OPTIONAL { ?claim kg:attributedTo ?speaker }
      OPTIONAL { ?claim kg:date ?date }
    }
"""
LABELS = "SELECT ?thing ?label WHERE { ?thing rdfs:label ?label }"
REPORTS = """
    SELECT ?report ?name ?headline ?published ?publisher ?author ?url WHERE {
      ?report a kg:Article .
      OPTIONAL { ?report dcterms:identifier ?name }
      OPTIONAL { ?report schema:headline ?headline }
      OPTIONAL { ?report schema:datePublished ?published }
      OPTIONAL { ?report schema:publisher ?publisher }
      OPTIONAL { ?report schema:author ?author }
      OPTIONAL { ?report schema:url ?url }
    }
"""
ENTITIES = """
    SELECT ?thing ?type ?label WHERE {
      ?thing rdfs:label ?label ; a ?type .
      FILTER(!STRSTARTS(STR(?type), STR(owl:)) && ?type NOT IN (kg:Claim, kg:Article, kg:Modality, kg:Inference))
    }
"""
ALIASES = "SELECT ?thing ?value WHERE { ?thing skos:altLabel ?value }"
MATCHES = "SELECT ?thing ?value WHERE { ?thing skos:exactMatch ?value }"
INFERENCES = """
    SELECT DISTINCT ?inference ?subject ?relation ?object ?rule ?claim ?confidence ?report WHERE {
      ?inference a kg:Inference ; rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object .
      OPTIONAL { ?inference kg:rule ?rule }
      ?inference prov:wasDerivedFrom+ ?claim .
      ?claim a kg:Claim ; kg:confidence ?confidence ; prov:wasDerivedFrom ?report .
      FILTER(ISIRI(?object) && ?relation != rdf:type)
      FILTER NOT EXISTS {
        ?same rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ; kg:modality kg:Asserted
      }
    }
"""
MENTIONS = "SELECT ?report ?thing WHERE { ?report kg:mentions ?thing }"
ENDS = "SELECT ?claim ?subject ?object WHERE { ?claim kg:modality ?how ; rdf:subject ?subject ; rdf:object ?object }"
DERIVED = "SELECT ?claim ?report WHERE { ?claim kg:modality ?how ; prov:wasDerivedFrom ?report }"

USED = "SELECT DISTINCT ?relation WHERE { ?claim rdf:predicate ?relation }"
OTHER = {"subject": "object", "object": "subject"}
WORKERS = 2  # queries at once
UNDATED = "~"  # sorts after every date

Names = str | Iterable[str] | None
Day = str | dt.date | None


def need_claims(graph: Graph) -> None:
    """Refuse a graph that another tool made; an empty one will do.

    Raises:
        NoClaims: it has neither claims nor articles.
    """
    if not graph.ask(OURS) and graph.ask(ANYTHING):
        raise NoClaims(
            f"{graph.source}: the graph has no claims, so another tool must have made it; `query` and `rdf` work on any"
            " graph, all else reads the claims that `kg build` writes"
        )


def claims(
    graph: Graph,
    ontology: Ontology,
    *,
    relation: Names = None,
    subject: str | None = None,
    object: str | None = None,
    article: str | None = None,
    modality: Names = None,
    since: Day = None,
    until: Day = None,
    min_confidence: float = 0.0,
) -> pd.DataFrame:
    """The claims that fit, a row each, ordered by date of the article, article and place in it.

    Raises:
        UnknownEntity, UnknownTerm, BadQuery, NoClaims: a name that means nothing here, or a graph without claims.
    """
    import pandas as pd

    need_claims(graph)
    ends = _ends(graph, subject=subject, object=object)
    relations = {way.iri: way for name in _several(relation) for way in relations_meant(graph, name, ontology)}
    choices = (
        [{"relation": Term.iri(iri).n3} for iri in relations or ([] if ends else _used(graph))] or [{}],
        [{"modality": modality_term(name)} for name in dict.fromkeys(_several(modality))] or [{}],
        [{"report": report} for report in article_terms(graph, article)] if article is not None else [{}],
    )
    chosen = [dict(ChainMap(*parts)) for parts in product(*choices)]
    rows = _answers(graph, [{**each, **ends} for each in chosen])
    if ends:
        turned = _answers(graph, [{**each, **{OTHER[side]: term for side, term in ends.items()}} for each in chosen])
        symmetric = turned["relation"].map(lambda iri: relation_of(iri, ontology).symmetric).astype(bool)
        rows = pd.concat([rows, turned[symmetric]], ignore_index=True).drop_duplicates(ignore_index=True)
    table = _dressed(graph, rows)
    kept = table["confidence"].ge(min_confidence) & within(table, since, until)
    return table if kept.all() else table[kept].reset_index(drop=True)


def within(table: pd.DataFrame, since: Day, until: Day) -> pd.Series:
    """Which claims fall between two days: by their own date or, without one, by their article's."""
    import pandas as pd

    when = table["date"].fillna(table["published"])
    kept = pd.Series(True, index=table.index)
    if since is not None:
        kept &= when.ge(pd.Timestamp(day(since)))
    if until is not None:
        kept &= when.le(pd.Timestamp(day(until)))
    return kept


def day(given: str | dt.date) -> dt.date:
    """A day as given: a date, or text like 2020-08-15.

    >>> day("2020-08-15")
    datetime.date(2020, 8, 15)

    Raises:
        BadQuery: it is none.
    """
    try:
        if isinstance(given, dt.datetime):
            return given.date()
        return given if isinstance(given, dt.date) else dt.date.fromisoformat(given)
    except (ValueError, TypeError) as error:
        raise BadQuery(f"{given!r} is no date; write it like 2020-08-15") from error


def entities(graph: Graph, ontology: Ontology, *, kind: str | None = None) -> pd.DataFrame:
    """Every entity, a row each, the most mentioned first; those that are quoted and no more are left out.

    Raises:
        UnknownTerm: the ontology has no such class.
    """
    import pandas as pd

    things = nodes(graph, ontology).set_index("iri")
    if kind is not None:
        name = _kind(kind, ontology)
        things = things[things["class"].map(lambda each: ontology.is_a(each, name)).astype(bool)]
    mentioned = texts(graph, MENTIONS).drop_duplicates().groupby("thing").size()
    ends = texts(graph, ENDS)
    sides = pd.concat([ends[["claim", side]].set_axis(["claim", "thing"], axis=1) for side in ("subject", "object")])
    claimed = sides.drop_duplicates().groupby("thing").size()
    table = pd.DataFrame(
        {
            "name": things["name"].astype("str"),
            "class": pd.Series(categories(things["class"], "class"), index=things.index),
            "articles": _counted(mentioned, things.index),
            "claims": _counted(claimed, things.index),
            "aliases": _lists(texts(graph, ALIASES), things.index),
            "same_as": _lists(texts(graph, MATCHES), things.index),
            "iri": things.index.astype("str"),
        }
    )
    order = ["articles", "claims", "name", "iri"]
    return table.reset_index(drop=True).sort_values(order, ascending=[False, False, True, True], ignore_index=True)


def articles(graph: Graph) -> pd.DataFrame:
    """Every article, a row each, by date."""
    import pandas as pd

    need_claims(graph)
    found = _reports(graph)
    known = pd.Index(found["report"])
    table = pd.DataFrame(
        {
            "headline": _missing(found["headline"]),
            "published": dates(found["published"]),
            "publisher": _missing(found["publisher"]),
            "author": _missing(found["author"]),
            "url": _missing(found["url"]),
            "article": found["name"],
            "entities": _counted(texts(graph, MENTIONS).drop_duplicates().groupby("report").size(), known).array,
            "claims": _counted(texts(graph, DERIVED).drop_duplicates().groupby("report").size(), known).array,
            "iri": found["report"],
        }
    )
    return table.sort_values(["published", "article", "iri"], ignore_index=True)


def mentions(graph: Graph, ontology: Ontology) -> pd.DataFrame:
    """Which article mentions which entity, a row each, by article and name."""
    need_claims(graph)
    named = nodes(graph, ontology).set_index("iri")
    found = texts(graph, MENTIONS).drop_duplicates().set_axis(["article_iri", "iri"], axis=1)
    found = found[found["iri"].isin(named.index)]
    table = found.assign(name=_Coded.of(found["iri"]).take(named["name"]).to_numpy())
    table["name"] = table["name"].astype("str")
    return table.sort_values(["article_iri", "name", "iri"], ignore_index=True)[["name", "iri", "article_iri"]]


def nodes(graph: Graph, ontology: Ontology) -> pd.DataFrame:
    """What every entity is called and of which class it is, by IRI."""
    import pandas as pd

    found = texts(graph, ENTITIES)
    found = found[~found["thing"].str.startswith(f"{graph.base}source/")]
    names = _one(found[["thing", "label"]])
    types = found[["thing", "type"]].drop_duplicates()
    kinds = {kind: _class(frozenset([kind]), ontology) for kind in types["type"].unique()}
    types = types.assign(kind=types["type"].map(kinds).astype("str"))
    several = types["thing"].duplicated(keep=False)
    told = {thing: _class(frozenset(group), ontology) for thing, group in types[several].groupby("thing")["type"]}
    single = types.drop_duplicates("thing").set_index("thing")["kind"].reindex(names.index)
    chosen = [told.get(thing) or kind for thing, kind in zip(names.index.tolist(), single.tolist(), strict=True)]
    return pd.DataFrame({"iri": names.index, "name": names.array, "class": pd.Series(chosen, dtype="str")})


def inferences(graph: Graph, ontology: Ontology, *, relation: Names = None) -> pd.DataFrame:
    """The inferred edges, in the columns of `claims`: a row for each claim that one was derived from.

    The modality is "inferred", the quote names the rule, the confidence is that of the claim.
    """
    meant = {way.iri for name in _several(relation) for way in relations_meant(graph, name, ontology)}
    rows = texts(graph, INFERENCES)
    rows = rows[rows["relation"].isin(meant)] if relation is not None else rows
    rule = rows["rule"].where(rows["rule"].ne(""), "a rule")
    return _dressed(
        graph,
        rows.drop(columns=["rule", "inference"]).assign(
            modality=f"{NAMESPACE}Inferred", speaker="", date="", quote="Inferred: " + rule, start=""
        ),
    )


# ---------------------------------------------------------------- claims, from rows to a table


def _several(names: Names) -> list[str]:
    return [] if names is None else [names] if isinstance(names, str) else [str(name) for name in names]


def _ends(graph: Graph, **names: str | None) -> dict[str, str]:
    """The ends asked for, as terms."""
    return {side: Term.iri(resolve_entity(graph, name)).n3 for side, name in names.items() if name is not None}


def _used(graph: Graph) -> list[str]:
    """The relations to ask for one by one, where that is faster: not over the network."""
    return [] if _remote(graph) else sorted(str(row[0]) for row in graph.select(USED))


def _remote(graph: Graph) -> bool:
    return graph.source.startswith(("http:", "https:"))


def _answers(graph: Graph, bindings: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """The claims for each of some bindings, one below the other; two cores work at once, as the engine lets them."""
    import pandas as pd

    with ThreadPoolExecutor(1 if _remote(graph) else WORKERS) as pool:
        return pd.concat(pool.map(lambda bound: texts(graph, CLAIMS, bound), bindings), ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Coded:
    """A column of IRIs as numbers: `iris[codes[row]]` is the IRI of a row; each IRI is looked up once."""

    codes: np.ndarray
    iris: pd.Index

    @classmethod
    def of(cls, column: pd.Series) -> _Coded:
        import pandas as pd

        codes, iris = pd.factorize(column)
        return cls(codes, pd.Index(iris))

    def take(self, values: pd.Series) -> pd.Series:
        """A value for each row, from a value for each IRI."""
        import pandas as pd

        return pd.Series(values.reindex(self.iris).array.take(self.codes))

    def names(self, labels: pd.Series) -> pd.Series:
        """The label of each row's thing; of one without a label, the end of its IRI; of none, none."""
        import pandas as pd

        found = labels.reindex(self.iris)
        bare = found.isna()
        spare = [local_name(iri) or None for iri in self.iris[bare]]
        found[bare] = pd.Series(spare, index=self.iris[bare], dtype="str")
        return pd.Series(found.array.take(self.codes))

    def rank(self, labels: pd.Series | None = None) -> np.ndarray:
        """The place of each row when sorted by name, then by IRI."""
        import numpy as np

        iris = self.iris.to_numpy(dtype=object)
        names = iris if labels is None else labels.reindex(self.iris).fillna("").to_numpy(dtype=object)
        places = np.empty(len(iris), dtype=np.int64)
        places[np.lexsort([_places(iris), _places(names)])] = np.arange(len(iris))
        found: np.ndarray = places[self.codes]
        return found


def _places(values: np.ndarray) -> np.ndarray:
    """The place of each text among the sorted ones."""
    import pandas as pd

    found: np.ndarray = pd.factorize(values, sort=True)[0]
    return found


def _dressed(graph: Graph, rows: pd.DataFrame) -> pd.DataFrame:
    """Names beside the IRIs, types in place of texts, in order."""
    import numpy as np
    import pandas as pd

    labels, reports = _labels(graph), _reports(graph).set_index("report")
    ends = ("subject", "object", "relation", "modality", "report")
    coded = {name: _Coded.of(rows[name]) for name in ends}
    start = pd.to_numeric(rows["start"], errors="coerce").fillna(-1).to_numpy()
    order = np.lexsort(
        [
            coded["modality"].rank(),
            coded["object"].rank(labels),
            coded["subject"].rank(labels),
            coded["relation"].rank(),
            start,
            coded["report"].rank(
                reports["published"].mask(reports["published"].eq(""), UNDATED) + " " + reports["name"]
            ),
        ]
    )
    rows = rows.take(order).reset_index(drop=True)
    coded = {name: _Coded(column.codes[order], column.iris) for name, column in coded.items()}
    report, speaker = coded["report"], _Coded.of(rows["speaker"])
    start = pd.Series(start[order]).astype("Int64")
    start = start.mask(start < 0)
    return pd.DataFrame(
        {
            "subject": coded["subject"].names(labels),
            "relation": _local(coded["relation"], "relation"),
            "object": coded["object"].names(labels),
            "modality": _local(coded["modality"], "modality"),
            "speaker": speaker.names(labels),
            "date": dates(rows["date"]),
            "confidence": pd.to_numeric(rows["confidence"], errors="coerce").astype(float),
            "quote": rows["quote"],
            "headline": report.take(_missing(reports["headline"])),
            "published": report.take(dates(reports["published"])),
            "publisher": report.take(_missing(reports["publisher"])),
            "article": report.names(reports["name"]),
            "start": start,
            "end": start + rows["quote"].str.len(),  # as for every quote; asking for it is a join more
            "subject_iri": rows["subject"],
            "object_iri": rows["object"],
            "speaker_iri": _missing(rows["speaker"]),
            "article_iri": rows["report"],
            "claim_iri": rows["claim"],
        }
    )


def _local(iris: _Coded, name: str) -> pd.Categorical:
    """Relations by their local names, modalities by their names in lower case."""
    import pandas as pd

    names = [local_name(iri).lower() if name == "modality" else local_name(iri) for iri in iris.iris]
    kinds = categories(names, name).categories
    return pd.Categorical.from_codes(kinds.get_indexer(names)[iris.codes], categories=kinds)


def _labels(graph: Graph) -> pd.Series:
    return _one(texts(graph, LABELS))


def _one(pairs: pd.DataFrame) -> pd.Series:
    """The label of each thing, sorted by thing; of several labels the first by name."""
    found = pairs.sort_values("thing")
    if found["thing"].duplicated().any():
        found = found.sort_values(["thing", "label"]).drop_duplicates("thing")
    return found.set_index("thing")["label"]


def _reports(graph: Graph) -> pd.DataFrame:
    """The articles, each once; one without a name is called by the end of its IRI."""
    found = texts(graph, REPORTS)
    if not found["report"].is_unique:
        found = found.sort_values(list(found.columns)).drop_duplicates("report", ignore_index=True)
    bare = found["name"].eq("")
    found.loc[bare, "name"] = found.loc[bare, "report"].map(local_name)
    return found


def _missing(column: pd.Series) -> pd.Series:
    return column.mask(column.eq("")).astype("str")


# ---------------------------------------------------------------- entities


def _kind(name: str, ontology: Ontology) -> str:
    """The class of that name or label."""
    wanted = name.casefold().removeprefix("kg:")
    for known in ontology.classes.values():
        if wanted in (known.name.casefold(), known.label.casefold(), known.iri.casefold()):
            return known.name
    close = difflib.get_close_matches(name, ontology.classes, n=2) or sorted(ontology.classes)
    raise UnknownTerm(f"no class is called {name!r}; known: {', '.join(close)}")


def _class(types: frozenset[str], ontology: Ontology) -> str:
    """The most specific class of the ontology; where there is none, the first type by name."""
    own = {local_name(iri) for iri in types if iri.startswith(NAMESPACE) or local_name(iri) in ontology.classes}
    above = {up for name in own for up in ontology.ancestors(name) if up != name}
    return min(own - above or own or {local_name(iri) for iri in types})


def _counted(counts: pd.Series, index: pd.Index) -> pd.Series:
    return counts.reindex(index, fill_value=0).astype("Int64")


def _lists(pairs: pd.DataFrame, index: pd.Index) -> pd.Series:
    """What each thing has, as a sorted tuple."""
    import pandas as pd

    found = pairs.groupby("thing")["value"].agg(lambda values: tuple(sorted(set(values)))) if len(pairs) else {}
    return pd.Series([found.get(thing, ()) for thing in index], index=index, dtype=object)
