// Keyboard for every page: Ctrl+Enter (or ⌘+Enter) sends the form that the cursor is in; a form is sent once.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target instanceof HTMLElement ? event.target.closest("form") : null;
  if (!form || form.method !== "post") return;
  event.preventDefault();
  form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || form.method !== "post") return;
  form.dataset.sent = "1";
});

// The browser's "back" shows the page as it was left: it can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The first thing that is wrong gets the cursor.
document.querySelector("[aria-invalid=true]")?.focus();
