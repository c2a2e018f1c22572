// Writing a letter's text: placeholders go in where the cursor is, and the letter is shown as it is typed.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("mt-form");
  if (!form) return;
  document.documentElement.classList.add("mt-scripted");
  const subject = document.getElementById("mt-subject");
  const body = document.getElementById("mt-body");
  const refusal = document.getElementById("mt-refusal");
  let last = body;
  for (const field of [subject, body]) field.addEventListener("focus", () => (last = field));

  for (const button of form.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", () => {
      last.focus();
      last.setRangeText(`{{ ${button.dataset.insert} }}`, last.selectionStart, last.selectionEnd, "end");
      last.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  let asked = 0;
  const show = async () => {
    const number = ++asked;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer || !answer.ok || number !== asked) return;
    const told = await answer.json();
    refusal.hidden = !told.refusal;
    refusal.textContent = told.refusal || "";
    for (const field of [subject, body]) field.setAttribute("aria-invalid", String(told.field === field.name));
    if (told.refusal) return;
    document.getElementById("mt-shown-subject").textContent = told.subject;
    document.getElementById("mt-html").srcdoc = told.html;
    document.getElementById("mt-text").textContent = told.text;
  };
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 400);
  });
});
