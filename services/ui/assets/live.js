// Keeps an open page true. A stream says "changed" and nothing else; the page asks for itself again,
// and is permitted again. A page whose right ended gives way to what is answered then. One stream for
// all pages of a browser that state the same purpose: the one that holds the lock listens for all.
"use strict";

(() => {
  const line = () => document.getElementById("vivo");
  if (!line()) return;

  // Milliseconds: how long an answer may take; between two questions of a page; how long a lost stream
  // is not spoken of; the shortest and the longest wait before it is opened again; how long other
  // pages have to say what they want.
  const ANSWER_MAX = 10_000, BREATH = 400, QUIET = 2_000, AGAIN_MIN = 500, AGAIN_MAX = 30_000, ROLL_CALL = 60;
  // As the server has them.
  const TOPICS_MAX = 50, CURSORS_MAX = 6;

  const { temi, scopo, modo } = line().dataset;
  const topics = temi.split(",");
  const me = String(Math.random());
  let after = line().dataset.dopo;
  let over = false;

  // ---- What the line says.

  const part = (name) => line()?.querySelector(`[data-quando="${name}"]`);
  const isShown = (name) => part(name)?.hidden === false;
  let isLost = null;

  function say(name, shown) {
    const told = part(name);
    if (told && told.hidden === shown) told.hidden = !shown;
    // Figures are not exchanged under the eyes: they say of what time they are.
    const quiet = !isShown("novita") && !isShown("perso"), isTrue = isLost === false && modo !== "cifre";
    for (const [other, due] of [["vivo", quiet && isTrue], ["fermo", quiet && !isTrue]]) {
      const words = part(other);
      if (words) words.hidden = !due;
    }
  }

  function tellNews(number) {
    const words = part("novita")?.querySelector("span");
    if (!words) return;
    const text = number === 1 ? words.dataset.una : words.dataset.molte.replace("#", String(number));
    if (words.textContent !== text) words.textContent = text;
    say("novita", number > 0);
  }

  // ---- Asking again.

  let asking = false, askedAgain = false, pressed = false, failed = false, retry = 0;

  async function ask() {
    if (over) return;
    if (asking) { askedAgain = true; return; }
    asking = true;
    askedAgain = false;
    clearTimeout(retry);
    const shows = pressed;
    pressed = false;
    const from = new URL(location.href);
    from.searchParams.delete("esito");
    try {
      const answer = await fetch(from, {
        cache: "no-store",
        headers: { Accept: "text/html", "Trama-Vivo": "1" },
        signal: AbortSignal.timeout(ANSWER_MAX),
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.redirected || (answer.status >= 400 && answer.status < 500 && answer.status !== 429)) {
        shut(page);
      } else if (answer.ok) {
        failed = false;
        take(page, shows);
        say("perso", isLost === true);
      } else {
        throw new Error(String(answer.status));
      }
    } catch {
      failed = true;
      pressed ||= shows;
      if (!over) say("perso", true);
      retry = setTimeout(ask, AGAIN_MAX / 2);
    }
    asking = false;
    if (askedAgain) retry = setTimeout(ask, pressed ? 0 : BREATH);
  }

  // Her right ended, or her session: what is answered now stands there, and nothing of before.
  function shut(page) {
    over = true;
    leave();
    document.title = page.title;
    document.body.className = page.body.className;
    document.body.replaceChildren(...page.body.childNodes);
    document.querySelector("main")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  const rowsOf = (page, name) => new Map([...page.querySelectorAll(`main [${name}]`)].map((row) => [row.getAttribute(name), row]));

  // What a row says; not what may be done with it, which differs each time.
  function textOf(row) {
    const copy = row.cloneNode(true);
    copy.querySelectorAll(".does").forEach((does) => does.remove());
    return copy.textContent.replace(/\s+/g, " ");
  }

  // Each piece of what a row says; what is struck says it no more.
  function piecesOf(row) {
    const pieces = new Set();
    const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { data, parentElement } = texts.currentNode;
      const words = data.replace(/\s+/g, " ").trim();
      if (words && !parentElement.closest(".does")) pieces.add(parentElement.closest("del") ? `struck: ${words}` : words);
    }
    return pieces;
  }

  function takesBack(row, now) {
    const said = piecesOf(now);
    return [...piecesOf(row)].some((piece) => !said.has(piece));
  }

  // The row keeps its place and whoever stands in it her control.
  function exchange(row, now) {
    const held = row.contains(document.activeElement) && document.activeElement;
    const name = held && nameOf(held);
    row.replaceChildren(...now.childNodes);
    if (!held) return;
    const to = (name && document.querySelector(name)) || row;
    if (to === row) row.tabIndex = -1;
    to.focus({ preventScroll: true });
  }

  function take(page, shows) {
    const then = page.getElementById("vivo");
    if (shows || !then || !line()) return swap(page, shows);
    if (modo === "cifre") return;
    const [old, now] = [rowsOf(document, "data-chiave"), rowsOf(page, "data-chiave")];
    const [oldParts, nowParts] = [rowsOf(document, "data-parte"), rowsOf(page, "data-parte")];
    const born = [...now.keys()].filter((key) => !old.has(key)).length;
    const lost = [...old.keys()].filter((key) => !now.has(key));
    const changed = [...old.keys()].filter((key) => now.has(key) && textOf(old.get(key)) !== textOf(now.get(key)));
    if (modo === "righe") {
      if (old.size === 0 && born > 0) return swap(page);
      lost.forEach((key) => empty(old.get(key)));
      changed.forEach((key) => old.get(key).replaceChildren(...now.get(key).childNodes));
      for (const [key, piece] of oldParts) {
        if (nowParts.has(key)) piece.replaceChildren(...nowParts.get(key).childNodes);
      }
      return tellNews(born);
    }
    const partsLost = [...oldParts.keys()].some((key) => !nowParts.has(key));
    const partsChanged = [...oldParts].filter(([key, piece]) => nowParts.has(key) && textOf(piece) !== textOf(nowParts.get(key)));
    // A figure is drawn anew of the same rows: it is exchanged below, and by itself moves none of them.
    const partsOther = partsChanged.some(([key]) => key !== "figura");
    const seesOther = then.dataset.vista !== line().dataset.vista && (changed.length > 0 || partsOther);
    // What may not be seen any more goes at once, whatever moves; what is new waits to be shown.
    if (lost.length > 0 || partsLost || seesOther || old.size === 0) return swap(page);
    // A figure may be of what she obscured, wherever in the list that stood: what it said goes at once.
    partsChanged.forEach(([key, piece]) => piece.replaceChildren(...nowParts.get(key).childNodes));
    // So does what a row said and says no more, obscured or corrected; what it says besides waits.
    const takenBack = changed.filter((key) => takesBack(old.get(key), now.get(key)));
    takenBack.forEach((key) => exchange(old.get(key), now.get(key)));
    const other = changed.length - takenBack.length + Number(nowParts.size > oldParts.size);
    tellNews(born > 0 ? born : Math.min(other, 1));
  }

  // A row that is no longer hers to see keeps its place and says nothing else.
  function empty(row) {
    if (row.classList.contains("gone")) return;
    row.style.minHeight = `${row.offsetHeight}px`;
    row.className = "gone";
    const words = document.createElement("p");
    words.textContent = line().dataset.via;
    row.replaceChildren(words);
  }

  // By what the same control is found again.
  function nameOf(control) {
    if (control.id) return `#${CSS.escape(control.id)}`;
    const row = control.closest("[data-chiave]");
    const within = row ? `[data-chiave="${CSS.escape(row.dataset.chiave)}"] ` : "";
    if (control.hasAttribute("href")) return `${within}a[href="${CSS.escape(control.getAttribute("href"))}"]`;
    return control.name ? `${within}[name="${CSS.escape(control.name)}"]` : null;
  }

  function swap(page, shows) {
    const main = document.querySelector("main");
    const held = main.contains(document.activeElement) && document.activeElement !== main ? document.activeElement : null;
    const name = held && nameOf(held);
    const old = rowsOf(document, "data-chiave");
    const typed = [...main.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((field) => field.id);
    document.title = page.title;
    main.replaceChildren(...page.querySelector("main").childNodes);
    for (const field of typed) {
      const same = document.getElementById(field.id);
      if (same && same.value !== field.value) same.value = field.value;
    }
    after = line()?.dataset.dopo ?? after;
    wire();
    const fresh = shows && [...rowsOf(document, "data-chiave")].find(([key]) => !old.has(key));
    const to = fresh ? (fresh[1].querySelector("a, button") ?? fresh[1]) : name && main.querySelector(name);
    if (to && !to.matches("a, button, input, select, textarea")) to.tabIndex = -1;
    if (to || held) (to || main).focus({ preventScroll: !fresh });
    say("perso", isLost === true);
  }

  function wire() {
    part("novita")?.querySelector("button").addEventListener("click", () => { pressed = true; ask(); });
  }

  // ---- What is heard, by this page or by the one that listens for all.

  let quiet = 0;

  function heard(said) {
    if (over) return;
    if (said.after) after = said.after;
    if (said.topics?.some((topic) => topics.includes(topic))) {
      if (modo === "cifre") tellNews(1);
      else ask();
    }
    if (said.isOpen === true) {
      clearTimeout(quiet);
      isLost = false;
      say("perso", failed);
      if (failed) ask();
    } else if (said.isOpen === false) {
      // It may have ended because she may hear no more: the answer says.
      ask();
      clearTimeout(quiet);
      quiet = setTimeout(() => { isLost = true; say("perso", true); }, QUIET);
    }
  }

  const channel = new BroadcastChannel(`trama-vivo-${scopo}`);
  const tell = (said) => { channel.postMessage(said); heard(said); };
  const want = () => channel.postMessage({ want: { id: me, topics, after } });

  channel.onmessage = ({ data }) => {
    if (data.call) want();
    else if (data.want) wanted.set(data.want.id, data.want), soon();
    else if (data.bye) wanted.delete(data.bye);
    else heard(data);
  };

  // ---- Listening for all.

  const wanted = new Map();
  let source = null, leads = null, opening = 0, wait = AGAIN_MIN;

  const soon = (delay = ROLL_CALL) => {
    if (!leads) return;
    clearTimeout(opening);
    opening = setTimeout(open, delay);
  };

  function open() {
    source?.close();
    wanted.set(me, { topics, after });
    const all = [...wanted.values()];
    const asked = new URLSearchParams({
      temi: [...new Set(all.flatMap((page) => page.topics))].slice(0, TOPICS_MAX).join(","),
      dopo: [...new Set(all.map((page) => page.after))].slice(0, CURSORS_MAX).join(","),
    });
    if (scopo) asked.set("scopo", scopo);
    source = new EventSource(`/vivo?${asked}`);
    source.onopen = () => { wait = AGAIN_MIN; tell({ isOpen: true }); };
    source.addEventListener("open", ({ lastEventId }) => moved(lastEventId));
    source.addEventListener("hint", ({ data, lastEventId }) => {
      moved(lastEventId);
      tell({ topics: [JSON.parse(data).topic], after: lastEventId });
    });
    // The browser would open the same again; who wants what may be different by now.
    source.onerror = () => {
      source.close();
      wanted.clear();
      tell({ isOpen: false });
      channel.postMessage({ call: true });
      soon(wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, AGAIN_MAX);
    };
  }

  function moved(to) {
    if (!to) return;
    after = to;
    for (const page of wanted.values()) page.after = to;
  }

  function lead() {
    if (over) return undefined;
    channel.postMessage({ call: true });
    return new Promise((release) => { leads = release; soon(); });
  }

  function leave() {
    channel.postMessage({ bye: me });
    clearTimeout(opening);
    clearTimeout(quiet);
    source?.close();
    leads?.();
    channel.close();
  }

  addEventListener("pagehide", () => { if (!over) channel.postMessage({ bye: me }); });
  addEventListener("pageshow", ({ persisted }) => { if (persisted && !over) { want(); ask(); } });
  addEventListener("online", () => soon(0));
  document.addEventListener("visibilitychange", () => { if (!document.hidden && isLost) ask(); });
  wire();
  want();
  navigator.locks.request(`trama-vivo-${scopo}`, lead);
})();
