// Filter panels and the menu: a click elsewhere or Escape closes the open one. Everything works without this.
const FOLDED = "details:is(.question, .menu-switch)[open]";
const close = (except) => {
  for (const panel of document.querySelectorAll(FOLDED)) {
    if (panel !== except) panel.open = false;
  }
};
document.addEventListener("click", (event) => close(event.target.closest(FOLDED)));
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(FOLDED);
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
