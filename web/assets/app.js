// Everything here is extra: each page works without it.
"use strict";

// Relative times stay true while a page is open.
{
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto", style: "short" });
  const refresh = () => {
    for (const t of document.querySelectorAll("time[data-ago]")) {
      const s = Math.round((new Date(t.dateTime) - Date.now()) / 1000);
      const a = Math.abs(s);
      t.textContent = a < 60 ? words.format(s, "second") : a < 3600 ? words.format(Math.trunc(s / 60), "minute")
        : a < 172800 ? words.format(Math.trunc(s / 3600), "hour") : words.format(Math.trunc(s / 86400), "day");
    }
  };
  setInterval(refresh, 15000);
}

// New alerts come to the top of the page "now".
{
  const live = document.getElementById("live");
  const alerts = document.getElementById("alerts");
  if (live && alerts && window.EventSource) {
    const title = document.title;
    let unread = 0;
    const say = (on) => {
      live.hidden = false;
      live.classList.toggle("on", on);
      live.textContent = on ? live.dataset.live : source.readyState === EventSource.CLOSED ? live.dataset.ended : live.dataset.lost;
    };
    // The counts above follow, some seconds later.
    let counting;
    const recount = () => {
      clearTimeout(counting);
      counting = setTimeout(async () => {
        try {
          const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
          const fresh = page.querySelector(".pulse");
          if (fresh) document.querySelector(".pulse").replaceWith(fresh);
        } catch { /* the next alert counts again */ }
      }, 3000);
    };
    const source = new EventSource(live.dataset.src);
    source.onopen = () => say(true);
    source.onerror = () => say(false);
    source.addEventListener("alert", (e) => {
      if (document.querySelector(`[data-id="${CSS.escape(e.lastEventId)}"]`)) return;
      const part = new DOMParser().parseFromString(e.data, "text/html").querySelector(".card");
      if (!part) return;
      let day = alerts.querySelector("section");
      if (!day || day.querySelector("h2").textContent !== alerts.dataset.today) {
        document.getElementById("empty")?.remove();
        day = document.createElement("section");
        const h = document.createElement("h2");
        h.textContent = alerts.dataset.today;
        const list = document.createElement("ol");
        list.className = "timeline";
        day.append(h, list);
        alerts.prepend(day);
      }
      part.classList.add("fresh");
      recount();
      day.querySelector("ol").prepend(part);
      if (document.hidden) document.title = `(${++unread}) ${title}`;
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) { unread = 0; document.title = title; }
    });
  }
}

// Filters apply when changed.
for (const select of document.querySelectorAll(".filter select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// A query is tested while it is written.
{
  const form = document.getElementById("tester");
  const result = document.getElementById("result");
  if (form && result) {
    let timer, running;
    const run = async () => {
      running?.abort();
      if (!form.q.value.trim()) return;
      running = new AbortController();
      const url = form.action + "?" + new URLSearchParams(new FormData(form));
      result.classList.add("busy");
      result.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(url, { signal: running.signal, headers: { accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("result");
        if (fresh) { result.replaceChildren(...fresh.childNodes); copies(); history.replaceState(null, "", url); }
      } catch (e) {
        if (e.name === "AbortError") return;
        const lost = document.createElement("p");
        lost.className = "note withdrawn";
        lost.textContent = result.dataset.lost;
        result.replaceChildren(lost);
      }
      result.classList.remove("busy");
      result.removeAttribute("aria-busy");
    };
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(run, 450); });
    form.addEventListener("submit", (e) => { e.preventDefault(); clearTimeout(timer); run(); });
  }
}

// Copy buttons, where the browser lets them work.
function copies() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.onclick = async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = button.dataset.done;
    };
  }
}
copies();

// A form that takes its time says so, and is sent once.
for (const form of document.querySelectorAll("form[data-wait]")) {
  form.addEventListener("submit", (e) => {
    const button = form.querySelector("button");
    if (button.getAttribute("aria-busy")) { e.preventDefault(); return; }
    button.setAttribute("aria-busy", "true");
    button.dataset.label = button.textContent;
    button.textContent = form.dataset.wait;
  });
}
// Back from the page it led to, it may be sent again.
addEventListener("pageshow", (e) => {
  if (!e.persisted) return;
  for (const button of document.querySelectorAll("form[data-wait] button[aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.textContent = button.dataset.label;
  }
});

// What is open over the page closes with Escape, and when the reader goes on.
{
  const state = document.querySelector("details.state");
  if (state) {
    document.addEventListener("keydown", (e) => {
      if (e.key === "Escape" && state.open) { state.open = false; state.querySelector("summary").focus(); }
    });
    document.addEventListener("click", (e) => { if (!state.contains(e.target)) state.open = false; });
  }
}
