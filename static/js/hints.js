// What could be better about the words of a field: asked of the server, whose rules they are, when the writer pauses.

const PAUSE = 1000;

function listOf(field) {
  return document.getElementById(`${field.id}_hints`);
}

// The fields of the same group: whether a source is missing depends on them. Other long texts stay at home.
function rowOf(field) {
  const lists = [...field.closest("fieldset").querySelectorAll(".hints")];
  const fields = lists.map((list) => document.getElementById(list.id.replace(/_hints$/, "")));
  return fields.filter((one) => one === field || (one && !one.closest(".prose-editor")));
}

async function ask(field, status, token) {
  const data = new FormData();
  data.set("model", listOf(field).dataset.model);
  rowOf(field).forEach((one) => {
    data.set(listOf(one).dataset.name, one.type === "checkbox" && !one.checked ? "" : one.value);
  });
  const asked = field.value;
  const headers = { "X-CSRFToken": token };
  const answer = await fetch(status.dataset.hints, { method: "POST", body: data, headers }).catch(() => null);
  if (!answer?.ok || answer.redirected || field.value !== asked) return;
  const said = await answer.json();
  rowOf(field).forEach((one) => {
    const news = show(listOf(one), said[listOf(one).dataset.name] || []);
    if (one === field) status.textContent = news.join(" ");
  });
}

// Only what is new is read aloud, not every other number in the same sentence.
function show(list, hints) {
  const known = new Set([...list.children].map((item) => item.dataset.rule));
  list.replaceChildren(
    ...hints.map(([rule, sentence]) => {
      const item = document.createElement("li");
      item.dataset.rule = rule;
      item.textContent = sentence;
      return item;
    }),
  );
  return hints.filter(([rule]) => !known.has(rule)).map(([, sentence]) => sentence);
}

document.addEventListener("DOMContentLoaded", () => {
  const status = document.querySelector("[data-hints]");
  const form = status?.closest("form");
  if (!form) return;
  const token = form.elements.csrfmiddlewaretoken.value;
  const waiting = new Map();
  form.addEventListener("input", ({ target: field }) => {
    if (!field.id || !listOf(field)) return;
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(() => ask(field, status, token), PAUSE));
  });
});
