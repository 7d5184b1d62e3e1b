"use strict";
// Filters of the cases. Without this script every case is shown, closed.
(() => {
  const cases = [...document.querySelectorAll("details.case")];
  const words = document.getElementById("filter-words");
  const state = document.getElementById("filter-state");
  const tag = document.getElementById("filter-tag");
  const shown = document.getElementById("filter-count");
  if (!words || !state || !tag || !shown) return;
  const texts = new Map(cases.map((one) => [one, one.textContent.toLowerCase()]));
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let num = 0;
    for (const one of cases) {
      const states = one.dataset.states.split(" ");
      const tags = JSON.parse(one.dataset.tags);
      const fits =
        (!state.value || states.includes(state.value)) &&
        (!tag.value || tags.includes(tag.value)) &&
        wanted.every((word) => texts.get(one).includes(word));
      one.hidden = !fits;
      num += fits;
    }
    shown.textContent = `${num} of ${cases.length} cases`;
  };
  for (const control of [words, state, tag]) control.addEventListener("input", apply);
  document.querySelector(".filters").hidden = false;
  apply();
})();
