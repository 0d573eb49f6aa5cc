// A list answers at once: what htmx does not do by itself. Everything works without this.
const list = document.getElementById("list");
let open = [];
let scrolled = 0;
let across = 0;
let active = "";

list.addEventListener("htmx:beforeSwap", () => {
  open = Array.from(list.querySelectorAll("details[open]"), (panel) => panel.id);
  active = document.activeElement.id;
  scrolled = list.querySelector("details.question[open] .panel")?.scrollTop ?? 0;
  across = document.getElementById("questions")?.scrollLeft ?? 0;
});

list.addEventListener("htmx:afterSettle", () => {
  // The panels stay as the visitor left them.
  for (const id of open) {
    const panel = document.getElementById(id);
    if (panel) panel.open = true;
  }
  const panel = list.querySelector("details.question[open] .panel");
  if (panel) panel.scrollTop = scrolled;
  const row = document.getElementById("questions");
  if (row) row.scrollLeft = across;
  // The keyboard stays where it was; a link that is gone must not take its place on the page with it.
  if (document.activeElement === document.body) (document.getElementById(active) ?? list).focus({ preventScroll: true });
  // Words and order stand outside the answer, and a link may have taken them away.
  const asked = new URLSearchParams(location.search);
  for (const id of ["q", "sort"]) {
    const field = document.getElementById(id);
    if (field !== document.activeElement) field.value = asked.get(id) ?? "";
  }
  document.getElementById("found").textContent = list.querySelector(".count").textContent.trim();
});
