// What both pictures share: the data, quotes in words, filters, the list. Text is only ever set as text, never as HTML.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");
const SVG = "http://www.w3.org/2000/svg";

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const counted = (number, one, many = one + "s") => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const hue = (tie) => (dark.matches ? tie.dark : tie.light);
const say = (text) => { $("said").textContent = text; };

// ---------------------------------------------------------------- the data by name

const sources = data.sources.map(([name, url, date, publisher]) => ({ name, url, date, publisher }));
const nodes = data.nodes.map(([label, kind, shape, x, y, iri, aliases], index) => ({
  index, label, kind, shape, x, y, iri, aliases, edges: [], search: [label, ...aliases].map(folded),
}));
const edges = data.edges.map(([source, target, tie, statements, more, unclaimed, rules], index) => ({
  index, source: nodes[source], target: nodes[target], tie: data.ties[tie], more, unclaimed, rules, visible: true,
  statements: statements.map(([manner, quote, confidence, speaker, said, from, backwards]) => ({
    manner, quote: data.quotes[quote], confidence, speaker, said, backwards, source: sources[from] || null,
    date: said || (sources[from] || {}).date || null,
  })),
}));
for (const edge of edges) {
  edge.source.edges.push(edge);
  if (edge.target !== edge.source) edge.target.edges.push(edge);
  edge.manners = [...new Set([...edge.statements.map((s) => s.manner),
    ...(edge.unclaimed ? ["unclaimed"] : []), ...(edge.rules.length ? ["inferred"] : [])])];
}

// ---------------------------------------------------------------- filters, which are the legend too

const filter = { ties: new Set(data.ties), manners: new Set(data.manners.filter((m) => m.shown).map((m) => m.name)),
  from: "", to: "", undated: true };
const strength = new Map(data.manners.map((manner, rank) => [manner.name, rank]));

function passes(statement) {
  if (!filter.manners.has(statement.manner)) return false;
  if (!statement.date) return filter.undated;
  return (!filter.from || statement.date >= filter.from) && (!filter.to || statement.date <= filter.to);
}

function seenManners(edge) {
  if (!filter.ties.has(edge.tie)) return [];
  const bare = filter.undated;
  return [...edge.statements.filter(passes).map((s) => s.manner),
    ...(edge.unclaimed && bare && filter.manners.has("unclaimed") ? ["unclaimed"] : []),
    ...(edge.rules.length && bare && filter.manners.has("inferred") ? ["inferred"] : [])];
}

function refilter() {
  for (const edge of edges) {
    const manners = seenManners(edge);
    edge.visible = manners.length > 0;
    edge.manner = manners.sort((a, b) => strength.get(a) - strength.get(b))[0] || null;
  }
}

function box(text, count, checked, swatch, change) {
  const input = make("input", { type: "checkbox", checked });
  input.addEventListener("change", () => change(input.checked));
  return make("label", {}, input, swatch, make("span", {}, text), make("b", {}, count.toLocaleString("en")));
}

function group(title, ...rows) {
  return make("fieldset", {}, make("legend", {}, title), ...rows);
}

function head(tie, x, y, colour) {
  const fill = tie.hollow ? "var(--panel)" : colour;
  const line = { stroke: colour, "stroke-width": 1.6, fill: "none" };
  const shapes = {
    triangle: () => drawn("path", { d: `M${x - 9} ${y - 4.5}L${x} ${y}L${x - 9} ${y + 4.5}Z`, ...line, fill }),
    vee: () => drawn("path", { d: `M${x - 9} ${y - 5}L${x} ${y}L${x - 9} ${y + 5}L${x - 6} ${y}Z`, ...line, fill }),
    chevron: () => drawn("path", { d: `M${x - 7} ${y - 5}L${x} ${y}L${x - 7} ${y + 5}`, ...line }),
    bar: () => drawn("path", { d: `M${x - 9} ${y - 4.5}L${x} ${y}L${x - 9} ${y + 4.5}ZM${x - 13} ${y - 5.5}V${y + 5.5}`, ...line, fill }),
    none: () => drawn("g"),
  };
  return shapes[tie.head]();
}

function mark(tie, x, y, colour) {
  const look = { stroke: colour, "stroke-width": 1.6, fill: tie.hollow ? "var(--panel)" : colour };
  const shapes = {
    circle: () => drawn("circle", { cx: x, cy: y, r: 3.6, ...look }),
    square: () => drawn("rect", { x: x - 3.2, y: y - 3.2, width: 6.4, height: 6.4, ...look }),
    diamond: () => drawn("path", { d: `M${x - 5} ${y}L${x} ${y - 5}L${x + 5} ${y}L${x} ${y + 5}Z`, ...look }),
    tee: () => drawn("path", { d: `M${x} ${y - 6}V${y + 6}`, stroke: colour, "stroke-width": 2.6 }),
    none: () => drawn("g"),
  };
  return shapes[tie.mark]();
}

