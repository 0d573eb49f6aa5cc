// What must stay visible of a photo: a circle to drag, a place to touch, or the arrow keys; the crops follow. Without this
// there are two numbers.
document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".focus-picker").forEach(begin));

function begin(picker) {
  const scope = picker.closest("[data-photo]") || picker.closest("form") || document;
  const fields = ["x", "y"].map((axis) => scope.querySelector(`input[name$="focus_${axis}"]`));
  const picture = picker.querySelector("img");
  if (!picture || !fields.every(Boolean)) return;
  const crops = [...scope.querySelectorAll(".crop img")];
  const point = picker.appendChild(document.createElement("button"));
  point.type = "button";
  point.className = "focus-point";
  scope.querySelectorAll(".focus-numbers").forEach((numbers) => (numbers.hidden = true));
  scope.querySelectorAll(".focus__how").forEach((how) => (how.hidden = false));

  function values() {
    return fields.map((field) => Math.min(100, Math.max(0, Number(field.value) || 0)));
  }

  function show() {
    const [x, y] = values();
    point.style.left = `${x}%`;
    point.style.top = `${y}%`;
    point.setAttribute("aria-label", picker.dataset.said.replace("{x}", x).replace("{y}", y));
  }

  function move(x, y) {
    [x, y].forEach((value, place) => (fields[place].value = Math.min(100, Math.max(0, Math.round(value)))));
    fields[0].dispatchEvent(new Event("input", { bubbles: true }));
    crops.forEach((crop) => follow(crop, picture, values()));
  }

  function moveTo(event) {
    const box = picture.getBoundingClientRect();
    move(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  }

  picker.addEventListener("click", (event) => {
    if (event.target === point) return;
    moveTo(event);
    point.focus();
  });
  // The browser would drag the picture itself.
  picker.addEventListener("dragstart", (event) => event.preventDefault());
  point.addEventListener("pointerdown", (event) => point.setPointerCapture(event.pointerId));
  point.addEventListener("pointermove", (event) => {
    if (point.hasPointerCapture(event.pointerId)) moveTo(event);
  });
  point.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (!steps[event.key]) return;
    event.preventDefault();
    const [x, y] = values();
    const [across, down] = steps[event.key].map((step) => step * (event.shiftKey ? 10 : 1));
    move(x + across, y + down);
  });
  fields.forEach((field) => field.addEventListener("input", show));
  show();
}

// A crop was made on the server; from the first move on, the whole photo lies behind its frame and is cut here as there:
// learningcities/media/renditions.py centres the frame on the point, as near as the edges let it.
function follow(crop, picture, [x, y]) {
  if (crop.src !== picture.src) crop.src = picture.src;
  if (!crop.dataset.shape) {
    crop.style.objectPosition = `${Math.round(x / 10) * 10}% ${Math.round(y / 10) * 10}%`;
    return;
  }
  const [across, down] = crop.dataset.shape.split("/").map(Number);
  const ratio = picture.naturalWidth / picture.naturalHeight / (across / down);
  const shown = [Math.min(1, 1 / ratio), Math.min(1, ratio)];
  const position = [x, y].map((focus, axis) => {
    const room = 1 - shown[axis];
    return room ? (Math.min(room, Math.max(0, focus / 100 - shown[axis] / 2)) / room) * 100 : 50;
  });
  crop.style.objectPosition = `${position[0]}% ${position[1]}%`;
}
