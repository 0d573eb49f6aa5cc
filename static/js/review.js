// Reading a change: how much is read, what visitors will see from the moments that are chosen, which page is in the frame.
(() => {
  const form = document.getElementById("review");
  if (!form) return;

  const count = () => {
    const answers = form.querySelectorAll(".answer").length;
    const said = (name) => form.querySelectorAll(`.answer__${name} input:checked`).length;
    const numbers = { agreed: said("agreed"), again: said("again") };
    numbers.unread = answers - numbers.agreed - numbers.again;
    for (const [name, number] of Object.entries(numbers)) {
      const shown = form.querySelector(`[data-count=${name}]`);
      if (shown) shown.textContent = number;
    }
  };

  // The site says it, in its own words, as it does where there is no script.
  let asked = 0;
  const tell = async () => {
    const number = ++asked;
    const data = new FormData(form);
    data.set("step", "tell");
    const answer = await fetch(form.action, { method: "POST", body: data }).catch(() => null);
    const text = answer?.ok ? await answer.text() : "";
    // Answers may overtake one another: the last question counts.
    if (!text || number !== asked) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const sentence = page.querySelector(".will-see");
    if (!sentence) return; // the login has ended, say: the button tells it then
    form.querySelector(".will-see").textContent = sentence.textContent;
    form.elements.told.value = page.querySelector("[name=told]").value;
  };

  form.addEventListener("change", (event) => {
    if (event.target.matches(".answer__choices input")) count();
    if (event.target.matches(".moments input")) tell();
  });
  form.querySelector("#publish")?.parentElement.addEventListener("toggle", (event) => {
    if (event.target.open) tell();
  });
  // Escape leads back to the page.
  const sheets = [...form.querySelectorAll(".sheet")];
  document.addEventListener("keydown", (event) => {
    const opened = sheets.find((sheet) => sheet.open);
    if (event.key !== "Escape" || !opened) return;
    opened.open = false;
    opened.querySelector("summary").focus();
  });

  const links = [...document.querySelectorAll(".page-sides a")];
  links.forEach((link) =>
    link.addEventListener("click", () => {
      links.forEach((other) => other.removeAttribute("aria-current"));
      link.setAttribute("aria-current", "true");
    }),
  );
  count();
})();
