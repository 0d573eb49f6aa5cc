// Rows are put in another order by pulling their handles; keyboards have the buttons.
(() => {
  const list = document.querySelector(".lines[data-order]");
  const form = list?.querySelector(".order");
  if (!form) return;
  const NEAR_THE_EDGE = 80; // pixels: there the page scrolls along
  const rows = () => [...list.querySelectorAll(":scope > [data-row]")];
  const order = () => rows().map((row) => row.dataset.row).join(" ");

  const move = (row, y) => {
    const box = row.getBoundingClientRect();
    const [before, after] = [row.previousElementSibling, row.nextElementSibling];
    const middle = (other) => other.getBoundingClientRect().top + other.offsetHeight / 2;
    // The others change places with it, since what is moved itself lets go of the pointer.
    if (before?.dataset.row && y < Math.min(middle(before), box.top)) row.after(before);
    else if (after?.dataset.row && y > Math.max(middle(after), box.bottom)) row.before(after);
    else return;
    move(row, y);
  };

  const drag = (start) => {
    if (start.button) return;
    const [handle, row, was] = [start.currentTarget, start.currentTarget.parentElement, rows()];
    const before = order();
    const done = new AbortController();
    const options = { signal: done.signal };
    const end = (isKept) => {
      done.abort();
      row.classList.remove("dragged");
      if (!isKept) was.forEach((one) => list.insertBefore(one, list.querySelector(":scope > :not([data-row])")));
      if (order() === before) return;
      form.elements.order.value = order();
      form.requestSubmit();
    };
    start.preventDefault();
    handle.setPointerCapture(start.pointerId);
    row.classList.add("dragged");
    handle.addEventListener("pointermove", ({ clientY }) => {
      if (clientY < NEAR_THE_EDGE) scrollBy(0, -12);
      if (clientY > innerHeight - NEAR_THE_EDGE) scrollBy(0, 12);
      move(row, clientY);
    }, options);
    handle.addEventListener("pointerup", () => end(true), options);
    handle.addEventListener("pointercancel", () => end(false), options);
    addEventListener("keydown", ({ key }) => key === "Escape" && end(false), options);
  };

  for (const row of rows()) {
    if (row.querySelector(".section-form")) continue; // open to be written in
    const handle = document.createElement("span");
    handle.className = "handle";
    handle.title = list.dataset.order;
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("pointerdown", drag);
    row.append(handle);
  }
})();
