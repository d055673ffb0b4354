"""What a graph, an explanation and an entity look like: a card in a notebook, plain text in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape
from typing import TYPE_CHECKING

from kg.explain import WORDS, Explanation, Saying
from kg.model import Modality
from kg.query import local_name, run
from kg.store import Rows

if TYPE_CHECKING:
    from kg.store import Graph

# Colours are inherited or half transparent, so that a card is readable on light and on dark.
STYLE = """<style>
.kg-card { border: 1px solid rgba(128,128,128,.4); border-radius: 6px; padding: .8em 1em; max-width: 60em;
  font-family: system-ui, sans-serif; font-size: 14px; line-height: 1.45; color: inherit; }
.kg-card h4 { margin: 0 0 .3em; font-size: 1.1em; }
.kg-card p { margin: .3em 0; }
.kg-card p.kg-claim { margin-top: 1em; }
.kg-card a { color: inherit; text-decoration: underline; }
.kg-card table { border-collapse: collapse; margin: .6em 0; color: inherit; font: inherit; }
.kg-card th, .kg-card td { padding: .15em .8em .15em 0; text-align: right; background: transparent; color: inherit; }
.kg-card th:first-child, .kg-card td:first-child { text-align: left; }
.kg-card thead th { border-bottom: 1px solid rgba(128,128,128,.4); font-weight: 600; }
.kg-card blockquote { margin: .3em 0; padding: .2em .8em; border-left: 3px solid rgba(128,128,128,.5); color: inherit;
  white-space: pre-line; }
.kg-card mark { background: rgba(255,193,7,.4); color: inherit; padding: .05em 0; }
.kg-card .kg-badge { border: 1px solid currentColor; border-radius: 3px; padding: 0 .35em; font-size: .85em; }
.kg-card .kg-quiet { opacity: .75; }
.kg-card pre { margin: 0; white-space: pre-wrap; font: inherit; background: transparent; color: inherit; }
</style>"""

ARTICLES = """
    SELECT (COUNT(DISTINCT ?article) AS ?articles) WHERE { ?article a kg:Article }
"""
DAYS = """
    SELECT (MIN(?date) AS ?first) (MAX(?date) AS ?last) WHERE { ?article a kg:Article ; schema:datePublished ?date }
"""
CLASSES = """
    SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE {
      ?thing rdfs:label ?label ; a ?class .
      FILTER(STRSTARTS(STR(?class), STR(kg:)) && ?class NOT IN (kg:Claim, kg:Article, kg:Modality, kg:Inference))
      FILTER(!STRSTARTS(STR(?thing), CONCAT(STR(id:), "source/")))
    }
    GROUP BY ?class
"""
CLAIMS = """
    SELECT ?relation ?modality (COUNT(?claim) AS ?claims) WHERE {
      ?claim a kg:Claim ; rdf:predicate ?relation ; kg:modality ?modality
    }
    GROUP BY ?relation ?modality
