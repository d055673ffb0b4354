"""HermiT, the OWL DL reasoner that owlready2 brings along, in a process of its own: Java is needed.

The child process gets a folder for its temporary files, which goes with it, and owlready2's world dies with it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import BadOntology, MissingDependency
from kg.model import Triple
from kg.ontology import LEXICON, OWL, Ontology, load_ontology, statements
from kg.reason.axioms import compile_rules
from kg.reason.expressions import BUILT_IN, NOTHING, TYPE
from kg.reason.facts import Given, as_triple, read
from kg.reason.rules import HIDDEN

if TYPE_CHECKING:
    from kg.store import Graph

SECONDS = 600
MEGABYTES = 2000  # of Java's heap
SMALL = 20_000  # edges and types; 23,000 took HermiT 20 seconds, 74,000 52

INCONSISTENT, FAILED = 3, 4  # exit codes of the child
ABOUT = frozenset(f"<{OWL}{name}>" for name in ("Ontology", "imports", "NamedIndividual"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What HermiT found: whether all of it can be true and, if so, what it adds.

    `edges` are of things, with their types; `axioms` say which class or relation is below which; `empty` are the
    classes that can have no member. Only the most specific is given: an edge of `leaderOf`, not that of `officialOf`.
    """

    consistent: bool
    edges: tuple[Triple, ...] = ()
    axioms: tuple[Triple, ...] = ()
    empty: tuple[str, ...] = ()


def ask(ontology: Ontology, given: Given, *, seconds: float = SECONDS) -> Answer:
    """What follows from facts by all of OWL DL; without any, what holds of the ontology itself.

    Raises:
        MissingDependency: there is no Java; the message says what to install.
        BadOntology: HermiT refuses the ontology, or takes too long.
    """
    facts = ((name, *pair) for name, pairs in given.facts.items() for pair in pairs if not name.startswith(HIDDEN))
    return _ask([*_axioms(ontology), *sorted(map(as_triple, facts))], seconds)


def consult(graph: Graph, ontology: Ontology | None = None, *, seconds: float = SECONDS) -> Answer:
    """What HermiT says of a graph: see `ask`."""
    known = ontology or load_ontology()
    return ask(known, read(graph, compile_rules(known)), seconds=seconds)


def check_ontology(ontology: Ontology | None = None, *, seconds: float = SECONDS) -> Answer:
    """Whether an ontology is consistent by itself, and which of its classes can have no member.

    Raises:
        MissingDependency: there is no Java; the message says what to install.
        BadOntology: HermiT refuses the ontology, or takes too long.
    """
    return ask(ontology or load_ontology(), Given({}, {}), seconds=seconds)


def _axioms(ontology: Ontology) -> Iterator[Triple]:
    """The ontology without its words, and without the ontologies that it imports: those are read already."""
    for triple in statements(ontology.files):
        if not (triple.predicate.startswith(f"<{LEXICON}") or ABOUT & {triple.predicate, triple.object}):
            yield triple


def _ask(triples: Iterable[Triple], seconds: float) -> Answer:
    java = _java()
    with tempfile.TemporaryDirectory(prefix="kg-hermit-") as folder:
        question, answer = Path(folder, "question.nt"), Path(folder, "answer.nt")
        question.write_text("".join(f"{s} {p} {o} .\n" for s, p, o in triples), encoding="utf-8")
        code, said = _run([sys.executable, "-m", __name__, java, str(question), str(answer)], folder, seconds)
        if code == INCONSISTENT:
            return Answer(consistent=False)
        if code:
            raise BadOntology(f"HermiT cannot reason with this ontology: {_reason(said)}")
        found = sorted(triple for triple in _read(answer) if triple.object != f"<{OWL}Ontology>")
    return Answer(
        consistent=True,
        edges=tuple(t for t in found if _of_things(t)),
        axioms=tuple(t for t in found if not _of_things(t)),
        empty=tuple(t.subject for t in found if t.object == NOTHING),
    )


def _run(command: list[str], folder: str, seconds: float) -> tuple[int, str]:
    """Run a process and all that it starts, no longer than this."""
    env = {**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder}
    child = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, text=True
    )
    try:
        said, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise BadOntology(
            f"HermiT was stopped after {seconds:g} seconds; reason over a smaller graph, or with --reasoner rules"
        ) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL) if hasattr(os, "killpg") else child.kill()
        child.wait()
    return child.returncode, said


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java") or (home and shutil.which("java", path=str(Path(home, "bin"))))
    if not found:
        raise MissingDependency(
            "HermiT runs on Java, and there is no `java` here: install a Java runtime (Debian and Ubuntu: "
            "`apt install default-jre-headless`; elsewhere: https://adoptium.net), or leave --reasoner hermit out"
        )
    return found


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if "xception" in line or "Error" in line]
    return (lines or said.strip().splitlines() or ["it says nothing"])[-1][:300]


def _of_things(triple: Triple) -> bool:
    return not triple.predicate.startswith(BUILT_IN) or (
        triple.predicate == TYPE and not triple.object.startswith(BUILT_IN)
    )


def _read(path: Path) -> Iterator[Triple]:
    import pyoxigraph as ox

    for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.N_TRIPLES):
        yield Triple(str(quad.subject), str(quad.predicate), str(quad.object))


# ---------------------------------------------------------------- in the child process


def main(java: str, question: str, answer: str) -> int:
    """Have owlready2 ask HermiT; the answer is what it adds, as N-Triples."""
    import owlready2
    from owlready2 import reasoning

    owlready2.JAVA_EXE = java
    reasoning.JAVA_MEMORY = MEGABYTES
    world = owlready2.World()
    try:
        world.get_ontology(Path(question).as_uri()).load()
        reasoning.sync_reasoner_hermit(world, infer_property_values=True, debug=0, ignore_unsupported_datatypes=True)
    except owlready2.OwlReadyInconsistentOntologyError:
        return INCONSISTENT
    except owlready2.OwlReadyError as error:
        print(error)
        return FAILED
    added = world.get_ontology("http://inferrences/")  # owlready2's name for it
    added.save(answer, format="ntriples")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
