// Keys and copying. Everything else works without this file.
"use strict";

const hits = () => Array.from(document.querySelectorAll("[data-hit]"));
let now = -1;

function say(text) {
  document.getElementById("said").textContent = text;
}

// Which hit a step leads to from where the address points: the reader is there.
function fromTarget(all, step) {
  const target = document.querySelector(":target");
  if (!target) return step > 0 ? 0 : all.length - 1;
  const at = all.findIndex((hit) => hit.contains(target));
  if (at >= 0) return at + step;
  const after = all.findIndex((hit) => target.compareDocumentPosition(hit) & Node.DOCUMENT_POSITION_FOLLOWING);
  const next = after < 0 ? all.length : after;
  return step > 0 ? next : next - 1;
}

function move(step) {
  const all = hits();
  if (all.length === 0) return;
  if (now >= 0) all[now].classList.remove("now");
  const to = now < 0 ? fromTarget(all, step) : now + step;
  now = Math.min(Math.max(to, 0), all.length - 1);
  const hit = all[now];
  hit.classList.add("now");
  const link = hit.querySelector("h2 a") || hit;
  link.focus({ preventScroll: true });
  hit.scrollIntoView({ block: "nearest" });
}

window.addEventListener("hashchange", () => {
  for (const hit of hits()) hit.classList.remove("now");
  now = -1;
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = event.target.closest("input, textarea, select");
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  if (event.key === "/") {
    const search = document.getElementById("q") || document.getElementById("draft");
    if (!search) return;
    event.preventDefault();
    search.focus();
    if (search.select) search.select();
  } else if (event.key === "j") {
    move(1);
  } else if (event.key === "k") {
    move(-1);
  }
});

// What became of copying, beside its button and for who hears the page.
let forgotten;
function tell(button, text) {
  for (const old of document.querySelectorAll(".copied")) old.remove();
  const told = document.createElement("span");
  told.className = "copied";
  told.ariaHidden = "true";
  told.textContent = text;
  button.after(told);
  say(text);
  clearTimeout(forgotten);
  forgotten = setTimeout(() => { told.remove(); say(""); }, 4000);
}

for (const button of document.querySelectorAll("button[data-copy], button[data-link]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", () => {
    const text = button.dataset.copy ?? new URL(button.dataset.link, location).href;
    navigator.clipboard.writeText(text).then(() => tell(button, "Copied"), () => tell(button, "Not copied"));
  });
}

if (window.matchMedia("(max-width: 46rem)").matches) {
  for (const details of document.querySelectorAll("aside > details")) details.open = false;
}
