// Reading a change: how much is read, what visitors will see from the moments that are chosen, which page is in the frame.
(() => {
  const form = document.getElementById("review");
  if (!form) return;

  const count = () => {
    const answers = form.querySelectorAll(".read-answer").length;
    const said = (name) => form.querySelectorAll(`.read-${name} input:checked`).length;
    const numbers = { agreed: said("agreed"), again: said("again") };
    numbers.unread = answers - numbers.agreed - numbers.again;
    for (const [name, number] of Object.entries(numbers)) {
      const shown = form.querySelector(`[data-count=${name}]`);
      if (shown) shown.textContent = number;
    }
  };

  // The site says it, in its own words, as it does where there is no script.
  const tell = async () => {
    const data = new FormData(form);
    data.set("step", "tell");
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of [".will-see"]) {
      form.querySelector(place).replaceChildren(...page.querySelector(place).childNodes);
    }
    form.elements.told.value = page.querySelector("[name=told]").value;
  };

  form.addEventListener("change", (event) => {
    if (event.target.matches(".read-choices input")) count();
    if (event.target.matches(".publish-when input")) tell();
  });
  form.querySelector("#publish")?.parentElement.addEventListener("toggle", (event) => {
    if (event.target.open) tell();
  });
  // One sheet at a time, also where a browser doesn't see to it.
  const sheets = [...form.querySelectorAll(".review-panel")];
  document.addEventListener("keydown", (event) => {
    const opened = sheets.find((sheet) => sheet.open);
    if (event.key !== "Escape" || !opened) return;
    opened.open = false;
    opened.querySelector("summary").focus();
  });

  const links = [...document.querySelectorAll(".page-side a")];
  links.forEach((link) =>
    link.addEventListener("click", () => {
      links.forEach((other) => other.toggleAttribute("aria-current", other === link));
      link.setAttribute("aria-current", "true");
    }),
  );
  count();
})();
