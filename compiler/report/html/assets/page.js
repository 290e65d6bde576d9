"use strict";
(() => {
  const { SVG, SIGNS, MARKS, narrow, figure, h, pill, command, drawn, edits, fieldList, table } = Parts;
  const $ = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll(".row[data-n]")];
  const overviewRow = document.querySelector(".row.overview");
  let shown = null;
  let show = "all";

  function split(tracks, side) {
    const bar = h("div", { class: "split", role: "img" });
    const words = [];
    const stack = tracks.filter((track) => track[side]).sort((one, other) => one[side].place - other[side].place);
    const own = stack.some((track) => track[side].share) ? [] : stack.filter((track) => track[side].requests);
    for (const track of stack) {
      const { share, requests, tone, version } = track[side];
      const width = own.length ? (own.includes(track) ? 100 / own.length : 0) : share;
      if (!width) continue;
      const text = own.length ? `${version} · ${requests}` : width >= 22 ? `${version} · ${share} %` : width >= 8 ? `${share} %` : "";
      const part = h("i", { class: tone, title: `${track.name}: ${version}` }, text);
      part.style.width = `${width}%`;
      bar.append(part);
      words.push(`${track.name} ${own.length ? requests : `${share} %`}`);
    }
    bar.setAttribute("aria-label", words.join(", ") || "no share is known");
    return bar;
  }

  function tracks(unit) {
    const words = (side) => side ? [side.version, `${side.pods} ${side.pods === 1 ? "pod" : "pods"}`,
      side.share === null ? "" : `${side.share} %`, side.requests, side.contract].filter(Boolean).join(" · ") : "–";
    // the color is the version's: a track that takes another version has one color now and another next
    const cell = (side) => h("span", {}, side ? h("i", { class: `dot ${side.tone}` }) : null, words(side));
    const body = unit.tracks.map((track) => h("tr", {},
      h("th", { scope: "row" }, track.name),
      h("td", { "data-name": "now" }, cell(track.now)),
      h("td", { "data-name": "next", class: words(track.now) === words(track.next) ? "" : "moved" }, cell(track.next))));
    const shares = (side) => unit.tracks.some((track) => track[side] && (track[side].share || track[side].requests));
    const bars = shares("now") || shares("next") ? h("div", { class: "bars" },
      h("span", { class: "soft" }, "now"), split(unit.tracks, "now"),
      h("span", { class: "soft" }, "next"), split(unit.tracks, "next")) : null;
    return h("section", { class: "panel", "aria-label": "What changes for users" }, h("h2", {}, "What changes for users"), bars,
      h("div", { class: "wide" }, h("table", { class: "tracks" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "track"), h("th", { scope: "col" }, "now"), h("th", { scope: "col" }, "next"))),
        h("tbody", {}, ...body))));
  }

  function finding(item) {
    const panel = h("section", { class: `panel finding ${item.severity}`, "aria-label": item.code },
      h("h2", {}, item.message), h("p", { class: "soft wrap" }, h("code", {}, item.code), item.place ? ` at ${item.place}` : ""));
    if (item.story.length) panel.append(...player(item));
    if (item.help) panel.append(h("p", { class: "remedy" }, h("b", {}, "Help: "), item.help));
    return panel;
  }

  function player(item) {
    let at = item.story.length - 1;
    const slots = [];
    const moments = item.story.map((moment) => h("li", { class: moment.last ? "last" : "" }, h("b", {}, String(moment.number)), moment.event,
      ...moment.lines.map(([line, gone]) => h("p", { class: gone ? "gone" : "" }, line))));
    const back = h("button", { type: "button" }, "‹ Before");
    const next = h("button", { type: "button" }, "After ›");
    const status = h("span", { class: "soft", role: "status" });
    const go = (to) => {
      at = Math.max(0, Math.min(item.story.length - 1, to));
      moments.forEach((moment, number) => moment.classList.toggle("on", number === at));
      slots.forEach((slot, number) => slot.classList.toggle("on", number === at));
      back.disabled = at === 0;
      next.disabled = at === item.story.length - 1;
      if (slots[at]) {
        const frame = slots[at].ownerSVGElement.parentElement;
        frame.scrollLeft = slots[at].x.baseVal.value + 116 - frame.clientWidth;
      }
      status.textContent = `state ${at} of ${item.story.length - 1}`;
    };
    back.addEventListener("click", () => go(at - 1));
    next.addEventListener("click", () => go(at + 1));
    const picture = item.picture ? drawn(item.picture, (svg) => {
      const columns = item.picture.shapes.filter(([tag, values]) => tag === "text" && values.class === "head");
      for (const [number, [, values]] of columns.entries()) {
        const slot = document.createElementNS(SVG, "rect");
        const box = { x: values.x - 58, y: 2, width: 116, height: item.picture.height - 4, rx: 10, class: "slot" };
        for (const [name, value] of Object.entries(box)) slot.setAttribute(name, value);
        slot.addEventListener("click", () => go(number));
        slots.push(slot);
        svg.append(slot);
      }
    }) : [];
    go(at);
    requestAnimationFrame(() => go(at));
    return [h("h3", {}, "How it happens"), ...picture, h("div", { class: "player" }, back, next, status), h("ol", { class: "story" }, ...moments)];
  }

  function dangers(unit) {
    if (!unit.dangers.length) return null;
    return h("section", { class: "panel", "aria-label": "Dangers" }, h("h2", {}, "Dangers"), h("ul", { class: "dangers" },
      ...unit.dangers.map(([kind, object, message]) => h("li", {}, h("span", { class: "tag" }, kind), `${object}: ${message}`))));
  }

  // On a phone the picture is wider than the window: the strip shows all of it at a glance.
  function strip(unit) {
    const svg = document.createElementNS(SVG, "svg");
    const attributes = { class: "strip phone", viewBox: "0 0 100 16", preserveAspectRatio: "none", "aria-hidden": "true" };
    for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
    for (const values of unit.strip) {
      const shape = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries(values)) shape.setAttribute(name, value);
      svg.append(shape);
    }
    return svg;
  }

  function premises(unit) {
    if (!unit.premises.length) return null;
    return h("details", { class: "panel" }, h("summary", {}, "The verdict holds under these conditions"),
      h("ul", {}, ...unit.premises.map((each) => h("li", {}, each))));
  }

  function course(unit) {
    if (!unit.steps.length) return null;
    let unfolded = false;
    const items = unit.steps.map((step) => {
      const here = !step.command;
      const item = h("li", { class: here ? "here" : "" },
        h("h3", {}, step.name, pill(step.verdict), h("span", { class: "checks" },
          `undo ${MARKS[step.reverse]}${step.back ? ` ${step.back}` : ""}`, step.skips[1] ? ` · from older commits ${MARKS[step.skips[0]]}` : "",
          ` · peak ${step.peak}`)),
        step.shares ? h("p", { class: "soft" }, step.shares) : null,
        step.summary ? h("p", {}, step.summary, step.notes.length ? h("b", {}, ` (${step.notes.join(", ")})`) : "") : null,
        step.errors.length ? h("ul", { class: "errors" }, ...step.errors.map((error) => h("li", {}, error))) : null,
        here ? null : command(step.command));
      if (!here && step.changes.length) {
        const next = !unfolded;
        unfolded = true;
        item.append(h("details", { open: next }, h("summary", {}, next ? "The next step changes" : "This step changes"), edits(step.changes)));
      }
      return item;
    });
    const picture = unit.course ? [strip(unit), ...drawn(unit.course)] : [];
    return h("section", { class: "panel", "aria-label": "Course" }, h("h2", {}, "Course"), ...picture, h("ol", { class: "steps" }, ...items));
  }

  function moves(unit) {
    if (!unit.moves.length) return null;
    const items = unit.moves.map(([commit, time, lines]) => h("li", {},
      h("p", { class: "soft" }, h("code", {}, commit), ` ${time} UTC`), ...lines.map((line) => h("p", { class: "wrap" }, line))));
    return h("section", { class: "panel", "aria-label": "Moves of the pilot" }, h("h2", {}, "Moves of the pilot in this course"), h("ol", {}, ...items));
  }

  function previews(unit) {
    if (!unit.previews.length) return null;
    return h("section", { class: "panel", "aria-label": "Preview" }, h("h2", {}, "Preview"),
      ...unit.previews.flatMap(([name, request, place]) => [h("p", {}, place ? `${name}, ${place}` : name), command(request)]));
  }

  function undo(unit) {
    if (!unit.undo) return null;
    return h("section", { class: "panel", "aria-label": "Undo" }, h("h2", {}, "Undo ", pill(unit.undo.verdict)),
      unit.undo.command ? command(unit.undo.command) : null, unit.undo.note ? h("p", {}, unit.undo.note) : null,
      unit.undo.changes.length ? h("p", { class: "soft" }, unit.undo.tally) : null,
      unit.undo.errors.length ? h("ul", { class: "errors" }, ...unit.undo.errors.map((error) => h("li", {}, error))) : null,
      unit.undo.changes.length ? h("details", {}, h("summary", {}, "What it changes"), edits(unit.undo.changes)) : null);
  }

  function object(item) {
    const details = h("details", { class: "object" }, h("summary", {},
      h("span", { class: `action ${item.action}` }, SIGNS[item.action]), item.title,
      h("span", { class: "soft" }, item.fields.length ? `  ${item.fields.length + item.more} ${item.fields.length + item.more === 1 ? "field" : "fields"}` : "",
        item.shared ? `, ${item.shared} alike elsewhere` : "", item.place ? `  ${item.place}` : "")));
    const words = [item.title, item.file, item.action, ...item.fields.map(([path]) => path)].join(" ").toLowerCase();
    details.addEventListener("toggle", () => {
      if (!details.open || details.childElementCount > 1) return;
      const fields = fieldList(item.fields);
      details.append(...[fields, item.rows.length ? table(item) : null].filter(Boolean));
    });
    return { details, words };
  }

  function objects(unit, query) {
    const items = unit.objects.map(object);
    const filter = h("input", { type: "search", placeholder: "Filter objects", "aria-label": "Filter objects", value: query });
    const count = h("span", { class: "hint", role: "status" });
    const apply = () => {
      const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let visible = 0;
      for (const { details, words } of items) {
        details.hidden = !wanted.every((word) => words.includes(word));
        visible += details.hidden ? 0 : 1;
      }
      count.textContent = wanted.length ? `${visible} of ${items.length}` : "";
    };
    const toggle = h("button", { type: "button", id: "toggle-all" }, "Open all");
    toggle.addEventListener("click", () => {
      const open = items.some(({ details }) => !details.hidden && !details.open);
      for (const { details } of items) if (!details.hidden) details.open = open;
      toggle.textContent = open ? "Close all" : "Open all";
    });
    filter.addEventListener("input", apply);
    if (items.every(({ words }) => !query || !words.includes(query))) filter.value = "";
    apply();
    if (items.length <= 3) for (const { details } of items) details.open = true;
    return h("section", { class: "panel", "aria-label": "Differences" },
      h("div", { class: "bar-tools" }, h("h2", {}, "Differences"), count, filter, toggle),
      h("p", { class: "soft" }, unit.tally), ...items.map(({ details }) => details),
      unit.more ? h("p", { class: "soft" }, `… ${unit.more} more objects`) : null);
  }

  function render(row) {
    const unit = JSON.parse($(`d${row.dataset.n}`).textContent);
    const article = $("unit");
    article.replaceChildren(...[
      h("p", { class: "crumb" }, `${unit.environment} / ${unit.strategy}`),
      h("h1", {}, unit.name),
      h("p", { class: "facts" }, pill(unit.verdict), h("span", {}, unit.verdict[2]),
        unit.position ? h("span", {}, unit.position) : null, unit.wait ? h("span", {}, unit.wait) : null),
      unit.headline ? h("p", { class: "moved wrap" }, unit.headline) : null,
      ...unit.findings.map(finding), tracks(unit), dangers(unit), premises(unit), course(unit), moves(unit), previews(unit), undo(unit), objects(unit, $("filter").value.toLowerCase()),
    ].filter(Boolean));
  }

  function current() {
    let wanted = location.hash.slice(1);
    try { wanted = decodeURIComponent(wanted); } catch { /* a hash that is no address of ours: the overview */ }
    return rows.find((row) => row.getAttribute("href") === `#${wanted}`) || null;
  }

  function open() {
    const row = current();
    if (row === shown && row !== null) return;
    shown = row;
    $("overview").hidden = row !== null;
    $("unit").hidden = row === null;
    for (const each of [overviewRow, ...rows]) each.removeAttribute("aria-current");
    (row || overviewRow).setAttribute("aria-current", "page");
    if (row) { render(row); row.scrollIntoView({ block: "nearest" }); }
    if (narrow.matches && row) $("main").scrollIntoView(); else scrollTo(0, 0);
  }

  function visible() { return rows.filter((row) => !row.hidden); }

  function filter() {
    const wanted = $("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const row of rows) {
      const kept = show === "all" || (show === "bad" ? row.dataset.verdict !== "safe" : row.dataset.risk !== "0");
      row.hidden = !kept || !wanted.every((word) => row.dataset.words.includes(word));
      number += row.hidden ? 0 : 1;
    }
    for (const title of document.querySelectorAll(".env")) {
      let next = title.nextElementSibling;
      while (next && next.classList.contains("row") && next.hidden) next = next.nextElementSibling;
      title.hidden = !next || !next.classList.contains("row");
    }
    $("count").textContent = rows.length && number === rows.length ? `${figure(number)} changed` : `${figure(number)} of ${figure(rows.length)} changed`;
  }

  function move(by) {
    const list = visible();
    if (!list.length) return;
    const at = list.indexOf(shown);
    const to = at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + by));
    location.hash = list[to].getAttribute("href");
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const writing = event.target instanceof HTMLInputElement;
    if (event.key === "Escape" && writing) { event.target.value = ""; event.target.dispatchEvent(new Event("input")); event.target.blur(); return; }
    if (writing) return;
    const actions = { "/": () => $("filter").focus(), j: () => move(1), k: () => move(-1), o: () => { location.hash = ""; },
      e: () => $("toggle-all") && $("toggle-all").click(), "?": () => $("help").showModal() };
    const action = actions[event.key];
    if (action) { event.preventDefault(); action(); }
  }

  function theme() {
    const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  }

  $("filter").addEventListener("input", filter);
  for (const chip of document.querySelectorAll(".chip")) {
    chip.addEventListener("click", () => {
      show = chip.dataset.show;
      for (const each of document.querySelectorAll(".chip")) each.setAttribute("aria-pressed", String(each === chip));
      filter();
    });
  }
  $("theme").addEventListener("click", theme);
  $("keys").addEventListener("click", () => $("help").showModal());
  $("close").addEventListener("click", () => $("help").close());
  for (const place of document.querySelectorAll(".command")) place.replaceWith(command(place.textContent));
  document.addEventListener("keydown", keys);
  addEventListener("hashchange", open);
  narrow.addEventListener("change", () => { if (shown) render(shown); });
  filter();
  if (!location.hash && rows.length === 1) location.replace(rows[0].getAttribute("href"));
  open();
})();
