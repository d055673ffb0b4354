"""Where the nodes go: computed here, so that a browser need not; the same graph gives the same places.

Each connected part starts from pivot multidimensional scaling (Brandes and Pich, "Eigensolver Methods for Progressive
Multidimensional Scaling of Large Data", 2006) and is then pulled straight by forces (Jacomy et al., "ForceAtlas2",
2014); where it is large, what is far away repels as the middle of its cell. The parts are packed side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

Pair = tuple[int, int]

PIVOTS = 40
ROUNDS, FEWER = 260, 150  # of forces; the second for large parts
EXACT = 600  # nodes up to which every pair repels; beyond it, cells do
ASPECT = 1.5  # of the whole picture, width to height
LEAST = (0.8, 0.55)  # between two nodes, in lengths of an edge: in small parts, in large ones
GAP = (1.3, 0.75)  # between parts, beside and under each other, in lengths of an edge


def positions(count: int, pairs: Sequence[Pair], *, aspect: float = ASPECT) -> list[tuple[float, float]]:
    """A place for each of `count` nodes that `pairs` join; an edge is about 1 long.

    >>> left, right, lone = positions(3, [(0, 1)])
    >>> round(abs(left[0] - right[0]) + abs(left[1] - right[1]), 1) > 0.5
    True
    """
    import numpy as np

    near: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        if one != other:
            near[one].add(other)
            near[other].add(one)
    parts = sorted(_parts(count, near), key=lambda part: (-len(part), part))
    places = [_turned(_placed(part, near), aspect) for part in parts]
    found = np.zeros((count, 2))
    crowds = [_crowd(part, place, near) for part, place in zip(parts, places, strict=True)]
    for part, place, corner in zip(parts, places, _packed(crowds, aspect), strict=True):
        found[part] = place + corner
    found -= (found.min(axis=0) + found.max(axis=0)) / 2 if count else 0
    return [(round(float(x), 4), round(float(y), 4)) for x, y in found]


def _parts(count: int, near: dict[int, set[int]]) -> list[list[int]]:
    """The connected parts."""
    left, found = set(range(count)), []
    for start in range(count):
        if start not in left:
            continue
        part, front = {start}, [start]
        while front:
            front = list({n for node in front for n in near.get(node, ())} - part)
            part.update(front)
        left -= part
        found.append(sorted(part))
    return found


# ---------------------------------------------------------------- one connected part


def _placed(part: Sequence[int], near: dict[int, set[int]]) -> Points:
    import numpy as np

    if len(part) == 1:
        return np.zeros((1, 2))
    number = {node: index for index, node in enumerate(part)}
    links = [[number[n] for n in sorted(near[node])] for node in part]
    start = _scaled(links)
    return _settled(start, links)


def _scaled(links: Sequence[Sequence[int]]) -> Points:
    """Pivot multidimensional scaling: a first picture from how many steps all are from a few nodes."""
    import numpy as np

    count = len(links)
    pivots, distances = [max(range(count), key=lambda n: (len(links[n]), -n))], []
    closest = np.full(count, np.inf)
    while True:
        distances.append(_steps(links, pivots[-1]))
        closest = np.minimum(closest, distances[-1])
        if len(pivots) == min(PIVOTS, count) or closest.max() == 0:
            break
        pivots.append(int(closest.argmax()))
    squared = np.array(distances).T ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, _, axes = np.linalg.svd(centred.T @ centred)
    flat = -0.5 * centred @ axes[: min(2, len(axes))].T
    places = np.zeros((count, 2))
    places[:, : flat.shape[1]] = flat
    places *= np.sign(places[np.abs(places).argmax(axis=0), [0, 1]] + 1e-12)  # a sign that no library chooses
    places *= count**0.5 / max(np.abs(places).max(), 1e-9)
    angles = np.arange(count) * 2.399963  # the golden angle parts what fell on one place
    return np.asarray(places + 0.3 * np.column_stack((np.cos(angles), np.sin(angles))))


def _steps(links: Sequence[Sequence[int]], start: int) -> Points:
    """How many steps each node is from `start`."""
    import numpy as np

    found = np.full(len(links), -1.0)
    found[start], front, distance = 0, [start], 0
    while front:
        distance += 1
        front = sorted({n for node in front for n in links[node] if found[n] < 0})
        found[front] = distance
    return found


def _settled(places: Points, links: Sequence[Sequence[int]]) -> Points:
    """The places after forces have pulled linked nodes together and pushed all others apart."""
    import numpy as np

    count = len(links)
    ends = np.array([(a, b) for a, near in enumerate(links) for b in near if a < b])
    degree = np.array([len(near) for near in links], dtype=float)
    mass = 1 + degree**0.7
    reach = float(np.sqrt(count))
    rounds = ROUNDS if count <= EXACT else FEWER
    for turn in range(rounds):
        force = _repulsion(places, mass)
        apart = places[ends[:, 1]] - places[ends[:, 0]]
        length = np.sqrt((apart**2).sum(axis=1, keepdims=True)) + 1e-9
        pull = apart * length / np.sqrt(np.minimum(degree[ends[:, 0]], degree[ends[:, 1]]))[:, None]
        np.add.at(force, ends[:, 0], pull)
        np.subtract.at(force, ends[:, 1], pull)
        force -= 0.25 * mass[:, None] * places / reach
        size = np.sqrt((force**2).sum(axis=1, keepdims=True)) + 1e-9
        heat = 0.25 * reach * (1 - turn / rounds) ** 2 + 0.01
        places = places + force / size * np.minimum(size / mass[:, None], heat)
        places -= places.mean(axis=0)
    evened = _evened(places)
    least = LEAST[0] + (LEAST[1] - LEAST[0]) * min(count / 300, 1.0)
    return _parted(evened / _unit(evened, ends, least), least=least)


def _evened(places: Points) -> Points:
    """The places moved in or out, in their order, until the part fills its disc: the larger the part, the more so."""
    import numpy as np

    count = len(places)
    share = min(count / 400, 1.0) * 0.85
    radius = np.sqrt((places**2).sum(axis=1)) + 1e-9
    rank = radius.argsort(kind="stable").argsort(kind="stable")
    even = float(np.quantile(radius, 0.9)) * np.sqrt((rank + 0.5) / count)
    return np.asarray(places * ((1 - share) + share * even / radius)[:, None])


def _unit(places: Points, ends: NDArray[np.int64], least: float) -> float:
    """The length to call 1: that of most edges or, where these are long among close nodes, what makes room for all."""
    import numpy as np

    lengths = np.sqrt(((places[ends[:, 1]] - places[ends[:, 0]]) ** 2).sum(axis=1))
    order = np.random.default_rng(0).permutation(len(places))[:400]
    apart = np.sqrt(((places[order, None] - places[None]) ** 2).sum(axis=2))
    apart[np.arange(len(order)), order] = np.inf
    near = float(np.median(apart.min(axis=1))) / least
    room = float(np.sqrt(np.prod(np.ptp(places, axis=0)) / len(places))) / least  # of each, were all spread evenly
    return max(min(float(np.median(lengths)), max(near, 0.6 * room)), 1e-9)


def _repulsion(places: Points, mass: Points) -> Points:
    """How strongly all push each node away: mass times mass over the distance."""
    import numpy as np

    centres, weights = (places, mass) if len(places) <= EXACT else _cells(places, mass)
    x = places[:, 0, None] - centres[None, :, 0]
    y = places[:, 1, None] - centres[None, :, 1]
    strength = weights / (x * x + y * y + 0.02)
    pushes = np.column_stack(((x * strength).sum(axis=1), (y * strength).sum(axis=1)))
    return np.asarray(0.4 * mass[:, None] * pushes)


def _cells(places: Points, mass: Points) -> tuple[Points, Points]:
    """The middle and the mass of each cell of a grid that has nodes in it."""
    import numpy as np

    side = int(np.sqrt(EXACT))
    low, high = places.min(axis=0), places.max(axis=0)
    cell = np.minimum((places - low) / (high - low + 1e-9) * side, side - 1).astype(int)
    _, index = np.unique(cell[:, 0] * side + cell[:, 1], return_inverse=True)
    weights = np.bincount(index, weights=mass).astype(float)
    middles = [np.bincount(index, weights=mass * places[:, axis]) / weights for axis in (0, 1)]
    return np.column_stack(middles), weights


def _parted(places: Points, *, least: float) -> Points:
    """The places with none closer to another than `least`."""
    import numpy as np

    places = places.copy()
    for _ in range(60):
        order = np.lexsort((places[:, 1], places[:, 0]))
        moved = False
        for step in range(1, min(40, len(places))):
            one, other = order[:-step], order[step:]
            apart = places[other] - places[one]
            length = np.sqrt((apart**2).sum(axis=1))
            close = length < least * 0.99
            if not close.any():
                if (apart[:, 0] > least).all():
                    break
                continue
            moved = True
            away = np.where(length[close, None] > 1e-6, apart[close] / (length[close, None] + 1e-12), [[0.6, 0.8]])
            push = away * ((least - length[close]) / 2)[:, None]
            np.subtract.at(places, one[close], push)
            np.add.at(places, other[close], push)
        if not moved:
            break
    return places


# ---------------------------------------------------------------- all parts together


def _turned(places: Points, aspect: float) -> Points:
    """The part turned so that it lies along the picture's longer side, its corner at the origin."""
    import numpy as np

    if len(places) > 1:
        _, _, axes = np.linalg.svd(places - places.mean(axis=0), full_matrices=False)
        axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])[:, None]
        places = places @ (axes if aspect >= 1 else axes[::-1]).T
        width, height = np.ptp(places, axis=0) + 1e-9
        wanted = float(np.clip(aspect * height / width, 1.0, 1.6)) ** min(0.35 + len(places) / 200, 1.0)
        places = places * (wanted**0.6, wanted**-0.4)
    return np.asarray(places - places.min(axis=0))


