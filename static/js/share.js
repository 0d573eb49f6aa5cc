// Copy, share, print. Without this, the address is there to be selected and sent.
{
  const address = (box) => box.querySelector("[data-address]").textContent;

  const ways = {
    async copy(box, button) {
      const status = box.querySelector("[data-status]");
      status.textContent = "";
      try {
        await navigator.clipboard.writeText(address(box));
        status.textContent = button.dataset.said;
      } catch {
        getSelection().selectAllChildren(box.querySelector("[data-address]"));
      }
    },
    async share(box) {
      try {
        await navigator.share({ title: document.title, url: address(box) });
      } catch {
        // Closing the device's sheet is no error.
      }
    },
    print: () => window.print(),
  };

  // Buttons are shown by what this device can do (css/components.css), also where a list is renewed in place.
  const can = { copy: navigator.clipboard, share: navigator.share, print: window.print };
  document.documentElement.dataset.can = Object.keys(can).filter((way) => can[way]).join(" ");

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-take]");
    if (button) ways[button.dataset.take](button.closest(".share"), button);
  });
}
