// Filter panels: a click elsewhere or Escape closes the open one. Everything works without this.
const close = (except) => {
  for (const panel of document.querySelectorAll("details.question[open]")) {
    if (panel !== except) panel.open = false;
  }
};
document.addEventListener("click", (event) => close(event.target.closest("details.question")));
document.addEventListener("keydown", (event) => {
  const open = document.querySelector("details.question[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
