// On a phone a list has the cells of a row below one another: each says which column it belongs to.
document.addEventListener("DOMContentLoaded", () => {
  const heads = [...document.querySelectorAll("#result_list thead th")];
  const names = heads.map((head) => head.querySelector(".text")?.textContent.trim());
  document.querySelectorAll("#result_list tbody tr").forEach((row) => {
    [...row.cells].forEach((cell, place) => {
      if (names[place] && cell.matches("td")) cell.dataset.column = names[place];
    });
  });
});
