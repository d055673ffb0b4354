// The graph: cytoscape draws nodes and edges at the places that the file gives; names are drawn over it where they fit.
"use strict";
(() => {
  const UNIT = 95; // pixels for the length of an edge, before zooming
  const crowd = nodes.length > 300;
  const colours = () => (dark.matches
    ? { ground: "#14171c", ink: "#e8eaee", person: "#c9d3e0", body: "#8b97a8", place: "#252b34", rim: "#aab4c2" }
    : { ground: "#fcfcfa", ink: "#1b2027", person: "#35445c", body: "#8793a5", place: "#dfe6ee", rim: "#4d5b6d" });
  const TONES = { circle: "person", diamond: "place", triangle: "place" };
  const CY_SHAPES = { circle: "ellipse", square: "round-rectangle" };
  const CY_HEADS = { triangle: "triangle", vee: "vee", chevron: "chevron", bar: "triangle-tee", none: "none" };
  const size = (node) => Math.min(14 + 5.5 * Math.sqrt(node.edges.length), 52) * (crowd ? 1.3 : 1) * (node.shape === "circle" ? 1 : 1.1);
  const width = (edge) => (1.6 + 0.8 * Math.log2(Math.max(1, edge.statements.length))) * (crowd ? 2 : 1);

  function style() {
    const c = colours();
    const fade = { opacity: 0.13, "events": "yes" };
    return [
      { selector: "node", style: { width: "data(size)", height: "data(size)", shape: "data(shape)",
        "border-width": 1.5, "border-color": c.rim, "background-color": c.body, "overlay-opacity": 0 } },
      ...Object.keys(SHAPES).map((shape) => ({ selector: `.${shape}`, style: {
        "background-color": c[TONES[shape] || "body"] } })),
      { selector: "edge", style: { width: "data(width)", "curve-style": "straight",
        opacity: crowd ? 0.6 : 0.85, "arrow-scale": 1.15, "overlay-opacity": 0, "target-distance-from-node": 2 } },
      { selector: ".bent", style: { "curve-style": "bezier", "control-point-step-size": 26 } },
      ...data.ties.map((tie, index) => ({ selector: `.t${index}`, style: {
        "line-color": hue(tie), "target-arrow-color": hue(tie), "target-arrow-shape": CY_HEADS[tie.head],
        "target-arrow-fill": tie.hollow ? "hollow" : "filled", "mid-target-arrow-color": hue(tie),
        "mid-target-arrow-shape": tie.mark, "mid-target-arrow-fill": tie.hollow ? "hollow" : "filled" } })),
      ...data.manners.filter((m) => m.dashes.length).map((m) => ({ selector: `.m-${m.name}`, style: {
        "line-style": "dashed", "line-dash-pattern": m.dashes } })),
      { selector: ".gone", style: { display: "none" } },
      { selector: ".faint", style: fade },
      { selector: "edge.near", style: { opacity: 1 } },
      { selector: "edge.chosen", style: { opacity: 1, width: 5, "z-index": 9 } },
      { selector: "node.chosen", style: { "border-width": 4, "border-color": c.ink, "z-index": 9 } },
    ];
  }

  function whole() { // where all that is seen fits; measured by the nodes alone, which is quick
    const seen = nodes.filter((node) => node.visible), w = $("graph").clientWidth, h = $("graph").clientHeight;
    if (!seen.length) return { zoom: 1, pan: { x: w / 2, y: h / 2 } };
    const at = seen.map((node) => (node.drawn ? node.drawn.position() : { x: node.x * UNIT, y: node.y * UNIT }));
    const [left, right] = [Math.min, Math.max].map((most) => at.reduce((value, p) => most(value, p.x), at[0].x));
    const [top, bottom] = [Math.min, Math.max].map((most) => at.reduce((value, p) => most(value, p.y), at[0].y));
    const zoom = Math.min((w - 130) / (right - left + 1), (h - 90) / (bottom - top + 1), 1.6);
    return { zoom, pan: { x: w / 2 - (zoom * (left + right)) / 2, y: h / 2 - (zoom * (top + bottom)) / 2 } };
  }

  const pairs = new Map();
  const pair = (edge) => [edge.source.index, edge.target.index].sort().join();
  for (const edge of edges) pairs.set(pair(edge), (pairs.get(pair(edge)) || 0) + 1);
  const bent = (edge) => (pairs.get(pair(edge)) > 1 || edge.source === edge.target ? "bent" : "straight");

  refilter();
  const withEdges = (node) => node.edges.some((edge) => edge.visible) || !node.edges.length;
  for (const node of nodes) node.visible = withEdges(node);
  for (const item of [...nodes, ...edges]) Object.assign(item, { faint: false, near: false, chosen: false, gone: !item.visible });
  for (const edge of edges) for (const m of data.manners) edge[`m-${m.name}`] = edge.manner === m.name;
  const cy = cytoscape({
    container: $("graph"), style: style(), layout: { name: "preset", fit: false }, ...whole(),
    elements: [
      ...nodes.map((node) => ({ group: "nodes", classes: node.shape + (node.gone ? " gone" : ""),
        position: { x: node.x * UNIT, y: node.y * UNIT },
        data: { id: `n${node.index}`, size: size(node), shape: CY_SHAPES[node.shape] || node.shape } })),
      ...edges.map((edge) => ({ group: "edges", classes: `t${data.ties.indexOf(edge.tie)} m-${edge.manner} ${bent(edge)}${edge.gone ? " gone" : ""}`,
        data: { id: `e${edge.index}`, source: `n${edge.source.index}`, target: `n${edge.target.index}`, width: width(edge) } })),
    ],
    minZoom: 0.02, maxZoom: 4, autounselectify: true, boxSelectionEnabled: false, hideEdgesOnViewport: edges.length > 6000,
  });
  for (const node of nodes) node.drawn = cy.getElementById(`n${node.index}`);
  for (const edge of edges) edge.drawn = cy.getElementById(`e${edge.index}`);
  function turn(item, name, on) { // a class on or off; cytoscape is told only of what changes
    if (item[name] === on) return;
    item[name] = on;
    item.drawn.toggleClass(name, on);
  }
  const drawnOf = (element) => (element.isNode() ? nodes : edges)[Number(element.id().slice(1))];

  // -------------------------------------------------------------- names, where there is room

  const canvas = $("names");
  const pen = canvas.getContext("2d");
  const order = [...nodes].sort((a, b) => b.edges.length - a.edges.length || a.index - b.index);
  const FONT = '13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';
  const widths = new Map();
  let labels = [];

  function measured(text, font) {
    const key = font + text;
    if (!widths.has(key)) { pen.font = font; widths.set(key, pen.measureText(text).width); }
    return widths.get(key);
  }

  class Room { // what is taken, in cells of a grid
    constructor() { this.cells = new Map(); }
    each(b, visit) {
      for (let x = Math.floor(b.x / 80); x <= Math.floor((b.x + b.w) / 80); x++) {
        for (let y = Math.floor(b.y / 40); y <= Math.floor((b.y + b.h) / 40); y++) if (visit(x * 65536 + y)) return true;
      }
      return false;
    }
    free(b, own) {
      return !this.each(b, (key) => (this.cells.get(key) || []).some((o) => o.owner !== own
        && b.x < o.x + o.w && o.x < b.x + b.w && b.y < o.y + o.h && o.y < b.y + b.h));
    }
    take(b) { this.each(b, (key) => { this.cells.set(key, [...(this.cells.get(key) || []), b]); }); }
  }

  const short = (text) => (text.length > 34 ? text.slice(0, 33).trimEnd() + "\u2026" : text);

  function places(p, r, w, h) {
    return [[p.x - w / 2, p.y + r + 2], [p.x - w / 2, p.y - r - h - 2], [p.x + r + 4, p.y - h / 2], [p.x - r - w - 4, p.y - h / 2],
      ...[1, -1].flatMap((side) => [[p.x + r * 0.7 + 2, p.y + side * (r * 0.7 + h / 2) - h / 2],
        [p.x - r * 0.7 - w - 2, p.y + side * (r * 0.7 + h / 2) - h / 2]])];
  }

  function write(label, room, spots, node) {
    for (const [x, y] of spots) {
      const b = { ...label, x, y, owner: node };
      if (x < 0 || y < 0 || x + b.w > canvas.clientWidth || y + b.h > canvas.clientHeight || !room.free(b, node)) continue;
      room.take(b);
      labels.push(b);
      pen.font = b.font;
      pen.lineWidth = 3.5;
      pen.strokeStyle = colours().ground;
      pen.strokeText(b.text, x + 2, y + b.h / 2);
      pen.fillStyle = b.colour;
      pen.fillText(b.text, x + 2, y + b.h / 2);
      return true;
    }
    return false;
  }

  function drawNames() {
    const ratio = devicePixelRatio || 1, w = canvas.clientWidth, h = canvas.clientHeight;
    if (canvas.width !== Math.round(w * ratio) || canvas.height !== Math.round(h * ratio)) {
      canvas.width = Math.round(w * ratio);
      canvas.height = Math.round(h * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, w, h);
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    labels = [];
    const room = new Room(), zoom = cy.zoom(), pan = cy.pan();
    const wanted = order.filter((node) => node.visible && !node.faint);
    const first = wanted.filter((node) => node === state.node || node === hovered || isEnd(node));
    const visible = [...new Set([...first, ...wanted])].map((node) => {
      const at = node.drawn.position();
      return { node, p: { x: at.x * zoom + pan.x, y: at.y * zoom + pan.y }, r: (size(node) * zoom) / 2 };
    }).filter(({ p }) => p.x > -60 && p.x < w + 60 && p.y > -20 && p.y < h + 20);
    if (visible.length < 250) {
      for (const { node, p, r } of visible) room.take({ x: p.x - r, y: p.y - r, w: 2 * r, h: 2 * r, owner: node });
    }
    const most = Math.max(12, (w * h) / 8000);
    for (const { node, p, r } of visible.slice(0, most * 5)) {
      if (labels.length > most) break;
      const strong = node === state.node || node === hovered;
      const font = strong ? `600 ${FONT}` : FONT;
      const label = { text: short(node.label), font, w: measured(short(node.label), font) + 4, h: 17, colour: colours().ink, node: node.index };
      write(label, room, places(p, r, label.w, label.h), node);
    }
    for (const edge of namedEdges()) {
      const m = edge.drawn.renderedMidpoint();
      const font = FONT.replace("13px", "11.5px");
      const label = { text: edge.tie.label, font, w: measured(edge.tie.label, font) + 4, h: 15, colour: hue(edge.tie), edge: edge.index };
      write(label, room, [[m.x - label.w / 2, m.y - 16], [m.x - label.w / 2, m.y + 2]], edge);
    }
  }

  const isEnd = (node) => state.edge && (state.edge.source === node || state.edge.target === node);
  function namedEdges() {
    if (state.edge) return [state.edge];
    const node = state.node || hovered;
    return node ? node.edges.filter((edge) => edge.visible).slice(0, 30) : [];
  }

  // -------------------------------------------------------------- what is chosen

  const state = { node: null, edge: null };
  let hovered = null;

  function paint() {
    const near = new Set();
    const only = state.node ? state.node.edges.filter((edge) => edge.visible) : state.edge ? [state.edge] : [];
    for (const edge of only) near.add(edge).add(edge.source).add(edge.target);
    if (state.node) near.add(state.node);
    cy.batch(() => {
      for (const item of [...nodes, ...edges]) {
        turn(item, "faint", near.size > 0 && !near.has(item));
        turn(item, "near", near.has(item));
        turn(item, "chosen", item === state.edge || (!state.edge && item === state.node));
      }
    });
    drawNames();
  }

  function into(item) { // the view follows what was chosen, where it is out of sight
    const b = item.drawn.renderedBoundingBox(), w = cy.width(), h = cy.height();
    if (b.x1 < 20 || b.y1 < 20 || b.x2 > w - 20 || b.y2 > h - 20) cy.center(item.drawn);
  }

  const ways = (edge, node) => (edge.tie.symmetric ? "" : edge.source === node ? "" : "\u2190 ");

  function chooseNode(node) {
    Object.assign(state, { node, edge: null });
    const seen = node.edges.filter((edge) => edge.visible);
    const hidden = node.edges.length - seen.length;
    const groups = new Map();
    for (const edge of seen) {
      const title = ways(edge, node) + edge.tie.label;
      groups.set(title, [...(groups.get(title) || []), edge]);
    }
    const other = (edge) => (edge.source === node ? edge.target : edge.source);
    const item = (edge) => {
      const tag = edge.manner === "asserted" ? "" : make("span", { className: "tag" }, words(edge.manner));
      const button = make("button", { type: "button", className: "link" }, other(edge).label, " ", tag,
        edge.statements.length > 1 ? ` (${edge.statements.length})` : "");
      button.setAttribute("aria-label", `${sentence(edge)}, ${words(edge.manner)}`);
      button.addEventListener("click", () => chooseEdge(edge, node));
      return make("li", {}, button);
    };
    opened(make("h2", {}, node.label), make("p", {}, node.kind || ""),
      node.aliases.length ? make("p", {}, `Also: ${node.aliases.slice(0, 8).join(", ")}`) : "",
      ...[...groups].flatMap(([title, list]) => [make("h3", {}, title), make("ul", {}, ...list.map(item))]),
      hidden ? make("p", {}, `${counted(hidden, "edge")} hidden by the filters.`) : "", make("p", {}, node.iri));
    resized();
    paint();
    if (node.visible) into(node);
    say(`${node.label}${node.kind ? ", " + node.kind : ""}, ${counted(seen.length, "edge")}`
      + (hidden ? `, ${hidden} hidden by the filters` : ""));
  }

  function chooseEdge(edge, from) {
    Object.assign(state, { edge, node: from || state.node || edge.source });
    showEdge(edge, chooseNode);
    resized();
    paint();
    into(edge);
    const first = edge.statements.find(passes);
    say(`${sentence(edge)}, ${words(edge.manner)}, ${counted(edge.statements.length, "claim")}.`
      + (first && first.quote ? ` ${first.quote}` : ""));
  }

  function release() {
    Object.assign(state, { node: null, edge: null });
    const inside = $("detail").contains(document.activeElement);
    $("detail").hidden = true;
    resized();
    paint();
    if (inside) $("graph").focus();
  }

  function resized() { cy.resize(); }

  function apply() {
    refilter();
    for (const node of nodes) node.visible = withEdges(node);
    cy.batch(() => {
      for (const edge of edges) {
        turn(edge, "gone", !edge.visible);
        for (const m of data.manners) turn(edge, `m-${m.name}`, edge.manner === m.name);
      }
      for (const node of nodes) turn(node, "gone", !node.visible);
    });
    const shown = edges.filter((edge) => edge.visible).length, names = nodes.filter((node) => node.visible).length;
    $("summary").textContent = `${counted(names, "name")}, ${counted(shown, "edge")}`
      + (shown < edges.length ? ` of ${edges.length.toLocaleString("en")}` : "");
    $("nothing").hidden = shown > 0;
    if (state.edge && !state.edge.visible) release();
    else if (state.edge) chooseEdge(state.edge, state.node);
    else if (state.node) chooseNode(state.node);
    if (!$("list").hidden) layList(chooseEdge);
    resized();
    paint();
  }

  // -------------------------------------------------------------- mouse and keys

  cy.on("tap", "node", (event) => chooseNode(drawnOf(event.target)));
  cy.on("tap", "edge", (event) => chooseEdge(drawnOf(event.target)));
  cy.on("tap", (event) => { if (event.target === cy) release(); });
  cy.on("mouseover", "node", (event) => { hovered = drawnOf(event.target); drawNames(); });
  cy.on("mouseout", "node", () => { hovered = null; drawNames(); });
  cy.on("mouseover", "edge", () => { $("graph").style.cursor = "pointer"; });
  cy.on("mouseout", "edge", () => { $("graph").style.cursor = ""; });
  cy.on("render", drawNames);

  const AHEAD = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function towards(node, [dx, dy]) { // the nearest name in that direction, not too far to the side
    const from = node.drawn.position();
    let best = null, least = Infinity;
    for (const other of nodes) {
      if (other === node || !other.visible) continue;
      const at = other.drawn.position();
      const ahead = (at.x - from.x) * dx + (at.y - from.y) * dy;
      const aside = Math.abs((at.x - from.x) * dy) + Math.abs((at.y - from.y) * dx);
      if (ahead > 0 && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = other; }
    }
    return best;
  }

  function walk(key) {
    if (!state.node) { chooseNode(order.find((node) => node.visible) || order[0]); return; }
    if (!state.edge) { const next = towards(state.node, AHEAD[key]); if (next) chooseNode(next); return; }
    const seen = state.node.edges.filter((edge) => edge.visible);
    const step = key === "ArrowRight" || key === "ArrowDown" ? 1 : seen.length - 1;
    chooseEdge(seen[(seen.indexOf(state.edge) + step) % seen.length], state.node);
  }

  function enter() {
    if (state.edge) chooseNode(state.edge.source === state.node ? state.edge.target : state.edge.source);
    else if (state.node) { const edge = state.node.edges.find((e) => e.visible); if (edge) chooseEdge(edge, state.node); }
    else walk("ArrowRight");
  }

  const zoomed = (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  const fit = () => cy.viewport(whole());
  const escape = () => (state.edge ? chooseNode(state.node) : release());
  const KEYS = { Enter: enter, " ": enter, Escape: escape, "+": () => zoomed(1.3), "=": () => zoomed(1.3),
    "-": () => zoomed(1 / 1.3), "0": fit };
  $("graph").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in AHEAD) walk(event.key);
    else if (event.key in KEYS) KEYS[event.key]();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.tagName === "INPUT";
    if (event.key === "/" && !typing) { $("search").focus(); event.preventDefault(); }
    else if (event.key === "Escape" && !typing && !$("graph").contains(event.target)) escape();
  });
  document.addEventListener("closed", release);
  $("closer").addEventListener("click", () => zoomed(1.4));
  $("farther").addEventListener("click", () => zoomed(1 / 1.4));
  $("whole").addEventListener("click", fit);
  dark.addEventListener("change", () => { cy.style().fromJson(style()).update(); drawNames(); });
  new ResizeObserver(() => { resized(); drawNames(); }).observe($("stage"));

  layFilters(apply);
  listing((edge) => chooseEdge(edge, edge.source));
  finder(() => nodes, (node) => {
    chooseNode(node);
    if (!node.visible) return;
    cy.center(node.drawn);
    if (cy.zoom() < 0.6) cy.zoom({ level: 0.9, position: node.drawn.position() });
  });
  apply();
  fit();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.picture.firstDrawing = performance.now(); }));
  window.picture = { cy, state, nodes, edges, firstDrawing: null, labels: () => labels, choose: chooseNode };
})();
