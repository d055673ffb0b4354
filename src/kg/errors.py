"""What can go wrong, in words for the person at the keyboard.

Every error that a user can cause is a `KgError`; its message says what happened, where, and what to do.
"""


class KgError(Exception):
    """The base of all errors that `kg` raises on purpose.

    >>> raise UnreadableInput("notes.txt: is a PDF; convert it to text first")
    Traceback (most recent call last):
    ...
    kg.errors.UnreadableInput: notes.txt: is a PDF; convert it to text first
    """


class UnreadableInput(KgError):
    """An article (or a line of a dump) that cannot be read."""


class MissingDependency(KgError):
    """A package or model that is needed is absent or too old."""


class BadOntology(KgError):
    """An ontology or lexicon file that cannot be used."""


class UnknownTerm(KgError):
    """A relation or class that the ontology does not declare."""


class BadCorrections(KgError):
    """A corrections file, or a correction, that cannot be used."""


class BadEntityList(KgError):
    """A list of entities of the user's own that cannot be used."""


class BadGraph(KgError):
    """A graph file or store that cannot be read or written."""


class BadQuery(KgError):
    """A SPARQL query that does not parse or run, or an unknown saved query or parameter."""


class TimeUp(BadQuery):
    """A query that was stopped because it took longer than it was allowed to."""


class UnknownEntity(KgError):
    """A name that no entity of the graph bears."""


class NothingToShow(KgError):
    """A picture that would be empty: the graph has no edges, or none that fits what was asked."""


class NoClaims(KgError):
    """A graph that another tool made, asked for what only claims can tell."""


class OutputFailed(KgError):
    """A result that could not be written; what stood there before is untouched."""