def _crowd(part: Sequence[int], places: Points, near: dict[int, set[int]]) -> Points:
    """The nodes of a part and points along its edges: where nothing else shall stand."""
    import numpy as np

    number = {node: index for index, node in enumerate(part)}
    ends = np.array([(number[a], number[b]) for a in part for b in near.get(a, ()) if a < b], dtype=int).reshape(-1, 2)
    along = [places[ends[:, 0]] * (1 - way) + places[ends[:, 1]] * way for way in (0.2, 0.4, 0.6, 0.8)]
    return np.vstack((places, *(along if len(ends) else ())))


def _packed(crowds: Sequence[Points], aspect: float) -> list[Points]:
    """The corner of each part: the largest in the middle, each other on a spiral around it where it first has room."""
    import numpy as np

    taken, corners = np.zeros((0, 2)), []
    for crowd in crowds:
        size = crowd.max(axis=0)
        reach = float(np.abs(taken).max(initial=0.0))
        step = max(float(np.hypot(*size)) / 6, reach / 30, 0.2)
        turns = np.arange(4000) ** 0.5
        angles = turns * 3.5449  # 2 times the root of pi: rings as far apart as steps along them
        spots = np.column_stack((np.cos(angles) * aspect, np.sin(angles))) * (turns * step / aspect**0.5)[:, None]
        corner = _first_free(taken, spots - size / 2, size)
        taken = np.vstack((taken, crowd + corner))
        corners.append(corner)
    return corners


def _first_free(taken: Points, corners: Points, size: Points) -> Points:
    """The first of the corners from which a box of that size holds nothing that is taken."""
    import numpy as np

    for chunk in np.array_split(corners, 80):
        low, high = (chunk - GAP)[:, None], (chunk + size + GAP)[:, None]
        within = np.all((low < taken) & (taken < high), axis=2)
        free = ~np.any(within, axis=1)
        if free.any():
            return np.array(chunk[int(free.argmax())])
    return np.array((-size[0] / 2, float(taken[:, 1].max(initial=0.0)) + GAP[1]))
