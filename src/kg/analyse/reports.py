"""What the articles do: when they tell what, which of them and who in them says it, whom they name together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Literal, Unpack

import pandas as pd

from kg.analyse.source import Choice, News

Period = Literal["day", "week", "month", "quarter", "year"]
LETTERS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}


def _claims(graph: News, choice: Choice) -> pd.DataFrame:
    """The claims chosen, asserted unless another modality is asked for, with the day that each is about."""
    if choice.get("inferred"):
        raise ValueError("inferred: no article says what a rule infers; leave it out here")
    found = graph.claims(
        relation=choice.get("relations"),
        modality=choice.get("modality", "asserted"),
        since=choice.get("since"),
        until=choice.get("until"),
        min_confidence=choice.get("min_confidence", 0.0),
    )
    return found.assign(when=found["date"].fillna(found["published"]))


def over_time(graph: News, *, by: Period = "month", window: int = 1, **choice: Unpack[Choice]) -> pd.DataFrame:
    """How much is told of each relation, period by period: a row for each, empty periods included.

    A claim counts for the day that it is about or, where the text gives none, for its article's; one with neither is
    left out. `ties` counts the pairs of actors, `new` those that no earlier period had. A `window` of three sums up
    each period and the two before it.

    Source: a moving window as in Moody, McFarland & Bender-deMoll (2005), Dynamic network visualization. American
    Journal of Sociology 110, 1206-1241.
    """
    if by not in LETTERS:
        raise ValueError(f"by={by!r}: say one of {', '.join(LETTERS)}")
    if window < 1:
        raise ValueError(f"window={window}: a window is one period or more")
    claims = _claims(graph, choice)
    claims = claims[claims["when"].notna()]
    period = claims["when"].dt.to_period(LETTERS[by])
    claims = claims.assign(period=period, tie=_ties(claims, graph))
    spans = pd.period_range(period.min(), period.max()) if len(claims) else period.array
    seen: dict[str, set[str]] = {}
    rows = [
        (span.start_time, relation, *_counted(group, seen.setdefault(str(relation), set())))
        for relation in sorted(claims["relation"].astype(str).unique())
        for span, group in _windows(claims[claims["relation"] == relation], spans, window)
    ]
    columns = ["period", "relation", "claims", "articles", "ties", "new"]
    table = pd.DataFrame(rows, columns=columns).sort_values(["period", "relation"], ignore_index=True)
    counts = dict.fromkeys(columns[2:], "Int64")
    return table.astype({"period": "datetime64[s]", "relation": "category", **counts})


def _windows(claims: pd.DataFrame, spans: pd.PeriodIndex, window: int) -> list[tuple[pd.Period, pd.DataFrame]]:
    """The claims of each period and of the ones before it that its window holds."""
    return [(span, claims[(claims["period"] <= span) & (claims["period"] > span - window)]) for span in spans]


def _counted(claims: pd.DataFrame, seen: set[str]) -> tuple[int, int, int, int]:
    """Claims, articles, ties, and the ties not seen before, which then are."""
    ties = set(claims["tie"])
    new = len(ties - seen)
    seen |= ties
    return len(claims), claims["article_iri"].nunique(), len(ties), new


def _ties(claims: pd.DataFrame, graph: News) -> pd.Series:
    """What a claim says of whom, the same whichever of the two a symmetric relation names first."""
    one, other = claims["subject_iri"], claims["object_iri"]
    turned = claims["relation"].isin(graph.symmetric_relations) & one.gt(other)
    return one.mask(turned, other) + " " + claims["relation"].astype("str") + " " + other.mask(turned, one)


# ---------------------------------------------------------------- named together


def co_mentions(graph: News, *, kind: str | None = None, least: int = 1) -> pd.DataFrame:
    """Who is named in the same articles: a row a pair, the one with the most articles first.

    `articles` counts those that name both, `jaccard` is their share of the articles that name either. `kind` takes
    entities of one class only, `least` leaves out pairs with fewer articles.

    Source: Ozgur, Cetin & Bingol (2008), Co-occurrence network of Reuters news. Int. J. Modern Physics C 19, 689-702.
    Jaccard (1901), Etude comparative de la distribution florale. Bulletin de la Societe vaudoise 37, 547-579.

    Raises:
        UnknownTerm: no such class.
    """
    mentions = graph.mentions()
    if kind is not None:
        mentions = mentions[mentions["iri"].isin(graph.entities(kind=kind)["iri"])]
    names = mentions.drop_duplicates("iri").set_index("iri")["name"].to_dict()
    alone = Counter(mentions["iri"])
    both = Counter(
        pair
        for _, group in mentions.groupby("article_iri")["iri"]
        for pair in combinations(sorted(set(group), key=lambda iri: (names[iri], iri)), 2)
    )
    rows = [
        (names[one], names[other], number, number / (alone[one] + alone[other] - number), one, other)
        for (one, other), number in both.items()
        if number >= least
    ]
    columns = ["one", "other", "articles", "jaccard", "one_iri", "other_iri"]
    types = {"one": "str", "other": "str", "articles": "Int64", "jaccard": float, "one_iri": "str", "other_iri": "str"}
    table = pd.DataFrame(rows, columns=columns).astype(types)
    order = ["articles", "jaccard", "one", "other", "one_iri", "other_iri"]
    return table.sort_values(order, ascending=[False, False, True, True, True, True], ignore_index=True)


# ---------------------------------------------------------------- sources


def _sourced(graph: News, choice: Choice) -> pd.DataFrame:
    """The claims with their source: who is quoted, else who published the article, else the article."""
    claims = _claims(graph, choice)
    house = claims["publisher"].fillna(claims["headline"]).fillna(claims["article"])
    return claims.assign(
        source=claims["speaker"].fillna(house), quoted=claims["speaker"].notna(), tie=_ties(claims, graph)
    )


def sources(graph: News, **choice: Unpack[Choice]) -> pd.DataFrame:
    """Who reports what: a row a source, the one with the most claims first; every modality counts, unless one is named.

    A source is who is quoted, else the publisher of the article, else the article. `quoted` tells the first from the
    others. `ties` counts the different things claimed, `alone` those that no other source claims in any way.
    `asserted`, `ended`, `prospective` and `denied` count the claims, `mostly` names the most frequent relation.

    Source: source diversity as in Carpenter (2010), A study of content diversity in online citizen journalism and
    online newspaper articles. New Media & Society 12, 1064-1084.
    """
    claims = _sourced(graph, {"modality": None, **choice})
    holders = claims.groupby("tie")["source"].nunique()
    rows = []
    for source, group in claims.groupby("source"):
        modality = group["modality"].value_counts()
        relation = group["relation"].astype(str).value_counts()
        ties = group["tie"].unique()
        rows.append(
            (
                source,
                bool(group["quoted"].all()),
                len(group),
                group["article_iri"].nunique(),
                *(int(modality.get(name, 0)) for name in MODALITIES),
                len(ties),
                int((holders[ties] == 1).sum()),
                min(relation[relation == relation.max()].index),
            )
        )
    counts = ["claims", "articles", *MODALITIES, "ties", "alone"]
    table = pd.DataFrame(rows, columns=["source", "quoted", *counts, "mostly"])
    table = table.astype({"source": "str", "quoted": "boolean", **dict.fromkeys(counts, "Int64"), "mostly": "category"})
    return table.sort_values(["claims", "source"], ascending=[False, True], ignore_index=True)


MODALITIES = ("asserted", "ended", "prospective", "denied")


def contradictions(graph: News, **choice: Unpack[Choice]) -> pd.DataFrame:
    """Who contradicts whom: a row for each two sources of which one asserts what the other denies.

    `asserted_by` and `denied_by` are sources as in `sources`, with the surest claim of each as quote, and the days that
    these are about. A relation that has ended is no contradiction: both may be right at their time.

    Source: claims of opposite polarity on one subject, as in de Marneffe, Rafferty & Manning (2008), Finding
    contradictions in text. ACL, 1039-1047.
    """
    claims = _sourced(graph, {**choice, "modality": ["asserted", "denied"]})
    claims = claims.sort_values("confidence", ascending=False, kind="stable").drop_duplicates(
        ["tie", "modality", "source"]
    )
    yes, no = (claims[claims["modality"] == how] for how in ("asserted", "denied"))
    both = yes.merge(no, on="tie", suffixes=("", "_denied"))
    table = pd.DataFrame(
        {
            "subject": both["subject"],
            "relation": pd.Categorical(both["relation"].astype(str)),
            "object": both["object"],
            "asserted_by": both["source"],
            "denied_by": both["source_denied"],
            "asserted_on": both["when"],
            "denied_on": both["when_denied"],
            "asserted_quote": both["quote"],
            "denied_quote": both["quote_denied"],
            "asserted_iri": both["claim_iri"],
            "denied_iri": both["claim_iri_denied"],
        }
    )
    order = ["subject", "relation", "object", "asserted_by", "denied_by", "asserted_iri"]
    return table.sort_values(order, ignore_index=True)
