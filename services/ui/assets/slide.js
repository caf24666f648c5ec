// The slider under a journey: it writes its day into the form that stands beside it and sends that.
// Without this script the form does the same.
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
})();
