// Keys of a list: j and k go along its rows, Enter opens (a link does that by itself), Escape closes
// what is open; a, c and r are the answers to what is open, as the page offers them. They act within
// the list and what stands beside it alone, outside fields, and not at all where somebody turned them
// off (WCAG 2.2, 2.1.4).
"use strict";

(() => {
  // Milliseconds after g in which a letter leads to a place and is no answer.
  const CHORD_MAX = 1_500;

  const list = () => document.querySelector("[data-lista]");
  const open = () => document.querySelector("[data-invio]");
  const isOff = () => document.body.dataset.tasti === "spenti";
  const isSeen = (control) => control.getClientRects().length > 0;
  const links = () => [...(list()?.querySelectorAll("[data-chiave] h3 a") ?? [])].filter(isSeen);
  const writes = (target) => target.closest?.("input, select, textarea, [contenteditable]");
  let chord = 0;

  // The row in which the focus is, else the one that is open.
  function here(all) {
    const row = document.activeElement.closest?.("[data-chiave]");
    const at = all.findIndex((link) => row?.contains(link));
    return at >= 0 ? at : all.findIndex((link) => link.hasAttribute("aria-current"));
  }

  function goes(by) {
    const all = links();
    if (all.length === 0) return false;
    const at = here(all);
    const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next].focus();
    return true;
  }

  function answers(key) {
    const link = document.activeElement.closest?.("[data-chiave]")?.querySelector("h3 a");
    // What is answered stands there in words: another row is opened first.
    if (link && isSeen(link) && !link.hasAttribute("aria-current")) { link.click(); return true; }
    const control = open()?.querySelector(`[data-mossa="${key}"]`);
    if (!control) return false;
    control.click();
    if (control.matches("summary") && control.parentElement.open) {
      control.parentElement.querySelector("select, input:not([type=hidden])")?.focus();
    }
    return true;
  }

  function closes(target) {
    const details = target.closest?.("details.move[open]");
    if (details) {
      details.open = false;
      details.querySelector("summary").focus();
      return true;
    }
    const close = open()?.querySelector("[data-chiudi]");
    if (close) close.click();
    return Boolean(close);
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isSecond = performance.now() < chord;
    chord = key === "g" ? performance.now() + CHORD_MAX : 0;
    if (isOff() || event.defaultPrevented || isSecond) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const within = list()?.contains(target) || open()?.contains(target);
    if (!within && target !== document.body && !target.matches?.("main")) return;
    if (key === "Escape") { if (closes(target)) event.preventDefault(); return; }
    if (writes(target)) return;
    const does = { j: () => goes(1), k: () => goes(-1) }[key]
      ?? (within && "acr".includes(key) && key.length === 1 ? () => answers(key) : null);
    if (does?.()) event.preventDefault();
  });

  // Opened from the list, the keys go on where they were.
  if (!isOff()) links().find((link) => link.hasAttribute("aria-current"))?.focus({ preventScroll: true });
})();
