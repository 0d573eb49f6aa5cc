// Photos that were dropped or chosen are sent one by one, so that each has its answer at once. Without this the form sends all.
const form = document.querySelector("form.upload");
const files = form.querySelector("[type=file]");
const area = form.querySelector(".drop-area");
const outcomes = form.querySelector(".outcomes");
const onward = form.querySelector(".submit-row a");
const button = form.querySelector("[type=submit]");

async function send(file) {
  const data = new FormData(form);
  data.set("files", file);
  const line = outcomes.appendChild(document.createElement("li"));
  line.textContent = `${file.name} …`;
  let answer;
  try {
    answer = await fetch(location.href, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
  } catch {
    line.textContent = `${file.name}: ${form.dataset.lost}`;
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = answer.ok && page.querySelector("li[data-photo]");
  // Anything but a line is the form with its errors, or the login: the ordinary way shows it.
  if (!said) return form.submit();
  line.replaceWith(said);
}

async function sendAll() {
  button.disabled = true;
  for (const file of [...files.files]) await send(file);
  files.value = "";
  button.disabled = false;
  const kept = [...outcomes.querySelectorAll("[data-photo]")].filter((line) => line.dataset.photo);
  const query = new URLSearchParams(kept.map((line) => ["photo", line.dataset.photo]));
  const isPopup = new URLSearchParams(location.search).has("_popup");
  if (isPopup) query.set("_popup", "1");
  onward.href = `${form.dataset.next}?${query}`;
  onward.hidden = !kept.length;
  // The form that waits for a photo gets it from the next page, so a window of its own goes there by itself.
  if (isPopup && kept.length && kept.length === outcomes.children.length) location.assign(onward.href);
  else if (kept.length) onward.focus();
}

form.addEventListener("submit", (event) => {
  if (!files.files.length) return;
  event.preventDefault();
  sendAll();
});

for (const kind of ["dragenter", "dragover"]) {
  area.addEventListener(kind, (event) => {
    event.preventDefault();
    area.classList.add("over");
  });
}
area.addEventListener("dragleave", () => area.classList.remove("over"));
area.addEventListener("drop", (event) => {
  event.preventDefault();
  area.classList.remove("over");
  files.files = event.dataTransfer.files;
});
