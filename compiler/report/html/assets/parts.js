"use strict";
// The parts that the page is put together from.
const Parts = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const SIGNS = { add: "+", change: "~", delete: "−", replace: "±" };
  const MARKS = { safe: "✓", unsafe: "✗", unknown: "?" };
  const narrow = matchMedia("(max-width: 860px)");
  const figure = (number) => number.toLocaleString("en");

  // Elements are made one by one and texts are set as texts: nothing of the plan is ever read as markup.
  function h(tag, options, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(options || {})) {
      if (name === "class") element.className = value;
      else if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
      else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }

  const pill = ([verdict, words, scope]) => h("span", { class: `pill small ${verdict}` }, `${MARKS[verdict]} ${words}`,
    h("span", { class: "hidden" }, `: ${scope}`));

  function command(text) {
    const button = h("button", { type: "button", "aria-label": `Copy: ${text}` }, "Copy");
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
      catch { getSelection().selectAllChildren(button.previousSibling); button.textContent = "Selected"; }
      setTimeout(() => { button.textContent = "Copy"; }, 1600);
    });
    return h("p", { class: "command" }, h("code", {}, text), button);
  }

  function drawn(picture, pick) {
    const svg = document.createElementNS(SVG, "svg");
    const attributes = { viewBox: `0 0 ${picture.width} ${picture.height}`, width: picture.width, height: picture.height,
      role: "img", "aria-label": picture.title };
    for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
    for (const [tag, values, text] of picture.shapes) {
      const shape = document.createElementNS(SVG, ["rect", "path", "line", "text"].includes(tag) ? tag : "g");
      for (const [name, value] of Object.entries(values)) shape.setAttribute(name, value);
      if (text) shape.textContent = text;
      svg.append(shape);
    }
    if (pick) pick(svg);
    const legend = h("p", { class: "legend" }, ...picture.legend.map(([name, tone]) =>
      h("span", {}, h("i", { class: `dot ${tone}` }), name)));
    const frame = h("div", { class: "picture", tabindex: "0", role: "region", "aria-label": picture.title }, svg);
    return [frame, legend];
  }

  function edits(changes) {
    return h("ul", { class: "fields" }, ...changes.map(([action, title, fields]) => h("li", {},
      h("span", { class: `action ${action}` }, SIGNS[action]), title, fieldList(fields))));
  }

  function fieldList(fields) {
    if (!fields.length) return null;
    return h("ul", { class: "fields" }, ...fields.map(([path, text, lines]) => h("li", {}, h("code", {}, path), text ? `: ${text}` : "",
      lines.length ? h("pre", {}, ...lines.map((line) => h("span", { class: line[0] === "+" ? "plus" : line[0] === "-" ? "minus" : "" }, `${line}\n`))) : null)));
  }

  // The part of two lines that differs, between what they share at either end.
  function middle(one, other) {
    let head = 0;
    while (head < one.length && head < other.length && one[head] === other[head]) head += 1;
    let tail = 0;
    while (tail < one.length - head && tail < other.length - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
    return [head, tail];
  }

  function marked(line, other, tag) {
    const [head, tail] = middle(line, other);
    const part = line.slice(head, line.length - tail);
    return [line.slice(0, head), part ? h(tag, {}, part) : "", line.slice(line.length - tail)];
  }

  function beside(row) {
    const [kind, first, second] = row;
    const no = (number) => h("td", { class: "no" }, number === null ? "" : String(number));
    if (kind === "…") return [h("tr", {}, h("td", { class: "gap", colspan: "4" }, `${figure(first)} ${first === 1 ? "line" : "lines"}`))];
    if (kind === "=") return [h("tr", {}, no(first), h("td", {}, row[3]), no(second), h("td", {}, row[3]))];
    if (kind === "~") return [h("tr", {}, no(first), h("td", { class: "minus" }, ...marked(row[3], row[4], "del")),
      no(second), h("td", { class: "plus" }, ...marked(row[4], row[3], "ins")))];
    const side = [no(first), h("td", { class: kind === "-" ? "minus" : "plus" }, second)];
    const empty = [no(null), h("td", { class: "void" })];
    return [h("tr", {}, ...(kind === "-" ? [...side, ...empty] : [...empty, ...side]))];
  }

  function below(row) {
    const [kind, first, second] = row;
    const line = (number, style, ...parts) => h("tr", {}, h("td", { class: "no" }, String(number)), h("td", { class: style }, ...parts));
    if (kind === "…") return [h("tr", {}, h("td", { class: "gap", colspan: "2" }, `${figure(first)} ${first === 1 ? "line" : "lines"}`))];
    if (kind === "=") return [line(second, "", `  ${row[3]}`)];
    if (kind === "~") return [line(first, "minus", "- ", ...marked(row[3], row[4], "del")), line(second, "plus", "+ ", ...marked(row[4], row[3], "ins"))];
    return [line(first, kind === "-" ? "minus" : "plus", `${kind} ${second}`)];
  }

  // An empty column helps nobody: files that are all new or all removed take one column.
  function table(item) {
    const sided = !narrow.matches && item.rows.some(([kind]) => kind !== "+" && kind !== "-");
    const body = item.rows.flatMap(sided ? beside : below);
    const widths = sided ? ["no", "", "no", ""] : ["no", ""];
    return h("table", { class: "diff", "aria-label": `Difference of ${item.title}` },
      h("colgroup", {}, ...widths.map((width) => h("col", { class: width }))), h("tbody", {}, ...body));
  }
  return { SVG, SIGNS, MARKS, narrow, figure, h, pill, command, drawn, edits, fieldList, table };
})();