"""
NUMBER = "SELECT (COUNT(?claim) AS ?claims) WHERE { ?claim a kg:Claim }"
SHOWN = 5  # classes and actors named in a summary

# ---------------------------------------------------------------- a graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a graph holds, counted; `claims` by relation and modality."""

    source: str
    triples: int
    articles: int
    first: str
    last: str
    classes: Mapping[str, int]
    claims: Mapping[tuple[str, str], int]
    actors: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, graph: Graph) -> Summary:
        """Count."""
        ((articles,),) = graph.select(ARTICLES)
        ((first, last),) = graph.select(DAYS)
        ranking = run(graph, "most_connected")
        actors = ranking.rows[:SHOWN] if isinstance(ranking, Rows) else ()
        return cls(
            source=graph.source,
            triples=len(graph),
            articles=int(str(articles)),
            first=str(first or ""),
            last=str(last or ""),
            classes={local_name(str(kind)): int(str(number)) for kind, number in graph.select(CLASSES)},
            claims={
                (local_name(str(relation)), local_name(str(modality)).lower()): int(str(number))
                for relation, modality, number in graph.select(CLAIMS)
            },
            actors=tuple((str(row[0]), int(str(row[1]))) for row in actors),
        )

    @property
    def _total(self) -> int:
        return sum(self.claims.values())

    @property
    def _relations(self) -> Counter[str]:
        """The claims of each relation, whatever their modality."""
        totals = Counter[str]()
        for (relation, _), number in self.claims.items():
            totals[relation] += number
        return totals

    @property
    def _actors(self) -> str:
        return ", ".join(f"{name} {neighbours:,}" for name, neighbours in self.actors)

    def __str__(self) -> str:
        lines = (
            line(self.source, self.triples, self.articles, self._total),
            self._articles(),
            f"Entities: {_shares(self.classes, limit=SHOWN)}" if self.classes else "",
            f"Claims: {_shares(self._relations)}" if self.claims else "",
            f"Most connected: {self._actors}" if self.actors else "",
            "" if self._total or self.articles or not self.triples else "No claims: ask it with `query` or `rdf`",
        )
        return "\n".join(filter(None, lines))

    def _articles(self) -> str:
        if not self.articles:
            return ""
        period = f", {self.first}" + (f" to {self.last}" if self.last != self.first else "") if self.first else ""
        return f"{_count(self.articles, 'article')}{period}"

    def html(self) -> str:
        """The graph as a card, its claims as a table."""
        head = f"{_count(self._total, 'claim')} in {_count(self.articles, 'article')}"
        said = (
            f"<p>{escape(self._articles())}; {_count(self.triples, 'triple')} from {escape(self.source)}</p>",
            f"<p>Entities: {escape(_shares(self.classes, limit=SHOWN))}</p>" if self.classes else "",
            self._table() if self._total else "<p>No claims: ask it with <code>query</code> or <code>rdf</code>.</p>",
            f"<p>Most connected: {escape(self._actors)}</p>" if self.actors else "",
        )
        return card(head, "".join(said))

    def _table(self) -> str:
        modalities = [m.value for m in Modality if any(modality == m.value for _, modality in self.claims)]
        totals = self._relations
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("claims", *modalities))
        rows = "".join(
            f'<tr><th scope="row">{escape(relation)}</th>'
            + "".join(f"<td>{self.claims.get((relation, modality), '')}</td>" for modality in modalities)
            + "</tr>"
            for relation in sorted(totals, key=lambda name: (-totals[name], name))
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def in_a_line(graph: Graph) -> str:
    """The graph in a line."""
    ((articles,),) = graph.select(ARTICLES)
    ((claims,),) = graph.select(NUMBER)
    return line(graph.source, len(graph), int(str(articles)), int(str(claims)))


def line(source: str, triples: int, articles: int, claims: int) -> str:
    """Counts in a line.

    >>> line("kg.ttl", 90, 1, 2)
    '<NewsGraph of 1 article, 2 claims, 90 triples from kg.ttl>'
    """
    held = [_count(articles, "article"), _count(claims, "claim")] if articles or claims else []
    return f"<NewsGraph of {', '.join([*held, _count(triples, 'triple')])} from {source}>"


def card(title: str, body: str) -> str:
    """A card; the title is text, the body HTML.

    >>> "&lt;script&gt;" in card("<script>", "<p>body</p>")
    True
    """
    return f'{STYLE}<div class="kg-card"><h4>{escape(title)}</h4>{body}</div>'


def _shares(counts: Mapping[str, int], *, limit: int | None = None) -> str:
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    more = [f"and {len(ordered) - limit} more"] if limit is not None and len(ordered) > limit else []
    return ", ".join([*(f"{name} {counts[name]:,}" for name in ordered[:limit]), *more])


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


# ---------------------------------------------------------------- an explanation


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explained(Explanation):
    """An explanation that shows itself; `contexts` has what stands before and after each quote in its paragraph."""

    contexts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, explanation: Explanation, contexts: tuple[tuple[str, str], ...]) -> Explained:
        """The explanation with the surroundings of its quotes."""
        said = {field.name: getattr(explanation, field.name) for field in fields(Explanation)}
        return cls(**said, contexts=contexts)

    def __str__(self) -> str:
        return Explanation.__str__(self)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """The explanation as a card, each quote marked in its paragraph."""
        title, _, verdict = self._verdict().partition("\n")
        said = "".join(_said(claim, around) for claim, around in zip(self.claims, self.contexts, strict=True))
        others = f"<p>Also claimed between the two: {escape('; '.join(self.others))}.</p>" if self.others else ""
        verdicts = "".join(f"<p>{escape(line)}</p>" for line in (*verdict.splitlines(), *self.inferred))
        return card(title, verdicts + said + others)


def _said(claim: Saying, around: tuple[str, str]) -> str:
    before, after = (escape(part) for part in around)
    voice = f"according to {claim.attribution}" if claim.attribution else "in the article's own voice"
    facts = [WORDS[claim.modality], voice, claim.date and f"of {claim.date}", f"confidence {claim.confidence:g}"]
    told = escape(", ".join(filter(None, facts)))
    return (
        f'<p class="kg-claim"><span class="kg-badge">{escape(claim.modality.value)}</span> {told}</p>'
        f"<blockquote>{before}<mark>{escape(claim.quote)}</mark>{after}</blockquote>"
        f'<p class="kg-quiet">{_reference(claim)}</p>'
    )


def _reference(claim: Saying) -> str:
    title = escape(claim.headline or claim.article)
    if claim.url and claim.url.startswith(("http://", "https://")):
        title = f'<a href="{escape(claim.url)}" rel="noopener noreferrer">{title}</a>'
    rest = [claim.article if claim.headline else None, claim.published]
    group = [f"group: {claim.target_group}"] if claim.target_group else []
    pattern = [f"found by: {claim.pattern}"] if claim.pattern else []
    return ", ".join([title, *map(escape, filter(None, [*rest, *group, *pattern]))])


class Page(str):
    """Text that shows itself as it reads, in a terminal and in a notebook.

    >>> Page("two\\nlines")
    two
    lines
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        title, _, body = self.partition("\n")
        return card(title, f"<pre>{escape(body)}</pre>")
