// A dialog opened from anywhere keeps the keyboard: focus goes to its first field, Escape is unfold's.
document.addEventListener("htmx:afterSettle", (event) => {
  const dialog = event.target.id === "modal-content" ? event.target.querySelector("#dialog") : null;
  if (!dialog) return;
  const first = dialog.querySelector(
    "[role=alert], input:not([type=hidden]), select, textarea, button[type=submit], button",
  );
  if (first) first.focus({ preventScroll: true });
});

// An answer that is no dialog (a session that has ended, no permission) must not vanish silently.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 403 || event.detail.xhr.status === 404) window.location.reload();
});

// An error swapped into an open dialog is brought into view.
document.addEventListener("htmx:afterSwap", (event) => {
  const refused = document.querySelector("#dialog-form [role=alert], #dialog-form .errors");
  if (event.detail.target && event.detail.target.id === "dialog-form" && refused) {
    refused.scrollIntoView({ block: "nearest" });
  }
});

// Copies a link or a number that stands beside its button, and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    if (!source.select) return; // without the browser's leave the person copies it by hand
    source.select();
    return;
  }
  const place = button.querySelector("[data-copy-text]") || button.querySelector(".material-symbols-outlined");
  const before = place.textContent;
  place.textContent = place.hasAttribute("data-copy-text") ? button.dataset.copied : "check";
  window.setTimeout(() => (place.textContent = before), 2000);
});
