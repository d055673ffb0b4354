"""Answers as pandas tables whose columns have the type of what is in them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from kg.model import Modality

if TYPE_CHECKING:
    import pandas as pd

    from kg.store import Graph, Rows

DATE = "datetime64[s]"  # holds every year that a date of XML Schema can have
CATEGORIES: Mapping[str, Sequence[str] | None] = {  # columns with few different values
    "modality": tuple(Modality),
    "relation": None,
    "class": None,
}
DATES = frozenset({"date", "published", "first", "last", "period"})  # what an empty column of this name would hold

NO_BINDINGS: Mapping[str, str] = {}


def texts(graph: Graph, sparql: str, bindings: Mapping[str, str] = NO_BINDINGS) -> pd.DataFrame:
    """The rows of a SELECT query as plain texts, empty where nothing is bound: the fast way, for large tables.

    >>> from kg.store import Graph
    >>> texts(Graph.of([]), "SELECT ?who { ?who ?how ?whom }").columns.tolist()
    ['who']
    """
    import pandas as pd

    return pd.read_csv(
        io.BytesIO(graph.csv(sparql, bindings)), dtype=str, na_filter=False, skip_blank_lines=False, encoding="utf-8"
    )


def typed(rows: Rows) -> pd.DataFrame:
    """The rows of any SELECT query: dates, numbers, truths and categories as such, IRIs and other text as text.

    >>> from kg.store import Rows, Term
    >>> typed(Rows(("n", "date"), ((Term.literal(2), None),))).dtypes.astype(str).tolist()
    ['Int64', 'datetime64[s]']
    """
    import pandas as pd

    values = list(rows.values())
    columns = zip(*values, strict=True) if values else ((),) * len(rows.variables)
    series = [_column(name, column) for name, column in zip(rows.variables, columns, strict=True)]
    frame = pd.concat(series, axis="columns") if series else pd.DataFrame(index=range(len(values)))
    frame.columns = pd.Index(rows.variables, dtype=object)  # a query may give two columns one name
    return frame


def categories(column: Iterable[str], name: str) -> pd.Categorical:
    """A column of few different values; the modalities stand in the order of their strength.

    >>> categories(["denied"], "modality").categories.tolist()
    ['asserted', 'ended', 'prospective', 'denied']
    """
    import pandas as pd

    values = pd.Series(column, dtype="str")
    fixed = CATEGORIES.get(name)
    if fixed is None or not values.dropna().isin(fixed).all():
        return pd.Categorical(values)
    return pd.Categorical(values, categories=[str(value) for value in fixed])


def dates(column: pd.Series) -> pd.Series:
    """Dates in ISO form as dates; what is none, as no date.

    >>> import pandas as pd
    >>> dates(pd.Series(["2020-08-15", "2020-08-15Z", "soon", ""])).count()
    np.int64(2)
    """
    import pandas as pd

    codes, different = pd.factorize(column)
    days = pd.to_datetime(pd.Series(different).str.slice(0, 10), format="%Y-%m-%d", errors="coerce").astype(DATE)
    return pd.Series(days.array.take(codes), index=column.index)


def _column(name: str, values: Sequence[object]) -> pd.Series:
    import pandas as pd

    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pd.Series(values, dtype=DATE if name in DATES else "category" if name in CATEGORIES else "str")
    if kinds == {str}:
        return pd.Series(categories(values, name) if name in CATEGORIES else values)  # type: ignore[arg-type]  # pandas stubs know no such sequence
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean")
    if kinds == {int}:
        return _whole(values)
    if kinds <= {int, float, Decimal}:
        return pd.Series([None if value is None else float(str(value)) for value in values], dtype=float)
    if kinds == {dt.date}:
        return pd.Series(pd.array(values, dtype=DATE))
    if kinds == {dt.datetime}:
        return _moments(values)
    return pd.Series(values, dtype=object)


def _whole(values: Sequence[object]) -> pd.Series:
    import pandas as pd

    try:
        return pd.Series(values, dtype="Int64")
    except OverflowError:  # XML Schema has no largest integer
        return pd.Series(values, dtype=object)


def _moments(values: Sequence[object]) -> pd.Series:
    import pandas as pd

    zoned = {value.tzinfo is not None for value in values if isinstance(value, dt.datetime)}
    if len(zoned) > 1:
        return pd.Series(values, dtype=object)
    return pd.Series(pd.to_datetime(list(values), utc=zoned.pop()))
