// Keeps what was chosen on a form when the session ended before it was sent. Kept in this tab alone
// (sessionStorage), by worker and form, for at most as long as a session may last; gone when it was
// taken, when somebody else is at the page, and at sign-out (the server empties the tab then as well).
//
// Only fields that a page marks with data-bozza are kept, and a page marks nothing that tells who
// somebody is or how she is: no name, date of birth, code, alias or number; no need, which may be of
// her health. What is left are choices that fit anybody: by which way she came, in which quarter,
// what was given, in which language the notice was read. Whoever finds the tab learns nothing of a
// person from them (trust.md 2, threats 1 and 11; D5: nothing of a page is stored).
"use strict";

(() => {
  const PREFIX = "trama-bozza:";
  // As long as a session may last at most, in milliseconds (trust.md D5: 8 hours).
  const KEPT_MAX = 8 * 60 * 60 * 1_000;

  const store = (() => {
    try { return window.sessionStorage; } catch { return null; }
  })();
  if (!store) return;

  const all = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
  const clear = () => all().forEach((key) => store.removeItem(key));
  const read = (key) => {
    try { return JSON.parse(store.getItem(key)); } catch { return null; }
  };

  document.querySelector("form[action='/esci']")?.addEventListener("submit", clear);

  const form = document.querySelector("form[data-bozze]");
  const who = form?.dataset.bozze;
  const key = form && `${PREFIX}${who}:${location.pathname}`;

  for (const other of all()) {
    const draft = read(other);
    const isOld = !draft || Date.now() - draft.at > KEPT_MAX;
    // Sent from another page than this one, and this one came after it: it was taken.
    const wasTaken = draft?.sent && other !== key;
    if (isOld || wasTaken || (form && !other.startsWith(`${PREFIX}${who}:`))) store.removeItem(other);
  }
  if (!form) return;
  if (form.hasAttribute("data-presa")) store.removeItem(key);

  const fields = () => [...form.elements].filter((field) => field.name && field.hasAttribute("data-bozza"));

  function keep(sent) {
    const values = fields().map((field) => [field.name, field.value]);
    store.setItem(key, JSON.stringify({ at: Date.now(), sent, values }));
  }

  const draft = read(key);
  if (draft && !form.hasAttribute("data-rivista")) {
    for (const [name, value] of draft.values) {
      const field = form.elements[name];
      if (field && field.hasAttribute?.("data-bozza")) field.value = value;
    }
    const told = document.querySelector("[data-quando=bozza]");
    if (told) told.hidden = false;
  }

  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", () => keep(true));
})();
