// What this browser keeps of a form until the server has it, on every page of the admin.
// A copy is named "typed:<person>:<path>:<form>"; autosave.js writes and offers it.
(() => {
  const DAYS = 7;
  const copies = () => Object.keys(localStorage).filter((key) => key.startsWith("typed:"));
  const at = (key) => JSON.parse(localStorage.getItem(key)).at;

  // What was saved is named by a cookie; what is old is nobody's any more.
  const saved = document.cookie.match(/(?:^|; )saved_form=(\w+)/)?.[1];
  copies().forEach((key) => {
    if (key.endsWith(`:${saved}`) || at(key) < Date.now() - DAYS * 86_400_000) localStorage.removeItem(key);
  });
  if (saved) document.cookie = "saved_form=; path=/admin/; max-age=0; samesite=lax";

  // A computer that several people use keeps nothing of the one who leaves.
  document.addEventListener("submit", (event) => {
    const isLeaving = event.target.id === "logout-form" || event.submitter?.matches("[name=end][value=all]");
    if (isLeaving) copies().forEach((key) => localStorage.removeItem(key));
  });
})();
