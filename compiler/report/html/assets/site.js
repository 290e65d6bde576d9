"use strict";
(() => {
  const filter = document.getElementById("filter");
  const items = [...document.querySelectorAll("[data-words]")];
  const rows = items.filter((item) => item.tagName === "TR");

  function apply() {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !wanted.every((word) => item.dataset.words.includes(word));
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = wanted.length > 0 && ![...group.querySelectorAll("[data-words]")].some((item) => !item.hidden);
    }
    const left = rows.filter((row) => !row.hidden).length;
    document.getElementById("count").textContent = wanted.length ? `${left.toLocaleString("en")} of ${rows.length.toLocaleString("en")}` : "";
  }

  if (filter) filter.addEventListener("input", apply);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== filter && !event.ctrlKey && !event.metaKey) { event.preventDefault(); filter.focus(); }
    if (event.key === "Escape" && event.target === filter) { filter.value = ""; apply(); filter.blur(); }
  });
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
})();
