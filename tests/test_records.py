"""The collection keeps documents and records, whole, whatever happens to the process."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import BadGraph
from kg.model import (
    Document,
    Evidence,
    Form,
    LocalClaim,
    LocalEntity,
    Mention,
    Modality,
    Part,
    Record,
    Segment,
)
from kg.records import RecordStore, Status, input_digest

any_text = st.text(st.characters(exclude_categories=()), min_size=1)


def document(name="report", text="Ada Berg met Bo Lind.", **more) -> Document:
    """An article of one sentence."""
    whole = (Segment(part=Part.BODY, start=0, end=len(text)),)
    return Document(**{"name": name, "origin": f"/news/{name}.txt", "text": text, "segments": whole, **more})


def found(article: Document) -> Record:
    """A record with all that a record can hold."""
    quote = Evidence(quote=article.text, start=0, end=len(article.text))
    claim = LocalClaim(
        subject=0,
        relation="spokeWith",
        object=1,
        modality=Modality.ENDED,
        confidence=0.93,
        evidence=quote,
        attribution=article.text,
        source=1,
        date=dt.date(2020, 8, 15),
        target_group="officials",
        pattern="p",
    )
    return Record(
        article=article.id,
        entities=(
            LocalEntity(name=article.text, kind="Person", aliases=("Berg",)),
            LocalEntity(name="Belarus", kind="Country", known="country/BY"),
        ),
        mentions=(Mention(start=0, end=8, text="Ada Berg", entity=0, form=Form.NAME),),
        claims=(claim,),
    )


@pytest.fixture
def path(tmp_path):
    """Where the collection of a test lies."""
    return tmp_path / "kg.records"


@pytest.mark.parametrize(
    ("then", "status", "names"),
    [
        (document(), Status.KNOWN, ["report"]),
        (document("copy"), Status.KNOWN, ["copy"]),
        (document("other", "Bo Lind met Cy Dahl."), Status.NEW, ["other", "report"]),
        (document(text="Ada Berg met nobody."), Status.REPLACED, ["report"]),
        (document(title="A title"), Status.REPLACED, ["report"]),
    ],
)
def test_put_document(path, then, status, names):
    """A document is new, known or another version; one text is one article, of the smallest origin."""
    with RecordStore.open(path) as store:
        assert store.put_document(document()) is Status.NEW
        assert store.put_document(then) is status
        assert sorted(d.name for d in store.documents()) == names
        assert then in list(store.documents())


def test_documents_are_sorted_by_id(path):
    """The order in which documents came does not show."""
    documents = [document(f"d{i}", f"Ada Berg met Bo Lind {i} times.") for i in range(20)]
    random.Random(7).shuffle(documents)
    with RecordStore.open(path) as store:
        for each in documents:
            store.put_document(each)
        assert list(store.documents()) == sorted(documents, key=lambda d: d.id)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=any_text.filter(str.strip), origin=any_text, url=any_text)
def test_all_that_is_put_comes_back(tmp_path, text, origin, url):
    """Documents and records come back as they were, lone surrogates and all."""
    article = document(text=text, origin=origin, url=url, title=text, date=dt.date(2020, 8, 15), author=url)
    with RecordStore.open(tmp_path / "kg.records") as store:
        store.clear()
        store.put_document(article)
        store.put_record(input_digest(article), "f1", found(article))
    with RecordStore.open(tmp_path / "kg.records") as store:
        assert list(store.documents()) == [article]
        assert store.record(input_digest(article), "f1") == found(article)
        assert list(store.pairs("f1")) == [(article, found(article))]
        assert store.remove(origin) == 1


def test_missing_asks_for_input_and_fingerprint(path):
    """An article is extracted again when what extraction sees of it changed, or when the extractor did."""
    with RecordStore.open(path) as store:
        store.put_document(document())
        assert list(store.missing("f1")) == [document()]
        store.put_record(input_digest(document()), "f1", found(document()))
        assert list(store.missing("f1")) == []
        assert list(store.missing("f2")) == [document()]
        assert store.record(input_digest(document()), "f2") is None
        store.put_document(document(url="http://x.org/"))
        assert list(store.missing("f1")) == []
        store.put_document(document(date=dt.date(2020, 8, 15)))
        assert len(list(store.missing("f1"))) == 1


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"name": "b", "origin": "/b", "url": "http://x.org/", "publisher": "P", "author": "A"}, True),
        ({"text": "Ada Berg met Bo Lund."}, False),
        ({"title": "T"}, False),
        ({"date": dt.date(2020, 8, 15)}, False),
        ({"segments": ()}, False),
    ],
)
def test_input_digest(change, same):
    """The digest changes with all that extraction sees, and with nothing else."""
    assert (input_digest(replace(document(), **change)) == input_digest(document())) is same


@pytest.mark.parametrize(
    ("selector", "count"),
    [
        ("report", 2),
        ("/news/report.txt", 1),
        ("http://x.org/a", 1),
        (document().id, 1),
        ("elsewhere", 0),
        ("no\ud800thing", 0),
    ],
)
def test_remove(path, selector, count):
    """Articles go by name, origin, URL or id, with all their origins and records."""
    with RecordStore.open(path) as store:
        for each in (
            document(url="http://x.org/a"),
            document(origin="/copy/report.txt"),
            document(text="Another report.", origin="/other/report.txt"),
        ):
            store.put_document(each)
            store.put_record(input_digest(each), "f1", found(each))
        assert store.remove(selector) == count
        assert len(list(store.documents())) == 2 - count
        assert len(list(store.pairs("f1"))) == 2 - count


def test_remove_by_the_path_as_typed(path, monkeypatch):
    """A path that is relative to the working folder names the file too."""
    monkeypatch.chdir(path.parent)
    with RecordStore.open(path) as store:
        store.put_document(document(origin=str(path.parent / "news" / "a.txt")))
        assert store.remove("news/a.txt") == 1


def test_transaction_is_all_or_nothing(path):
    """A batch that fails leaves nothing; what was kept before stays."""

    def stopped(store: RecordStore) -> None:
        with store.transaction():
            store.put_document(document("other", "Other text."))
            with store.transaction():
                store.put_document(document("third", "Third text."))
            raise KeyboardInterrupt

    with RecordStore.open(path) as store:
        store.put_document(document())
        with pytest.raises(KeyboardInterrupt):
            stopped(store)
        assert list(store.documents()) == [document()]


def test_changes_while_reading(path):
    """Records may be put while the missing documents are read."""
    documents = [document(f"d{i}", f"Text {i}.") for i in range(50)]
    with RecordStore.open(path) as store, store.transaction():
        for each in documents:
            store.put_document(each)
        for each in store.missing("f1"):
            store.put_record(input_digest(each), "f1", found(each))
        assert len(list(store.pairs("f1"))) == 50


def test_one_file(path):
    """Nothing but the one file is left behind."""
    with RecordStore.open(path) as store:
        store.put_document(document())
    assert [file.name for file in path.parent.iterdir()] == ["kg.records"]


# ---------------------------------------------------------------- what goes wrong


def _foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (a)")


def _later(path: Path) -> None:
    RecordStore.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")


def _cut(path: Path) -> None:
    with RecordStore.open(path) as store, store.transaction():
        for i in range(200):
            store.put_document(document(f"d{i}", f"Text {i}. " * 50))
    with path.open("r+b") as file:
        file.truncate(9000)


def _garbled(path: Path) -> None:
    with RecordStore.open(path) as store:
        store.put_document(document())
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE documents SET data = '{'")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_text("not a database, but a text of some length" * 99), "not a records file"),
        (lambda path: path.mkdir(), "cannot be opened"),
        (_foreign, "another program's database"),
        (_later, "later version of kg"),
        (_cut, "damaged"),
        (_garbled, "a damaged document"),
    ],
)
def test_unusable_file(path, damage, words):
    """A file that cannot be used is refused with a remedy."""
    damage(path)
    with pytest.raises(BadGraph, match=words), RecordStore.open(path) as store:
        list(store.documents())


def test_missing_folder(tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(BadGraph, match="folder"):
        RecordStore.open(tmp_path / "none" / "kg.records")


def test_locked_by_another(path):
    """Another process that is writing is waited for, then named."""
    with RecordStore.open(path) as store, RecordStore.open(path, timeout=0.1) as other, store.transaction():
        store.put_document(document())
        start = time.monotonic()
        with pytest.raises(BadGraph, match="another process is writing"):
            other.put_document(document("other"))
        assert time.monotonic() - start >= 0.1


CHILD = """
import sys
from kg.model import Document
from kg.records import RecordStore

with RecordStore.open(sys.argv[1]) as store:
    number = 0
    while True:
        with store.transaction():
            for _ in range(10):
                number += 1
                text = f"Text {number}. " * 100
                store.put_document(Document(name=f"d{number}", origin=f"/d{number}", text=text, segments=()))
        print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
@pytest.mark.parametrize("batches", [1, 3])
def test_survives_a_kill(path, batches):
    """After a kill, all committed batches are there, and no part of the one that was not."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", CHILD, str(path)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        committed = [int(child.stdout.readline()) for _ in range(batches)][-1]
        time.sleep(0.01)
        child.send_signal(signal.SIGKILL)
    with RecordStore.open(path) as store:
        count = len(list(store.documents()))
        assert count >= committed
        assert count % 10 == 0
        assert store.put_document(document()) is Status.NEW
