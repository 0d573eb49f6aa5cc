// Photos that were dropped or chosen are sent at once, one by one, so that each has its answer; then comes the page on which
// they are described. Without this the form sends all of them.
document.querySelectorAll("form.upload").forEach(begin);

function begin(form) {
  const files = form.querySelector("[type=file]");
  const area = form.querySelector(".drop-area");
  const outcomes = form.querySelector(".outcomes");
  const onward = form.querySelector(".upload__onward");
  const button = form.querySelector("[type=submit]");
  form.classList.add("is-quick");
  button.hidden = true;

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
      line.dataset.photo = "";
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = answer.ok && page.querySelector("li[data-photo]");
    // Anything but a line is the form with its errors, or the login: the ordinary way shows it.
    if (!said) return form.submit();
    line.replaceWith(said);
  }

  async function sendAll() {
    if (!files.files.length || !form.reportValidity()) return;
    const chosen = [...files.files];
    files.disabled = true;
    for (const file of chosen) await send(file);
    files.disabled = false;
    files.value = "";
    const lines = [...outcomes.querySelectorAll("[data-photo]")];
    const kept = lines.filter((line) => line.dataset.photo);
    if (!kept.length) return;
    const address = new URL(form.dataset.next, location.href);
    kept.forEach((line) => address.searchParams.append("photo", line.dataset.photo));
    onward.href = `${address.pathname}${address.search}#chosen`;
    // What was refused is read first.
    if (kept.length === lines.length) return location.assign(onward.href);
    onward.hidden = false;
    onward.focus();
  }

  files.addEventListener("change", sendAll);
  form.addEventListener("submit", (event) => {
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
    if (!event.dataTransfer.files.length) return;
    const dropped = new DataTransfer();
    const taken = files.multiple ? [...event.dataTransfer.files] : [event.dataTransfer.files[0]];
    taken.forEach((file) => dropped.items.add(file));
    files.files = dropped.files;
    sendAll();
  });
}
