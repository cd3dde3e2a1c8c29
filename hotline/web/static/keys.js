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

const FIELD = "input:not([type=hidden]), select, textarea, button";

// A link to a folded form (…#form-supervise-case) opens it and puts the cursor into its first field.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (!(target instanceof HTMLDetailsElement)) return;
  target.open = true;
  target.scrollIntoView({ block: "nearest" });
  target.querySelector(FIELD)?.focus();
}
// Later than the browser's own jump to the target, which takes the cursor away.
window.addEventListener("load", () => setTimeout(unfold));
window.addEventListener("hashchange", unfold);

// Whoever opens a form of the case wants to fill it in: the cursor goes into its first field.
document.addEventListener("click", (event) => {
  const summary = event.target instanceof Element ? event.target.closest("details.action > summary") : null;
  if (!summary) return;
  setTimeout(() => {
    if (summary.parentElement.open) summary.parentElement.querySelector("form")?.querySelector(FIELD)?.focus();
  });
});

// A file that the server would refuse for its size is refused before it is sent.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.dataset.most) return;
  const tooLarge = [...field.files].some((file) => file.size > Number(field.dataset.most));
  field.setCustomValidity(tooLarge ? field.dataset.tooLarge : "");
  if (tooLarge) field.reportValidity();
});

// The first thing that is wrong gets the cursor.
document.querySelector("[aria-invalid=true]")?.focus();
