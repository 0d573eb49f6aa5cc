// Copy the link of a preview. Without this, the link is there to be selected and sent.
const copy = document.querySelector(".preview-link button");
if (copy && navigator.clipboard) {
  const link = document.querySelector("#preview-link");
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      document.querySelector(".preview-link [role=status]").textContent = copy.dataset.said;
    } catch {
      link.select();
    }
  });
}
