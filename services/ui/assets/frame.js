// Keys that lead to the places of every page, and a menu that closes when one is done with it. Single
// keys act only outside fields, and not at all where somebody turned them off (WCAG 2.2, 2.1.4).
"use strict";

(() => {
  // Milliseconds between g and the letter of a place.
  const CHORD_MAX = 1_500;

  const menu = document.querySelector("details.menu");
  document.addEventListener("click", ({ target }) => {
    if (menu?.open && !menu.contains(target)) menu.open = false;
  });

  const writes = (target) => target.closest?.("input, select, textarea, [contenteditable]");
  let chord = 0;

  function go(key) {
    const to = document.querySelector(`[data-tasto="${CSS.escape(key)}"]`);
    if (to) to.click();
    return Boolean(to);
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Escape" && menu?.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (document.body.dataset.tasti === "spenti" || event.defaultPrevented) return;
    if (event.ctrlKey || event.altKey || event.metaKey || writes(target)) return;
    const isSecond = performance.now() < chord;
    chord = 0;
    if (isSecond && /^[a-z]$/.test(key)) {
      if (go(key)) event.preventDefault();
    } else if (key === "g") {
      chord = performance.now() + CHORD_MAX;
    } else if (key === "/") {
      const search = document.querySelector("[data-cerca]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (key === "?" && go("?")) {
      event.preventDefault();
    }
  });
})();
