// The admin's few habits: remember which language of the texts was being edited.
document.addEventListener("DOMContentLoaded", () => {
  const choices = document.querySelectorAll('[name="_content_language"]');
  const last = localStorage.getItem("content-language");
  choices.forEach((choice) => {
    if (choice.value === last) choice.checked = true;
    choice.addEventListener("change", () => localStorage.setItem("content-language", choice.value));
  });
});
