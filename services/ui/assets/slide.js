// The slider under a journey: it writes its day into the form that stands beside it and sends that.
// Without this script the form does the same. And keys along the marks of the figure: left and right in a
// lane, up and down to the nearest mark of the next one, brackets to the next meeting; Tab reaches each
// of them as well.
"use strict";

(() => {
  const words = new Intl.DateTimeFormat(document.documentElement.lang || "it", { dateStyle: "long", timeZone: "UTC" });
  const isSlide = (target) => target.matches?.(".slide input");

  function dayOf(slide) {
    const day = new Date(`${slide.dataset.primo}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + Number(slide.value));
    return day;
  }

  document.addEventListener("input", ({ target }) => {
    if (!isSlide(target)) return;
    const said = words.format(dayOf(target));
    target.setAttribute("aria-valuetext", said);
    target.nextElementSibling.textContent = said;
  });

  // At its end it stands on today, which is no day of the form's.
  function send(slide) {
    const form = slide.closest("section").querySelector("form");
    const { al, fatti } = form.elements;
    const field = fatti.value && !al.value ? fatti : al;
    const day = slide.value === slide.max ? "" : dayOf(slide).toISOString().slice(0, 10);
    if (field.value === day) return;
    field.value = day;
    form.requestSubmit();
  }

  // Arrow keys move it day by day; what they chose is sent with Enter, what the hand chose once it lets go.
  let isHeld = false;
  document.addEventListener("keydown", ({ target, key }) => {
    if (!isSlide(target)) return;
    if (key === "Enter") send(target);
    else isHeld = true;
  });
  document.addEventListener("pointerdown", ({ target }) => { if (isSlide(target)) isHeld = false; });
  document.addEventListener("change", ({ target }) => { if (isSlide(target) && !isHeld) send(target); });

  const leftOf = (mark) => mark.getBoundingClientRect().left;
  const inOrder = (marks) => [...marks].sort((one, other) => leftOf(one) - leftOf(other));
  const nearest = (marks, left) => [...marks].sort((one, other) => Math.abs(leftOf(one) - left) - Math.abs(leftOf(other) - left))[0];

  function nextOf(mark, key) {
    const figure = mark.closest("svg.journey");
    const lanes = [...figure.querySelectorAll(":scope > g[role=group]")]
      .map((lane) => inOrder(lane.querySelectorAll("a"))).filter((marks) => marks.length > 0);
    const lane = lanes.findIndex((marks) => marks.includes(mark));
    const place = lanes[lane]?.indexOf(mark);
    switch (key) {
      case "ArrowLeft": return lanes[lane]?.[place - 1];
      case "ArrowRight": return lanes[lane]?.[place + 1];
      case "ArrowUp": return nearest(lanes[lane - 1] ?? [], leftOf(mark));
      case "ArrowDown": return nearest(lanes[lane + 1] ?? [], leftOf(mark));
      case "[": return inOrder(figure.querySelectorAll("a.meeting")).findLast((other) => leftOf(other) < leftOf(mark));
      case "]": return inOrder(figure.querySelectorAll("a.meeting")).find((other) => leftOf(other) > leftOf(mark));
      default: return undefined;
    }
  }

  document.addEventListener("keydown", (event) => {
    const mark = event.target.closest?.("svg.journey a");
    const isSingle = event.key === "[" || event.key === "]";
    if (!mark || (isSingle && document.body.dataset.tasti === "spenti")) return;
    const next = nextOf(mark, event.key);
    if (next || event.key.startsWith("Arrow")) event.preventDefault();
    next?.focus();
  });
})();
