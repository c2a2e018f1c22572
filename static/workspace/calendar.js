// The calendar of appointments. Times come and go as the wall clock of the specialist's zone.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("calendar");
  if (!place) return;
  const settings = JSON.parse(document.getElementById("calendar-settings").textContent);
  const note = document.getElementById("calendar-note");
  const question = document.getElementById("calendar-question");
  const token = document.querySelector("#calendar-token input[name=csrfmiddlewaretoken]").value;
  const narrow = window.matchMedia("(max-width: 767px)");

  const tell = (text, bad) => {
    note.textContent = text;
    note.classList.toggle("ws-notice-bad", bad);
    note.hidden = !text;
  };

  const agreed = (text) =>
    new Promise((resolve) => {
      document.getElementById("calendar-question-text").textContent = text;
      question.returnValue = "no";
      question.addEventListener("close", () => resolve(question.returnValue === "yes"), { once: true });
      question.showModal();
    });

  const TWO_LINES = 45 * 60 * 1000; // a shorter session has room for the name alone
  const loaded = Date.now();
  const wall = (date) => date.toISOString().slice(0, 19);

  const move = async (info) => {
    const props = info.event.extendedProps;
    const when = calendar.formatDate(info.event.start, {
      weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZone: "UTC",
    });
    const text = settings.question.replace("%(client)s", info.event.title).replace("%(when)s", when);
    if (!(await agreed(text))) return info.revert();
    try {
      const answer = await fetch(props.drag, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ start: wall(info.event.start), version: props.version }),
      });
      const told = await answer.json();
      if (answer.ok) tell(told.detail, false);
      else {
        info.revert();
        tell(told.detail, true);
      }
      calendar.refetchEvents();
    } catch {
      info.revert();
      tell(settings.failed, true);
    }
  };

  const calendar = new FullCalendar.Calendar(place, {
    locale: "ru",
    timeZone: "UTC", // what is shown is already the wall clock of the practice
    now: () => new Date(Date.parse(`${settings.now}Z`) + (Date.now() - loaded)).toISOString(),
    initialView: narrow.matches ? "listWeek" : "timeGridWeek",
    headerToolbar: {
      left: "prev,next today",
      center: "title",
      right: narrow.matches ? "listWeek,timeGridDay" : "timeGridWeek,timeGridDay,listWeek",
    },
    buttonText: { today: "Сегодня", week: "Неделя", day: "День", list: "Список" },
    noEventsText: settings.empty,
    height: narrow.matches ? "auto" : Math.max(560, window.innerHeight - 260),
    scrollTime: settings.scroll,
    defaultRangeSeparator: "–",
    allDaySlot: false,
    nowIndicator: true,
    slotDuration: "00:30:00",
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    eventDurationEditable: false,
    snapDuration: "00:15:00",
    events: {
      url: settings.feed,
      failure: () => tell(settings.failed, true),
    },
    eventContent: (info) => {
      if (info.event.display === "background") return true;
      if (info.view.type.startsWith("list")) {
        const link = document.createElement("a");
        link.href = info.event.url;
        link.textContent = info.event.title;
        const what = document.createElement("span");
        what.className = "ws-sub";
        what.textContent = `${info.event.extendedProps.service}, ${info.event.extendedProps.status}`;
        return { domNodes: [link, what] };
      }
      const box = document.createElement("div");
      box.className = "ws-event-text";
      const name = document.createElement("b");
      name.textContent = info.event.title;
      const rest = document.createElement("span");
      rest.textContent = `${info.timeText} · ${info.event.extendedProps.service}`;
      box.append(name);
      if (info.event.end - info.event.start >= TWO_LINES) box.append(rest);
      return { domNodes: [box] };
    },
    eventDidMount: (info) => {
      const props = info.event.extendedProps;
      if (!props.status) return;
      const text = `${info.timeText} ${info.event.title}, ${props.service}, ${props.format}, ${props.status}`;
      info.el.setAttribute("title", text);
      if (info.el.matches("a")) info.el.setAttribute("aria-label", text);
    },
    // The arrows are drawn by a font: the buttons' titles say what they do.
    datesSet: () => {
      for (const icon of place.querySelectorAll(".fc-icon[role=img]")) {
        icon.removeAttribute("role");
        icon.setAttribute("aria-hidden", "true");
      }
    },
    eventDrop: move,
    dateClick: (info) => {
      if (!settings.mayBook || info.view.type.startsWith("list")) return;
      const url = `${settings.book}?from_day=${info.dateStr.slice(0, 10)}`;
      htmx.ajax("GET", url, { target: "#modal-content", select: "#dialog" }).then(() => {
        Alpine.$data(document.documentElement).openModal = true;
      });
    },
  });
  calendar.render();
});
