// The admin's few habits. Everything works without them.

// The site opens a form in the language of the link, or else of its reader; only "side by side" is remembered.
function rememberLanguage() {
  const isNamed = new URLSearchParams(location.search).has("language");
  const isBeside = !isNamed && localStorage.getItem("content-language") === "all";
  document.querySelectorAll('[name="_content_language"]').forEach((choice) => {
    if (isBeside && choice.value === "all") choice.checked = true;
    choice.addEventListener("change", () => localStorage.setItem("content-language", choice.value));
  });
}

// A link to a field shows it, whatever language is being edited; so does the address that one has come by.
function showFields() {
  document.querySelectorAll(':is(.messagelist, .errors-list) a[href^="#"]').forEach((link) => {
    link.addEventListener("click", () => showField(document.getElementById(link.hash.slice(1))));
  });
  const place = document.getElementById(location.hash.slice(1));
  if (place) window.addEventListener("load", () => showField(place));
  const wrong = document.querySelector('.errors [aria-invalid="true"]');
  if (wrong) window.addEventListener("load", () => showField(wrong));
}

function showField(field) {
  const choice =
    field?.dataset.language && document.querySelector(`[name="_content_language"][value="${field.dataset.language}"]`);
  const line = field?.closest(".field, .fieldBox, .flex-container, .form-row");
  const isShown = line?.querySelector(".errorlist, [data-needed]") || document.querySelector('[name="_content_language"][value="all"]')?.checked;
  // What someone has chosen to write in stays remembered.
  if (choice && !isShown) choice.checked = true;
  if (!line) return;
  line.querySelector("details.source")?.setAttribute("open", "");
  line.scrollIntoView({ block: "center" });
  (line.querySelector("[contenteditable]") || field).focus({ preventScroll: true });
}

// Widgets that replace a field take over its name, language and direction.
function nameWidgets() {
  document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const label = select.labels[0];
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    if (!label || !box || box.dataset.named) return;
    label.id ||= `${select.id}_label`;
    box.dataset.named = "yes";
    box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") || ""}`.trim());
    box.querySelectorAll("[role=textbox], .select2-search__field").forEach((inner) => {
      inner.setAttribute("aria-labelledby", label.id);
    });
  });
  document.querySelectorAll(".prose-editor").forEach((editor) => {
    const text = editor.querySelector("textarea");
    const box = editor.querySelector("[contenteditable]");
    if (!text || !box || box.dataset.named) return;
    box.dataset.named = "yes";
    box.setAttribute("aria-label", text.getAttribute("aria-label") || text.labels[0]?.textContent || "");
    box.setAttribute("aria-describedby", text.getAttribute("aria-describedby") || "");
    box.lang = text.lang;
    box.dir = text.dir;
  });
  translateButtons();
}

// Leaving a form with unsaved words asks first; the choice of a language to show is none of them.
function guardWords() {
  const form = document.querySelector(".section-form, .change-form #content-main form:has(.submit-row)");
  let unsaved = false;
  form?.addEventListener("input", (event) => (unsaved ||= !event.target.name?.startsWith("_")));
  ["submit", "kept"].forEach((done) => form?.addEventListener(done, () => (unsaved = false)));
  window.addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
}

// What is sent comes back at the top of its page, where it says what has become of it, and not at the field of a link.
function comeBackAtTop() {
  document.addEventListener("submit", () => location.hash && history.replaceState(null, "", location.pathname + location.search));
}

// A photo takes a while on a slow line.
function saySending() {
  const said = document.querySelector(".sending");
  said?.closest("form")?.addEventListener("submit", ({ target }) => {
    if ([...target.querySelectorAll('[type="file"]')].some((field) => field.files.length)) said.textContent = said.dataset.words;
  });
}

// The text editor's buttons speak the reader's language.
function translateButtons() {
  if (!window.gettext) return;
  document.querySelectorAll(".prose-menubar [title]:not([data-said])").forEach((button) => {
    button.dataset.said = "yes";
    button.title = gettext(button.title);
    if (button.ariaLabel) button.ariaLabel = gettext(button.ariaLabel);
  });
  document.querySelectorAll(".prose-menubar__picker").forEach((picker) => {
    const words = document.createTreeWalker(picker, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const said = gettext(words.currentNode.data.trim());
      if (said !== words.currentNode.data.trim()) words.currentNode.data = said;
    }
  });
}

// Django goes to the first box of a new form, which is the first language and not the chosen one.
function goToChosenLanguage() {
  if (document.activeElement.name === "_content_language") document.querySelector('[name="_content_language"]:checked').focus();
}

document.addEventListener("DOMContentLoaded", () => {
  guardWords();
  comeBackAtTop();
  saySending();
  rememberLanguage();
  goToChosenLanguage();
  showFields();
  new MutationObserver(nameWidgets).observe(document.body, { childList: true, subtree: true });
  nameWidgets();
  document.querySelectorAll(".cancel-link").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.back();
    });
  });
});
