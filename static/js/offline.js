// Register the service worker, and say where the page that is seen may be an old one.
{
  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register("/service-worker.js").catch(() => {
      // Without it everything works as long as there is a network.
    });
  }

  const note = document.querySelector("[data-offline]");
  const say = () => {
    if (note) note.hidden = navigator.onLine;
  };
  addEventListener("online", say);
  addEventListener("offline", say);
  say();
}
