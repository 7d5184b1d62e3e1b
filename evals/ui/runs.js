// The list of runs: a button opens the report of its run. `element` and `trigger` are Gradio's.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-run]");
  if (button) trigger("open", { id: button.dataset.run });
});