function swatch(tie) {
  const picture = drawn("svg", { width: 40, height: 14, "aria-hidden": "true" });
  picture.style.setProperty("--hue", hue(tie));
  const end = tie.head === "none" ? 39 : 34;
  picture.append(drawn("path", { d: `M1 7H${end}`, stroke: "var(--hue)", "stroke-width": 2 }),
    head(tie, 39, 7, "var(--hue)"), mark(tie, 18, 7, "var(--hue)"));
  dark.addEventListener("change", () => picture.style.setProperty("--hue", hue(tie)));
  return picture;
}

function stroke(manner) {
  return drawn("svg", { width: 40, height: 14, "aria-hidden": "true" }, drawn("path", {
    d: "M1 7H39", stroke: "var(--ink)", "stroke-width": 2, "stroke-dasharray": manner.dashes.join(" ") || "none" }));
}

const SHAPES = {
  circle: "M7 1.5a5.5 5.5 0 1 0 .01 0Z", square: "M2 2H12V12H2Z", hexagon: "M4 2H10L13.4 7L10 12H4L.6 7Z",
  pentagon: "M7 1L13 5.6L10.7 12.6H3.3L1 5.6Z", diamond: "M7 .6L13.4 7L7 13.4L.6 7Z", triangle: "M7 1L13.4 12.4H.6Z",
  octagon: "M4.4 1H9.6L13 4.4V9.6L9.6 13H4.4L1 9.6V4.4Z",
};

function kinds() {
  const found = new Map();
  for (const node of nodes) {
    if (node.kind) found.set(node.shape, (found.get(node.shape) || new Set()).add(node.kind));
  }
  return [...found].map(([shape, names]) => make("div", { className: "shape" },
    drawn("svg", { width: 14, height: 14, "aria-hidden": "true" }, drawn("path", { d: SHAPES[shape], class: "kind",
      fill: `var(--soft)` })), [...names].sort().join(", ")));
}

function layFilters(changed, sample = stroke) {
  const days = edges.flatMap((edge) => edge.statements.map((s) => s.date)).filter(Boolean).sort();
  const day = (name, key) => {
    const input = make("input", { type: "date", min: days[0], max: days[days.length - 1] });
    input.addEventListener("change", () => { filter[key] = input.value; changed(); });
    return make("label", {}, make("em", {}, name), input);
  };
  const toggle = (set, item) => (on) => { set[on ? "add" : "delete"](item); changed(); };
  const number = (test) => edges.filter(test).length;
  const parts = [
    group("Relations", ...data.ties.map((tie) =>
      box(tie.label, number((e) => e.tie === tie), true, swatch(tie), toggle(filter.ties, tie)))),
    group("How it is said", ...data.manners.map((m) => box(m.words, number((e) => e.manners.includes(m.name)),
      m.shown, sample(m), toggle(filter.manners, m.name)))),
  ];
  if (days.length) {
    const undated = number((e) => !e.statements.length || e.statements.some((s) => !s.date));
    parts.push(group("When", make("p", {}, [...new Set([days[0], days[days.length - 1]])].join(" to ")), day("from", "from"), day("to", "to"),
      undated ? box("without a date", undated, true, "", (on) => { filter.undated = on; changed(); }) : ""));
  }
  if (sample === stroke && kinds().length) parts.push(group("Shapes", ...kinds()));
  $("filters").append(...parts);
  const show = (open) => {
    $("filters").hidden = !open;
    $("filters-button").setAttribute("aria-expanded", open);
  };
  show(innerWidth > 900);
  $("filters-button").addEventListener("click", () => { show($("filters").hidden); changed(); });
}

// ---------------------------------------------------------------- an edge in words

const words = (manner) => (data.manners.find((m) => m.name === manner) || { words: manner }).words;
const sentence = (edge) => `${edge.source.label} ${edge.tie.symmetric ? "\u2013" : "\u2192"} ${edge.tie.label}${
  edge.tie.symmetric ? " \u2013" : " \u2192"} ${edge.target.label}`;

