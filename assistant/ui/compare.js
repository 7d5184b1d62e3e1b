// The source beside the matrix: takes clicks on the matrix's markers, asks for the source, and brings the cited words
// into view once they are there. Escape goes back to the marker. `element`, `trigger` and `watch` are Gradio's.
const MARKER = '#matrix a.cite[href^="#compare-"]';
let opened = null;

function open(event) {
  const marker = event.target.closest && event.target.closest(MARKER);
  if (!marker) return;
  event.preventDefault();
  event.stopPropagation();
  document.querySelectorAll("#matrix a.cite.open").forEach((other) => other.classList.remove("open"));
  marker.classList.add("open");
  opened = marker;
  trigger("cite", { id: marker.getAttribute("href").slice(1) });
}

function scrolling(inner) {
  let box = inner.parentElement;
  while (box.parentElement && !["auto", "scroll"].includes(getComputedStyle(box).overflowY)) box = box.parentElement;
  return box;
}

function show() {
  const cited = element.querySelector("mark.cited");
  if (!cited || !opened) return;
  const panel = scrolling(cited);
  panel.scrollTop += cited.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3;
  panel.scrollIntoView({ block: "nearest" });
  cited.focus({ preventScroll: true });
}

document.addEventListener("click", open, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") open(event);
}, true);
element.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && opened) opened.focus();
});
watch("value", () => requestAnimationFrame(show));
