// Keeps "… left" true while a page stays open: every [data-until] is read again from its instant once a minute.
// The words stay those of the server: only the numbers in front of the units are counted down; at the deadline the
// page is loaded anew, since the offer is over.
(() => {
  const UNITS = [["d", 1440], ["h", 60], ["m", 1]];
  const words = (document.documentElement.lang || "").startsWith("ru")
    ? { d: "д", h: "ч", m: "мин", none: "меньше минуты" }
    : { d: "d", h: "h", m: "min", none: "less than a minute" };

  function left(minutes) {
    const parts = [];
    let rest = minutes;
    for (const [unit, size] of UNITS) {
      const count = Math.floor(rest / size);
      rest -= count * size;
      if (count && parts.length < 2) parts.push(`${count} ${words[unit]}`);
    }
    return parts.join(" ") || words.none;
  }

  function tick() {
    for (const place of document.querySelectorAll("[data-until]")) {
      const minutes = Math.floor((new Date(place.dataset.until) - Date.now()) / 60000);
      if (minutes < 0) {
        if (!document.querySelector("#dialog")) window.location.reload();
        return;
      }
      place.dataset.words ??= place.textContent.replace(/\d.*$/s, "");
      place.textContent = place.dataset.words + left(minutes);
    }
  }

  window.setInterval(tick, 60000);
})();
