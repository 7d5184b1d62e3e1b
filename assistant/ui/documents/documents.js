// The list of documents: headings sort, titles open a document, boxes select. What is selected outlives a new page of
// the list, until the list says with a new epoch that it is to be forgotten. The button that asks for a removal is
// answered here, for only the browser knows at that moment what is selected.
const selected = new Set();
let epoch = null;
let focused = null;

const boxes = () => [...element.querySelectorAll("input[data-id]")];

const restore = () => {
  const now = element.querySelector("[data-epoch]")?.dataset.epoch;
  if (now !== epoch) {
    selected.clear();
    epoch = now;
  }
  for (const box of boxes()) box.checked = selected.has(box.dataset.id);
  const all = element.querySelector("input[data-all]");
  if (all) all.checked = boxes().length > 0 && boxes().every((box) => box.checked);
  if (focused && document.activeElement === document.body) element.querySelector(focused)?.focus();
  focused = null;
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-sort], button[data-show]");
  if (!button) return;
  if (button.dataset.sort) {
    focused = `button[data-sort="${button.dataset.sort}"]`;
    trigger("sort", { column: button.dataset.sort });
  } else {
    trigger("show", { id: button.dataset.show });
  }
});

element.addEventListener("change", (event) => {
  if (event.target.matches("input[data-all]")) {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  for (const box of boxes()) {
    if (box.checked) selected.add(box.dataset.id);
    else selected.delete(box.dataset.id);
  }
  const all = element.querySelector("input[data-all]");
  if (all) all.checked = boxes().every((box) => box.checked);
  trigger("choose", { ids: [...selected] });
});

document.addEventListener("click", (event) => {
  if (element.isConnected && event.target.closest?.("#documents-remove")) trigger("ask", { ids: [...selected] });
});

watch("value", restore);
restore();
