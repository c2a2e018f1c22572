// Keeps the front page fresh. Nothing is replaced while somebody is choosing something in it.
const live = document.querySelector("[data-live]");
let last = "";

async function refresh() {
  if (document.hidden || live.contains(document.activeElement)) return;
  const answer = await fetch(live.dataset.live);
  if (!answer.ok) return;
  const content = await answer.text();
  if (content !== last) {
    const open = [...live.querySelectorAll("details[open]")].map((one) => one.id);
    live.innerHTML = content;
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    last = content;
  }
}

if (live) setInterval(() => refresh().catch(() => {}), 1500);
