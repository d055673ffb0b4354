// The timeline: a row a pair, a mark a day; the axis is cut where nothing happened for long.
"use strict";
(() => {
  const ROW = 30, TOP = 14, SPOT = 6;
  const key = (edge) => [edge.source.index, edge.target.index].sort((a, b) => a - b).join();
  const state = { spot: null, name: null };
  let spots = [], width = 0;

  const millis = (day) => Date.parse(day);
  function place(day) {
    const [first, last, left, right] = data.stretches.find((s) => day <= s[1]) || data.stretches[data.stretches.length - 1];
    const days = millis(last) - millis(first);
    return left + (right - left) * (days ? (millis(day) - millis(first)) / days : 0.5);
  }

  function gathered() { // the marks that pass the filters, and the rows that have any, in order of their first day
    const rows = new Map(), found = new Map();
    for (const edge of edges) {
      if (!edge.visible || (state.name && edge.source !== state.name && edge.target !== state.name)) continue;
      for (const statement of edge.statements.filter((s) => s.date && passes(s))) {
        const id = [key(edge), statement.date, edge.index, statement.manner].join();
        if (!found.has(id)) found.set(id, { id, edge, day: statement.date, manner: statement.manner, statements: [], row: key(edge) });
        found.get(id).statements.push(statement);
        const row = rows.get(key(edge)) || { day: statement.date, edge };
        if (statement.date < row.day) row.day = statement.date;
        rows.set(key(edge), row);
      }
    }
    const order = [...rows].sort((a, b) => (a[1].day < b[1].day ? -1 : a[1].day > b[1].day ? 1 : a[0] < b[0] ? -1 : 1));
    const number = new Map(order.map(([id], index) => [id, index]));
    spots = [...found.values()].map((spot) => ({ ...spot, row: number.get(spot.row) }))
      .sort((a, b) => a.row - b.row || (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
    return order.map(([, row]) => row.edge);
  }

  const pen = document.createElement("canvas").getContext("2d");
  function wide(text, font) { pen.font = font; return pen.measureText(text).width; }
  const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';

  function shape(spot, x, y, r) {
    const colour = hue(spot.edge.tie);
    const solid = spot.manner === "asserted" || spot.manner === "unclaimed";
    const look = { class: "spot", fill: solid ? colour : "var(--ground)", stroke: colour, "stroke-width": 2 };
    const outlines = {
      square: `M${x - r * .85} ${y - r * .85}H${x + r * .85}V${y + r * .85}H${x - r * .85}Z`,
      diamond: `M${x - r * 1.15} ${y}L${x} ${y - r * 1.15}L${x + r * 1.15} ${y}L${x} ${y + r * 1.15}Z`,
    };
    const outline = outlines[spot.edge.tie.mark];
    const parts = [outline ? drawn("path", { d: outline, ...look }) : drawn("circle", { cx: x, cy: y, r, ...look })];
    if (spot.manner === "denied") {
      parts.push(drawn("path", { d: `M${x - 3} ${y - 3}L${x + 3} ${y + 3}M${x - 3} ${y + 3}L${x + 3} ${y - 3}`, stroke: colour, "stroke-width": 2 }));
    }
    if (spot.manner === "ended") parts.push(drawn("circle", { cx: x, cy: y, r: 2, fill: colour }));
    return parts;
  }

  function draw() {
    const rows = gathered(), stage = $("timeline");
    const full = Math.max(stage.clientWidth, 420);
    const names = rows.map((edge) => {
      const text = `${edge.source.label} \u2013 ${edge.target.label}`;
      return text.length > 52 ? text.slice(0, 51).trimEnd() + "\u2026" : text;
    });
    const left = Math.min(Math.max(80, ...names.map((name) => wide(name, `13px ${FAMILY}`))) + 30, full * 0.55);
    const width = full - left - 44, height = TOP + ROW * rows.length;
    const svg = drawn("svg", { width: full, height: Math.max(height, stage.clientHeight - 36), role: "presentation" });
    const axis = drawn("svg", { class: "axis", width: full, height: 34, "aria-hidden": "true" });
    const grid = drawn("g", { class: "grid" });
    const taken = [];
    for (const [at, label] of [...data.ticks].sort((a, b) => a[2] - b[2] || a[0] - b[0])) {
      const x = left + width * at, half = wide(label, `12px ${FAMILY}`) / 2 + 8;
      if (taken.some((t) => Math.abs(t.x - x) < t.half + half)) continue;
      taken.push({ x, half });
      grid.append(drawn("line", { x1: x, x2: x, y1: TOP, y2: svg.getAttribute("height") }));
      axis.append(drawn("text", { x, y: 24, "text-anchor": "middle" }, label));
    }
    for (const [, , a, b] of data.stretches) {
      const x1 = left + width * a, x2 = left + width * b;
      axis.append(drawn("path", { d: `M${x1} 5H${x2}`, stroke: "var(--soft)" }));
      for (const x of [x1, x2]) {
        if (x > left + 1 && x < left + width - 1) axis.append(drawn("path", { d: `M${x - 3} 10L${x + 3} 0`, stroke: "var(--soft)" }));
      }
    }
    svg.append(grid);
    names.forEach((name, row) => {
      const y = TOP + ROW * (row + 0.5);
      const text = drawn("text", { x: left - 18, y: y + 4.5, "text-anchor": "end" }, name);
      svg.append(drawn("line", { class: "row", x1: left, x2: left + width, y1: y, y2: y }), text);
    });
    const near = new Map();
    spots.forEach((spot, index) => {
      const x = left + width * place(spot.day);
      const before = near.get(spot.row) || [];
      const taken = new Set(before.filter((other) => x - other.x < 12).map((other) => other.lane));
      const lane = [0, 1, 2].find((free) => !taken.has(free)) ?? before.length % 3;
      near.set(spot.row, [...before, { x, lane }]);
      const y = TOP + ROW * (spot.row + 0.5) + [0, -8, 8][lane];
      const link = drawn("a", { role: "button", tabindex: -1, "aria-label": told(spot) },
        drawn("title", {}, told(spot)), ...shape(spot, x, y, SPOT * Math.min(1 + 0.12 * (spot.statements.length - 1), 1.5)));
      link.addEventListener("click", () => choose(index));
      spot.link = link;
      svg.append(link);
    });
    stage.replaceChildren(svg, axis);
    const again = state.spot && spots.findIndex((spot) => spot.id === state.spot.id);
    state.spot = again >= 0 && again !== null ? spots[again] : null;
    if (state.spot) state.spot.link.setAttribute("aria-current", "true");
    $("nothing").hidden = spots.length > 0;
    const undated = edges.reduce((sum, edge) => sum + edge.statements.filter((s) => !s.date).length, 0);
    $("summary").textContent = `${counted(rows.length, "pair")}, ${counted(spots.length, "mark")}`
      + (state.name ? ` of ${state.name.label}` : "") + (undated ? `; ${counted(undated, "claim")} without a date not drawn` : "");
  }

  const told = (spot) => `${spot.day}: ${sentence(spot.edge)}, ${words(spot.manner)}, ${counted(spot.statements.length, "claim")}`;

  function choose(index) {
    const spot = spots[index];
    if (state.spot && state.spot.link) state.spot.link.removeAttribute("aria-current");
    state.spot = spot;
    spot.link.setAttribute("aria-current", "true");
    opened(make("h2", {}, named(spot.edge.source, only), make("br"), `${spot.edge.tie.label} `, make("br"), named(spot.edge.target, only)),
      make("p", {}, spot.day), ...spot.statements.map((statement) => figure(statement, spot.edge)));
    if ($("stage").clientWidth !== width) { width = $("stage").clientWidth; draw(); } // the details take room
    state.spot.link.scrollIntoView({ block: "nearest", inline: "nearest" });
    state.spot.link.focus({ preventScroll: true });
    say(`${told(spot)}. ${spot.statements[0].quote}`);
  }

  function only(node) {
    state.name = node;
    redraw();
    say(`Only ${node.label}; Escape shows all`);
  }

  function redraw() {
    refilter();
    state.spot = null;
    $("detail").hidden = true;
    draw();
    if (!$("list").hidden) layList(openEdge);
  }

  function openEdge(edge) { showEdge(edge, only); say(sentence(edge)); }

  function release() {
    if (!$("detail").hidden) {
      $("detail").hidden = true;
      if (state.spot) state.spot.link.removeAttribute("aria-current");
      state.spot = null;
      $("timeline").focus();
    } else if (state.name) { state.name = null; $("search").value = ""; redraw(); }
  }

  function step(name) {
    const at = spots.indexOf(state.spot);
    if (at < 0) return 0;
    if (name === "ArrowRight") return Math.min(at + 1, spots.length - 1);
    if (name === "ArrowLeft") return Math.max(at - 1, 0);
    const row = spots[at].row + (name === "ArrowDown" ? 1 : -1);
    const there = spots.map((spot, index) => index).filter((index) => spots[index].row === row);
    const far = (index) => Math.abs(millis(spots[index].day) - millis(spots[at].day));
    return there.length ? there.sort((a, b) => far(a) - far(b))[0] : at;
  }

  $("timeline").addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow") && spots.length) choose(step(event.key));
    else if ((event.key === "Enter" || event.key === " ") && spots.length) {
      if (state.spot) $("detail").focus();
      else choose(0);
    } else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.tagName === "INPUT";
    if (event.key === "/" && !typing) { $("search").focus(); event.preventDefault(); }
    else if (event.key === "Escape" && !typing) release();
  });
  document.addEventListener("closed", release);
  dark.addEventListener("change", draw);
  new ResizeObserver(() => { if ($("stage").clientWidth !== width) { width = $("stage").clientWidth; draw(); } }).observe($("stage"));

  refilter();
  const sample = (manner) => drawn("svg", { width: 16, height: 16, "aria-hidden": "true" },
    ...shape({ manner: manner.name, edge: { tie: { mark: "circle", light: "var(--ink)", dark: "var(--ink)" } } }, 8, 8, SPOT));
  layFilters(redraw, sample);
  listing(openEdge);
  finder(() => nodes, only);
  draw();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.picture.firstDrawing = performance.now(); }));
  window.picture = { state, nodes, edges, firstDrawing: null, spots: () => spots };
})();