function marked(text, names) {
  const wanted = [...new Set(names)].filter((n) => n.length > 1).sort((a, b) => b.length - a.length)
    .map((n) => n.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!wanted.length) return [text];
  const parts = text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${wanted.join("|")})(?![\\p{L}\\p{N}])`, "u"));
  return parts.map((part, index) => (index % 2 ? make("mark", {}, part) : part));
}

function figure(statement, edge) {
  const names = [edge.source, edge.target].flatMap((node) => [node.label, ...node.aliases]);
  const source = statement.source;
  const where = [];
  if (source) {
    where.push(source.url ? make("a", { href: source.url, target: "_blank", rel: "noopener noreferrer" }, source.name)
      : source.name);
    for (const fact of [source.publisher, source.date]) if (fact) where.push(`, ${fact}`);
  }
  const voice = statement.speaker ? `according to ${statement.speaker}` : "in the article\u2019s own voice";
  const when = statement.said ? `, of ${statement.said}` : "";
  const turned = statement.backwards && !edge.tie.symmetric ? ", said the other way round" : "";
  return make("figure", {},
    statement.quote ? make("blockquote", {}, "\u201c", ...marked(statement.quote, names), "\u201d") : "",
    make("figcaption", {}, make("span", { className: "tag" }, words(statement.manner)), ` ${voice}${when}${turned}`,
      make("br"), ...where, where.length ? make("br") : "", `confidence ${statement.confidence}`));
}

function opened(...children) {
  const close = make("button", { type: "button", className: "close" }, "\u00d7");
  close.setAttribute("aria-label", "Close details");
  close.addEventListener("click", () => document.dispatchEvent(new CustomEvent("closed")));
  $("detail").replaceChildren(close, ...children);
  $("detail").scrollTop = 0;
  $("detail").hidden = false;
}

function named(node, go) {
  const button = make("button", { type: "button", className: "link" }, node.label);
  button.addEventListener("click", () => go(node));
  return button;
}

function showEdge(edge, go) {
  const seen = edge.statements.filter(passes);
  const rest = edge.statements.length - seen.length;
  opened(
    make("h2", {}, named(edge.source, go), make("br"), `${edge.tie.label} `, make("br"), named(edge.target, go)),
    ...(edge.rules.map((rule) => make("p", {}, `Inferred: ${rule}.`))),
    edge.unclaimed ? make("p", {}, "The graph has this edge; no claim stands behind it.") : "",
    ...seen.map((statement) => figure(statement, edge)),
    rest ? make("p", {}, `${counted(rest, "claim")} hidden by the filters.`) : "",
    edge.more ? make("p", {}, `${counted(edge.more, "claim")} more: kg explain prints them all.`) : "",
  );
}

// ---------------------------------------------------------------- the list

let listed = 200;

function layList(open) {
  const seen = edges.filter((edge) => edge.visible).sort((a, b) => b.statements.length - a.statements.length);
  const row = (edge) => {
    const button = make("button", { type: "button", className: "link" }, edge.tie.label);
    button.setAttribute("aria-label", sentence(edge));
    button.addEventListener("click", () => open(edge));
    const days = edge.statements.filter(passes).map((s) => s.date).filter(Boolean).sort();
    const span = days.length ? [...new Set([days[0], days[days.length - 1]])].join(" to ") : "";
    return make("tr", {}, make("th", { scope: "row" }, edge.source.label), make("td", {}, button),
      make("td", {}, edge.target.label), make("td", {}, words(edge.manner)),
      make("td", { className: "number" }, String(edge.statements.length + edge.more)),
      make("td", { className: "number" }, span));
  };
  const titles = ["Subject", "Relation", "Object", "How it is said", "Claims", "Date"];
  const table = make("table", {}, make("caption", {}, `${counted(seen.length, "edge")}, the most reported first`),
    make("thead", {}, make("tr", {}, ...titles.map((title) => make("th", { scope: "col" }, title)))),
    make("tbody", {}, ...seen.slice(0, listed).map(row)));
  const more = make("button", { type: "button", className: "more" }, "Show 500 more");
  more.addEventListener("click", () => { listed += 500; layList(open); });
  $("list").replaceChildren(table, ...(seen.length > listed ? [more] : []));
}

function listing(open) {
  $("list-button").addEventListener("click", () => {
    const wanted = $("list").hidden;
    if (wanted) layList(open);
    $("list").hidden = !wanted;
    $("list-button").setAttribute("aria-pressed", wanted);
  });
}

// ---------------------------------------------------------------- finding a name

function finder(candidates, pick) {
  const input = $("search"), list = $("found");
  let found = [], at = -1;
  const point = (index) => {
    at = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", i === at));
    if (at >= 0) list.children[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", at >= 0 ? `found-${at}` : "");
  };
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); at = -1; };
  const take = (node) => { close(); input.value = node.label; pick(node); };
  const rank = (node, text) => Math.min(...node.search.map((name, index) => {
    const place = name.indexOf(text);
    return place < 0 ? 9 : (place === 0 ? 0 : name[place - 1] === " " ? 1 : 3) + (index ? 0.5 : 0);
  }));
  input.addEventListener("input", () => {
    const text = folded(input.value.trim());
    found = !text ? [] : candidates().map((node) => [rank(node, text), node]).filter(([r]) => r < 9)
      .sort((a, b) => a[0] - b[0] || b[1].edges.length - a[1].edges.length).slice(0, 12).map(([, node]) => node);
    list.replaceChildren(...found.map((node, index) => {
      const item = make("li", { id: `found-${index}` }, node.label, node.kind ? make("small", {}, ` ${node.kind}`) : "");
      item.setAttribute("role", "option");
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(node); });
      return item;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    point(found.length ? 0 : -1);
    if (text) say(found.length ? `${counted(found.length, "name")} found, the first is ${found[0].label}` : "No name found");
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && found.length) point((at + 1) % found.length);
    else if (event.key === "ArrowUp" && found.length) point((at + found.length - 1) % found.length);
    else if (event.key === "Enter" && at >= 0) take(found[at]);
    else if (event.key === "Escape") { input.value = ""; close(); } else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
}
