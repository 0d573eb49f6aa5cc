// What only this browser keeps of a form joins the rows that the reader goes on with.
document.addEventListener("DOMContentLoaded", async () => {
  const list = document.querySelector(".home-works");
  const person = document.querySelector("[data-person]")?.dataset.person;
  const copies = Object.keys(localStorage)
    .map((key) => /^typed:([^:]*):([^:]*):/.exec(key))
    .filter((match) => match && match[1] === person)
    .map(([, , path]) => path);
  if (!list || !copies.length) return;
  const query = new URLSearchParams([...new Set(copies)].map((path) => ["path", path]));
  const answer = await fetch(`${list.dataset.kept}?${query}`);
  if (!answer.ok) return;
  const shown = document.createElement("ul");
  shown.innerHTML = await answer.text();
  for (const line of [...shown.children].reverse()) {
    list.querySelector(`:scope > [data-form="${line.dataset.form}"]`)?.remove();
    list.prepend(line);
  }
});
