// The open form of the admin: kept in its author's draft, and in this browser for as long as the draft lacks it.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector(".together");
  if (!box) return;
  const form = box.closest("form") || document.getElementById(box.dataset.form);
  const INTERVAL = 15_000;
  const OWN = new Set(["csrfmiddlewaretoken", "seen", "form_id"]);
  const place = `typed:${box.dataset.person}:${location.pathname}:`;
  const key = place + form.elements.form_id.value;
  const cookie = () => document.cookie.match(/(?:^|; )csrftoken=(\w+)/)?.[1];
  const token = () => cookie() || form.elements.csrfmiddlewaretoken.value;
  // By the clocks of the site: what a browser knows of its time zone may be older than the last change of its rules.
  const offset = Number(document.body.dataset.adminUtcOffset) * 1000;
  const time = (moment, style) => {
    const options = { hourCycle: "h23", timeZone: "UTC", ...style };
    return new Date(moment + offset).toLocaleString(document.documentElement.lang, options);
  };

  function words() {
    return [...new FormData(form)].filter(([name, value]) => {
      return typeof value === "string" && !OWN.has(name) && !name.startsWith("_") && !name.includes("__prefix__");
    });
  }

  function say(name, sentence = "") {
    const line = box.querySelector(`.${name}`);
    if (line.textContent !== sentence) line.textContent = sentence;
  }

  // What the server has of the form, what it was last sent, and what this browser keeps. Before anyone touches the
  // form nothing of it is new, whatever its widgets make of it.
  let kept = null;
  let sent = null;
  let copied = null;
  let leaving = false;
  let sending = null;

  function begin() {
    if (kept === null) kept = "unsaved" in box.dataset ? "" : JSON.stringify(words());
  }

  function copy() {
    const said = JSON.stringify(words());
    if (leaving || kept === null || said === kept || said === copied) return;
    copied = said;
    const made = { at: Date.now(), seen: form.elements.seen?.value || "", words: words() };
    try {
      localStorage.setItem(key, JSON.stringify(made));
      if (!box.dataset.autosave) say("kept", box.dataset.hereOnly.replace("{time}", time(made.at, { timeStyle: "short" })));
    } catch {
      say("trouble", box.dataset.full);
    }
  }

  function forget() {
    copied = null;
    localStorage.removeItem(key);
  }

  // In one request: what is new, and who is here.
  async function speak() {
    const said = JSON.stringify(words());
    const isNew = kept !== null && said !== kept && said !== sent && !("waits" in box.dataset);
    if (document.hidden && !isNew) return;
    const body = new URLSearchParams(isNew ? words() : []);
    body.set("seen", form.elements.seen.value);
    if (isNew) body.set("form_id", form.elements.form_id.value);
    let response;
    try {
      const headers = { "X-CSRFToken": token() };
      const options = { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(30_000) };
      response = await fetch(box.dataset.autosave, options);
    } catch {
      return say("trouble", kept !== null && said !== kept ? box.dataset.offline : "");
    }
    const isExpired = response.type === "opaqueredirect" || (response.status === 403 && !cookie());
    box.querySelector(".expired").hidden = !isExpired;
    if (!response.ok) return say("trouble", isExpired ? "" : box.dataset.refused);
    const answer = await response.json();
    say("others", answer.others);
    say("news", answer.news);
    if (!isNew) return;
    sent = said;
    const isQuiet = answer.kept && !answer.clash;
    say("kept", isQuiet ? answer.said : "");
    say("trouble", isQuiet ? "" : answer.said);
    if (answer.seen) form.elements.seen.value = answer.seen;
    if (!answer.kept) return;
    kept = said;
    forget();
    if (JSON.stringify(words()) === kept) form.dispatchEvent(new Event("kept"));
    else copy();
  }

  function tick() {
    sending ||= speak().finally(() => (sending = null));
    return sending;
  }

  // What an earlier form at this place has left behind.
  function offer() {
    const earlier = Object.keys(localStorage).filter((one) => one.startsWith(place) && one !== key);
    const read = (one) => JSON.parse(localStorage.getItem(one));
    const last = earlier.sort((one, other) => read(other).at - read(one).at)[0];
    const bar = form.querySelector(".typed");
    bar.hidden = !last;
    if (!last) return;
    const line = bar.querySelector("p");
    line.textContent = line.dataset.words.replace("{time}", time(read(last).at, { dateStyle: "long", timeStyle: "short" }));
    bar.querySelector(".away").onclick = () => {
      localStorage.removeItem(last);
      offer();
    };
    bar.querySelector(".back").onclick = () => {
      const { seen, words } = read(last);
      const again = document.createElement("form");
      again.method = "post";
      const own = { seen, form_id: last.slice(place.length), csrfmiddlewaretoken: token(), _again: "yes" };
      [...words, ...Object.entries(own)].forEach(([name, value]) => {
        const field = again.appendChild(document.createElement("textarea"));
        field.name = name;
        field.value = value;
      });
      leaving = true;
      again.hidden = true;
      document.body.append(again);
      again.submit();
    };
  }

  ["pointerdown", "keydown", "focusin"].forEach((touch) => document.addEventListener(touch, begin, true));
  if ("unsaved" in box.dataset) begin();
  offer();
  setInterval(copy, 1000);
  if (box.dataset.autosave) setInterval(tick, INTERVAL);
  form.addEventListener("submit", (event) => {
    copy();
    form.elements.csrfmiddlewaretoken.value = token();
    if (!sending) return;
    // Two requests with the same words would take each other for another window.
    event.preventDefault();
    sending.finally(() => form.requestSubmit(event.submitter));
  });
  document.addEventListener("submit", (event) => (leaving ||= event.target.id === "logout-form"));
  window.addEventListener("pagehide", copy);
});
