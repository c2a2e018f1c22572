// Counts the minutes of a kept time down; the server's text stands where this does not run.
(() => {
  const place = document.getElementById("countdown");
  if (!place) return;
  // From the server's count on: the browser's own clock may be wrong.
  const end = performance.now() + Number(place.dataset.left) * 1000;
  const tick = () => {
    const seconds = Math.floor((end - performance.now()) / 1000);
    if (seconds <= 0) {
      window.setTimeout(() => window.location.replace(window.location.pathname), 1500);
      return;
    }
    if (seconds < 3600) {
      const rest = String(seconds % 60).padStart(2, "0");
      place.textContent = `, ${place.dataset.words} ${Math.floor(seconds / 60)}:${rest}`;
    }
    window.setTimeout(tick, 1000);
  };
  tick();
})();
