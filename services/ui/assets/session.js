// Empties an open page when its session ended, here or in another window, so that nobody reads on a
// screen what was left there (ASVS 5.0 V14.3.1). Whoever writes or points is not thrown out; whoever
// does nothing is told two minutes before, and stays with one press (WCAG 2.2, 2.2.1).
"use strict";

(() => {
  const strip = document.getElementById("sessione");
  if (!strip) return;

  // Milliseconds: how long before the end it is told; how fresh a hand counts as being here; how
  // long an answer may take; until a question that got none is asked again; between two at least. The
  // clock of the wall goes on while a machine sleeps.
  const TOLD = 120_000, HERE = 120_000, ANSWER_MAX = 10_000, AGAIN = 15_000, BREATH = 1_000;
  // When another window signs out: its order may still be on its way.
  const AFTER_LEAVING = [300, 2_000, 6_000];

  const channel = new BroadcastChannel("trama-sessione");
  let ends = Date.now() + Number(strip.dataset.resta) * 1_000;
  let hand = 0, timer = 0;

  const left = () => ends - Date.now();
  const isHere = () => hand > 0 && Date.now() - hand < HERE;

  function plan(delay) {
    clearTimeout(timer);
    timer = setTimeout(due, Math.max(delay, BREATH));
  }

  // The page is asked for again: without a session the way to sign in is the answer, and leads back.
  function close() {
    clearTimeout(timer);
    document.body.replaceChildren();
    location.replace(location.pathname + location.search);
  }

  function show() {
    strip.hidden = left() > TOLD;
    const main = document.querySelector("main");
    if (main) main.hidden = left() <= 0;
  }

  // `uses` says whether somebody is here: a page that asks by itself keeps no session.
  async function ask(uses) {
    try {
      const answer = await fetch("/entra/sessione", {
        cache: "no-store",
        redirect: "manual",
        headers: uses ? {} : { "Trama-Vivo": "1" },
        signal: AbortSignal.timeout(ANSWER_MAX),
      });
      if (answer.type === "opaqueredirect") return close();
      if (!answer.ok) throw new Error(String(answer.status));
      ends = Date.now() + Number(await answer.text()) * 1_000;
      show();
      plan(left() > TOLD ? left() - TOLD : left());
    } catch {
      show();
      plan(AGAIN);
    }
  }

  const due = () => ask(isHere() && left() > 0);

  for (const kind of ["keydown", "pointerdown"]) {
    addEventListener(kind, () => { hand = Date.now(); }, { capture: true, passive: true });
  }
  strip.querySelector("button").addEventListener("click", () => ask(true));
  document.querySelector("form[action='/esci']")?.addEventListener("submit", () => channel.postMessage("esce"));
  channel.onmessage = () => AFTER_LEAVING.forEach((delay) => setTimeout(ask, delay, false));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(false); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) ask(false); });
  plan(left() - TOLD);
})();
