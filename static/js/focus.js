// The focal point of a photo: a click on it, or the arrow keys. Without this there are two fields.
document.addEventListener("DOMContentLoaded", () => {
  const picker = document.querySelector(".focus-picker");
  const fields = ["id_focus_x", "id_focus_y"].map((id) => document.getElementById(id));
  if (!picker?.firstElementChild || !fields.every((field) => field?.matches("input"))) return;
  const point = picker.appendChild(document.createElement("button"));
  point.type = "button";
  point.className = "focus-point";

  function show() {
    const [x, y] = fields.map((field) => Math.min(100, Math.max(0, Number(field.value) || 0)));
    point.style.left = `${x}%`;
    point.style.top = `${y}%`;
    point.setAttribute("aria-label", picker.dataset.said.replace("{x}", x).replace("{y}", y));
  }

  function move(place, value) {
    fields[place].value = Math.min(100, Math.max(0, Math.round(value)));
    fields[place].dispatchEvent(new Event("input", { bubbles: true }));
  }

  picker.addEventListener("click", (event) => {
    if (event.target === point) return;
    const box = picker.getBoundingClientRect();
    move(0, ((event.clientX - box.left) / box.width) * 100);
    move(1, ((event.clientY - box.top) / box.height) * 100);
    point.focus();
  });
  point.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [1, -1], ArrowDown: [1, 1] };
    if (!steps[event.key]) return;
    event.preventDefault();
    const [place, step] = steps[event.key];
    move(place, Number(fields[place].value) + step * (event.shiftKey ? 10 : 1));
  });
  fields.forEach((field) => field.addEventListener("input", show));
  show();
});
