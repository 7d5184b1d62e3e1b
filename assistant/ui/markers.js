// Citation markers: a card with the quote on hover and on focus, names for screen readers. Runs once, when the source
// panel is loaded. What a card shows travels with the message, hidden, in an element with the id "card-TURN-NUMBER".
const MARKER = 'a.cite[href^="#cite-"]';
const SHOW_MS = 120;
const HIDE_MS = 200;
const MARGIN = 8;

const card = document.createElement("div");
card.id = "citation-card";
card.className = "citation-card";
card.setAttribute("role", "tooltip");
card.hidden = true;
document.body.append(card);
let shown = null;
let timer = 0;

function markerAt(event) {
  return event.target.closest ? event.target.closest(MARKER) : null;
}

function dataOf(marker) {
  return document.getElementById("card-" + marker.getAttribute("href").slice("#cite-".length));
}

function verdictOf(marker) {
  const claim = marker.closest(".claim");
  return claim ? claim.querySelector(".verdict") : null;
}

// Fills the card with copies of the hidden elements, which hold nothing but text and what sets off a phrase.
function fill(marker) {
  const data = dataOf(marker);
  if (!data) return false;
  const parts = [...data.children].filter((part) => part.textContent).map((part) => part.cloneNode(true));
  const verdict = verdictOf(marker);
  if (verdict) {
    const words = document.createElement("span");
    words.className = "card-verdict " + verdict.className;
    words.textContent = verdict.textContent + " " + verdict.title;
    parts.push(words);
  }
  card.replaceChildren(...parts);
  return true;
}

// Below the marker where there is room, else above, and never past the edges of the page.
function place(marker) {
  const at = marker.getBoundingClientRect();
  const size = card.getBoundingClientRect();
  const left = Math.min(Math.max(at.left, MARGIN), innerWidth - size.width - MARGIN);
  const fits = at.bottom + MARGIN + size.height < innerHeight;
  card.style.left = left + "px";
  card.style.top = Math.max(fits ? at.bottom + MARGIN : at.top - size.height - MARGIN, MARGIN) + "px";
}

// Whether the marker is where it can be seen, and not scrolled out of its frame.
function inSight(marker) {
  const at = marker.getBoundingClientRect();
  const top = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2);
  return Boolean(top) && (marker.contains(top) || card.contains(top));
}

function show(marker) {
  clearTimeout(timer);
  if (!marker.isConnected || !fill(marker)) return;
  if (shown && shown !== marker) shown.removeAttribute("aria-describedby");
  shown = marker;
  card.hidden = false;
  marker.setAttribute("aria-describedby", card.id);
  place(marker);
}

function hide() {
  clearTimeout(timer);
  card.hidden = true;
  if (shown) shown.removeAttribute("aria-describedby");
  shown = null;
}

function later(action, milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(action, milliseconds);
}

document.addEventListener("pointerover", (event) => {
  const marker = markerAt(event);
  if (marker && event.pointerType !== "touch") later(() => show(marker), SHOW_MS);
  else if (card.contains(event.target)) clearTimeout(timer);
});
document.addEventListener("pointerout", (event) => {
  if (markerAt(event) || card.contains(event.target)) later(hide, HIDE_MS);
});
document.addEventListener("focusin", (event) => {
  const marker = markerAt(event);
  const returns = event.relatedTarget && event.relatedTarget.closest("#source");
  if (marker && !returns && marker.matches(":focus-visible")) show(marker);
});
document.addEventListener("focusout", (event) => {
  if (markerAt(event)) hide();
});
document.addEventListener("click", hide, true);
document.addEventListener("scroll", (event) => {
  if (!shown || event.target === card) return;
  if (inSight(shown)) place(shown);
  else hide();
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || card.hidden) return;
  hide();
  event.stopPropagation();
}, true);

// A message's bubble is labelled with its raw markup: without the label, screen readers read what it shows. Its markers
// lost their labels on the way here.
function mend(root) {
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  const found = (selector) => [...(root.matches(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  found('[data-testid="bot"][aria-label], [data-testid="user"][aria-label]').forEach((bubble) =>
    bubble.removeAttribute("aria-label"));
  found(MARKER).forEach((marker) => {
    const data = dataOf(marker);
    const title = data && data.querySelector(".card-title");
    const name = title && marker.textContent + " " + title.textContent;
    if (name && marker.getAttribute("aria-label") !== name) marker.setAttribute("aria-label", name);
  });
}

new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") mend(change.target);
    else change.addedNodes.forEach(mend);
  }
  if (shown && !shown.isConnected) hide();
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-label"] });
mend(document.body);
