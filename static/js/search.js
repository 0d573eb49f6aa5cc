// The search box proposes titles while someone types (a combobox as the ARIA Authoring Practices describe it).
// Everything works without this.
for (const form of document.querySelectorAll("form[data-proposals]")) {
  const box = form.querySelector("input");
  const list = document.createElement("ul");
  let waiting = 0;
  let asked = "";

  list.id = `${box.id}-proposals`;
  list.className = "proposals";
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", box.labels[0].textContent);
  form.append(list);
  box.role = "combobox";
  for (const [name, value] of [["autocomplete", "list"], ["expanded", "false"], ["controls", list.id]]) {
    box.setAttribute(`aria-${name}`, value);
  }

  const show = (is_open) => {
    list.hidden = !is_open;
    box.setAttribute("aria-expanded", is_open);
    if (!is_open) choose(null);
  };

  const choose = (option) => {
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    option ? box.setAttribute("aria-activedescendant", option.id) : box.removeAttribute("aria-activedescendant");
  };

  const propose = async () => {
    asked = box.value.trim();
    if (asked.length < 2) return show(false);
    const words = asked;
    const answer = await fetch(`${form.dataset.proposals}?q=${encodeURIComponent(words)}`);
    // What was typed since has its own answer on the way.
    if (!answer.ok || words !== asked) return;
    list.innerHTML = await answer.text();
    for (const option of list.children) option.id = `${box.id}-${option.id}`;
    show(list.children.length > 0 && document.activeElement === box);
  };

  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(propose, 200);
  });
  box.addEventListener("blur", () => show(false));
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[data-href]");
    if (option) location.href = option.dataset.href;
  });
  box.addEventListener("keydown", (event) => {
    const options = Array.from(list.children);
    const chosen = options.findIndex((option) => option.ariaSelected === "true");
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.href = options[chosen].dataset.href;
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && options.length) {
      event.preventDefault();
      show(true);
      // One place more than there are options: the box itself.
      const step = event.key === "ArrowDown" ? 1 : options.length;
      choose(options[((chosen + 1 + step) % (options.length + 1)) - 1] ?? null);
    }
  });
}
