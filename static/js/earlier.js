// Words that this browser has kept of a form that isn't there any more (the whole page in one): offered as text to copy.
// Such a copy is named "typed:<person>:<path of the page>:<form>" and holds [name, value] of each field.
document.addEventListener("DOMContentLoaded", () => {
  const bar = document.querySelector(".earlier");
  const place = `typed:${bar?.dataset.person}:${location.pathname}:`;
  const said = (markup) => new DOMParser().parseFromString(markup, "text/html").body.textContent.trim();

  // Neither the counts of rows, nor keys and dates that the form has sent along.
  function words(copy) {
    return copy.words
      .filter(([name, value]) => !/_FORMS$|-(uuid|id)$|^(due|until)/.test(name) && /\p{L}/u.test(value))
      .map(([name, value]) => `${name}: ${/^\s*</.test(value) ? said(value) : value}`)
      .join("\n\n");
  }

  function offer() {
    const read = (key) => JSON.parse(localStorage.getItem(key));
    const copies = Object.keys(localStorage).filter((key) => key.startsWith(place));
    const last = copies.sort((one, other) => read(other).at - read(one).at)[0];
    bar.hidden = !last;
    if (!last) return;
    const line = bar.querySelector("p");
    const day = new Date(read(last).at).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
    line.textContent = line.dataset.words.replace("{time}", day);
    bar.querySelector("textarea").value = words(read(last));
    bar.querySelector(".away").onclick = () => {
      localStorage.removeItem(last);
      offer();
    };
  }

  if (bar) offer();
});
