// A list answers at once: what htmx does not do by itself. Everything works without this.
const list = document.getElementById("list");
let open = [];
let scrolled = 0;
let across = 0;
let active = "";
let followed = "";
const narrowed = new Map();

// Among many choices one types: case, accents and the Arabic letters that only look different don't count.
const folded = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ى", "ي").replaceAll("ة", "ه").trim();

const narrow = (field) => {
  const choices = Array.from(field.closest("fieldset").querySelectorAll("li"));
  const wanted = folded(field.value);
  for (const choice of choices) choice.hidden = !folded(choice.querySelector("label").textContent).includes(wanted);
  const more = field.closest("fieldset").querySelector("details.more");
  if (wanted && more) more.open = true;
  const left = choices.filter((choice) => !choice.hidden).length;
  field.parentElement.querySelector("[role=status]").textContent = wanted ? `${left} / ${choices.length}` : "";
  narrowed.set(field.id, field.value);
};

const showNarrow = () => {
  for (const box of list.querySelectorAll(".narrow")) {
    const field = box.querySelector("input");
    box.hidden = false;
    field.value = narrowed.get(field.id) ?? "";
    if (field.value) narrow(field);
  }
};

list.addEventListener("input", (event) => {
  if (event.target.closest(".narrow")) narrow(event.target);
});
// What is typed here is no question: the form, which listens to changes in the list, must not hear of it.
list.addEventListener(
  "change",
  (event) => {
    if (event.target.closest(".narrow")) event.stopImmediatePropagation();
  },
  true,
);
showNarrow();

list.addEventListener("htmx:beforeSwap", () => {
  open = Array.from(list.querySelectorAll("details[open]"), (panel) => panel.id);
  active = document.activeElement.id;
  followed = document.activeElement.closest(".options li")?.querySelector("input").id;
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
  showNarrow();
  const count = document.getElementById(followed)?.closest("li").querySelector("a");
  if (document.activeElement === document.body) {
    (document.getElementById(active) ?? count ?? list).focus({ preventScroll: true });
  }
  // Words and order stand outside the answer, and a link may have taken them away.
  const asked = new URLSearchParams(location.search);
  for (const id of ["q", "sort"]) {
    const field = document.getElementById(id);
    if (field !== document.activeElement) field.value = asked.get(id) ?? "";
  }
  document.getElementById("found").textContent = list.querySelector(".count").textContent.trim();
});
