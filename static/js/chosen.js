// A list: the box in its head chooses all rows of the page, and the bar counts those that are chosen.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("#changelist-form");
  const all = document.querySelector("#action-toggle");
  const count = form?.querySelector("[data-chosen]");
  const rows = [...(form?.querySelectorAll(".action-select") ?? [])];
  if (!count || !all) return;
  const show = () => {
    const chosen = rows.filter((row) => row.checked).length;
    all.checked = chosen === rows.length;
    all.indeterminate = chosen > 0 && !all.checked;
    count.textContent = chosen ? `${chosen} / ${rows.length}` : "";
  };
  all.addEventListener("change", () => {
    rows.forEach((row) => { row.checked = all.checked; });
    show();
  });
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
});
