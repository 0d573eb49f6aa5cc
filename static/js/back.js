// Back to the list as the visitor left it, with its filters and where they had scrolled to. Without this, to all of it.
{
  const came = document.referrer && new URL(document.referrer);
  const steps = history.length;

  for (const link of document.querySelectorAll("a[data-back]")) {
    if (!came || came.origin !== location.origin || came.pathname !== link.pathname) continue;
    link.href = came.href;
    link.addEventListener("click", (event) => {
      // In another tab, or once this page has steps of its own, such as to one of its sections, it is an ordinary link.
      if (event.ctrlKey || event.metaKey || event.shiftKey || history.length !== steps || location.hash) return;
      event.preventDefault();
      history.back();
    });
  }
}
