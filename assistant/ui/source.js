// The source panel: takes clicks on citation markers anywhere on the page, asks for the source, and brings the cited
// words into view once they are there. Runs once, when the panel is loaded; `element`, `trigger` and `watch` are Gradio's.
const MARKER = 'a.cite[href^="#cite-"]';

function open(event) {
  const marker = event.target.closest && event.target.closest(MARKER);
  if (!marker) return;
  event.preventDefault();
  event.stopPropagation();
  document.querySelectorAll("a.cite.open").forEach((other) => other.classList.remove("open"));
  marker.classList.add("open");
  trigger("cite", { id: marker.getAttribute("href").slice(1) });
}

function scrolling(inner) {
  let box = inner.parentElement;
  while (box.parentElement && !["auto", "scroll"].includes(getComputedStyle(box).overflowY)) box = box.parentElement;
  return box;
}

document.addEventListener("click", open, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") open(event);
}, true);

watch("value", () => {
  const cited = element.querySelector("mark.cited");
  if (!cited) return;
  const panel = scrolling(cited);
  panel.scrollTop += cited.getBoundingClientRect().top - panel.getBoundingClientRect().top - panel.clientHeight / 3;
  panel.scrollIntoView({ block: "nearest" });
  cited.focus({ preventScroll: true });
});
