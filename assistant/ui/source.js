// The source panel: takes the clicks on markers anywhere on the page, asks for the source, brings the cited words into
// view once they are there, and leads back. Runs once, when the panel is loaded, after markers.js; `element`, `trigger`
// and `watch` are Gradio's.
const CITE = 'a.cite[href^="#cite-"]';
const KEYS = { n: ".next", p: ".previous" };
let cameFrom = null;
let wanted = null;

function article() {
  return element.querySelector("article.source");
}

function pressed(event, selector) {
  return event.target.closest ? event.target.closest(selector) : null;
}

function markerFor(id) {
  return [...document.querySelectorAll(CITE)].find((marker) => marker.getAttribute("href") === "#" + id);
}

function signpost(id) {
  document.querySelectorAll("a.cite.open").forEach((other) => other.classList.remove("open"));
  document.querySelectorAll(CITE).forEach((marker) => {
    if (marker.getAttribute("href") === "#" + id) marker.classList.add("open");
  });
}

// Scrolls the text within its frame, and the page only as far as the panel needs it; the focus goes to the cited words,
// or stays on the button that was pressed.
function reveal() {
  const open = article();
  if (!open) return;
  signpost(open.dataset.marker);
  const frame = open.querySelector(".frame");
  const cited = [...open.querySelectorAll("mark.cited")].find((mark) => mark.getClientRects().length);
  if (cited) {
    frame.scrollTop += cited.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 3;
  } else {
    frame.scrollTop = 0;
  }
  const held = wanted && open.querySelector(wanted + ":not([disabled])");
  (held || cited || frame).focus({ preventScroll: true });
  if (getComputedStyle(open).position !== "fixed") open.scrollIntoView({ block: "nearest" });
}

function cite(id, focus) {
  wanted = focus;
  trigger("cite", { id });
}

function close() {
  const open = article();
  if (!open) return;
  document.querySelectorAll("a.cite.open").forEach((marker) => marker.classList.remove("open"));
  const marker = cameFrom && cameFrom.isConnected ? cameFrom : markerFor(open.dataset.marker);
  if (marker) marker.focus();
  open.hidden = true;
}

// Markers, candidates and the buttons that show how an answer came about stand in messages: true where one was pressed.
function inMessage(event) {
  const marker = pressed(event, CITE);
  const ask = pressed(event, "button.ask");
  const look = pressed(event, "button.look");
  if (marker) {
    cameFrom = marker;
    cite(marker.getAttribute("href").slice(1), null);
  } else if (ask) {
    trigger("ask", { id: ask.value });
  } else if (look) {
    trigger("look", { id: look.value });
  }
  return Boolean(marker || ask || look);
}

document.addEventListener("click", (event) => {
  if (element.contains(event.target) || !inMessage(event)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("keydown", (event) => {
  const isPress = event.key === "Enter" || event.key === " ";
  if (!isPress || !pressed(event, CITE) || !inMessage(event)) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

element.addEventListener("click", (event) => {
  const leads = pressed(event, "[data-cite]");
  if (pressed(event, "button.close")) close();
  else if (leads) cite(leads.dataset.cite, leads.tagName === "BUTTON" ? "button." + leads.className : null);
});

element.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return close();
  const button = KEYS[event.key] && element.querySelector(KEYS[event.key] + ":not([disabled])");
  if (button) cite(button.dataset.cite, null);
});

watch("value", reveal);
