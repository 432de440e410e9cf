// What is only known when a page is read: D-day badges, "… ago", what is over. The absolute dates stand in the page without
// this file. Then sharing, and the player of a video once a reader asks for it. Words come from `moa.words` above.
(() => {
  const DAY = 86400000;
  const SEOUL = 9 * 3600000; // no daylight saving time in Korea
  const MINUTE = 60000;
  const say = (key, what) => moa.words[key].replace("%", what);
  const all = (selector, top = document) => top.querySelectorAll(selector);
  const dayOf = (ms) => Math.floor((ms + SEOUL) / DAY);
  const parse = (text) => (text ? Date.parse(text) : NaN);

  // Words, how urgent, and the same said in full for screen readers.
  const told = (until, opens, now) => {
    if (opens > now) {
      const n = dayOf(opens) - dayOf(now);
      return n === 0 ? [say("opensToday"), "soon", ""] : [say("opensIn", n), "soon", say("opensInFull", n)];
    }
    if (Number.isNaN(until)) return null;
    if (until <= now) return [say("closed"), "over", say("closedFull")];
    const n = dayOf(until - 1) - dayOf(now);
    return n === 0 ? [say("today"), "near", ""] : [say("left", n), n <= 3 ? "near" : "far", say("leftFull", n)];
  };

  const badge = (place, now) => {
    const words = told(parse(place.dataset.until), parse(place.dataset.opens), now);
    place.hidden = !words;
    if (!words) return;
    const [text, state, spoken] = words;
    place.className = `dday dday--${state}`;
    place.textContent = text;
    if (spoken) {
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", spoken);
    } else {
      place.removeAttribute("role");
      place.removeAttribute("aria-label");
    }
  };

  const ago = (place, now) => {
    const minutes = Math.floor((now - parse(place.dataset.since)) / MINUTE);
    if (!(minutes >= 0)) return;
    if (minutes < 1) place.textContent = say("now");
    else if (minutes < 60) place.textContent = say("minutes", minutes);
    else if (minutes < 48 * 60) place.textContent = say("hours", Math.floor(minutes / 60));
    else place.textContent = say("days", Math.floor(minutes / 1440));
  };

  const due = (list, now) => {
    let left = 0;
    for (const row of list.children) {
      if (row.dataset.until) row.hidden = parse(row.dataset.until) <= now;
      if (!row.hidden) left += 1;
    }
    const empty = list.parentElement.querySelector("[data-due-empty]");
    if (empty) empty.hidden = left > 0;
    if (list.dataset.list !== undefined) return; // a frame shows or hides its lists itself
    list.hidden = left === 0;
  };

  const refresh = () => {
    const now = Date.now();
    for (const place of all(".dday[data-until], .dday[data-opens]")) badge(place, now);
    for (const place of all("[data-since]")) ago(place, now);
    for (const list of all("[data-due]")) due(list, now);
    for (const event of all(".event[data-until]")) event.classList.toggle("event--over", parse(event.dataset.until) <= now);
    const today = new Date(now + SEOUL).toISOString().slice(0, 10);
    for (const day of all("[data-day]")) {
      if (day.dataset.day === today) day.setAttribute("aria-current", "date");
      else day.removeAttribute("aria-current");
    }
  };
  refresh();
  setInterval(() => document.hidden || refresh(), MINUTE);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  moa.badge = badge;
  moa.say = say;

  const keep = (name, value) => {
    try {
      if (value) localStorage.setItem(`moa-${name}`, value);
      else localStorage.removeItem(`moa-${name}`);
    } catch {
      // storage is refused: what was chosen holds for this page
    }
  };

  // The font comes after the first sight of a first page; once the browser keeps it, first.js asks for it at once.
  const font = document.querySelector("[data-font]");
  const dress = () => {
    font.media = "all";
    document.fonts.load('1em "Pretendard GOV"').then((faces) => faces.length && keep("font", "1"), () => {});
  };
  const sighted = () => {
    if (!PerformanceObserver.supportedEntryTypes?.includes("paint")) return dress();
    return new PerformanceObserver((_seen, observer) => {
      observer.disconnect();
      setTimeout(dress, 300);
    }).observe({ type: "paint", buffered: true });
  };
  if (font && font.media !== "all") {
    if (document.readyState === "complete") sighted();
    else addEventListener("load", sighted);
  }

  // Letters and light as a reader wants them; first.js reads the same two marks before anything is seen.
  const prefs = document.querySelector("[data-prefs]");
  if (prefs) {
    for (const choice of all("input", prefs)) {
      choice.checked = choice.value === (document.documentElement.dataset[choice.name] || "");
      choice.addEventListener("change", () => {
        document.documentElement.dataset[choice.name] = choice.value;
        keep(choice.name, choice.value);
      });
    }
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !prefs.open) return;
      prefs.open = false;
      prefs.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (!prefs.contains(event.target)) prefs.open = false;
    });
  }

  // A page opened from a folder has no server that could answer a form.
  for (const form of all("[data-seek]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      location.href = `${form.action.split("?")[0]}?${new URLSearchParams(new FormData(form))}`;
    });
  }

  const said = document.querySelector("[data-said]");
  const page = () => document.querySelector('link[rel="canonical"]')?.href || location.href;
  const share = document.querySelector("[data-share]");
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => navigator.share({ title: document.title, url: page() }).catch(() => {}));
  }
  const copy = document.querySelector("[data-copy]");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", () =>
      navigator.clipboard.writeText(page()).then(() => {
        said.textContent = say("copied");
      }, () => {}),
    );
  }

  for (const tube of all("[data-tube]")) {
    const play = tube.querySelector("a");
    play.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || !location.protocol.startsWith("http")) return;
      event.preventDefault();
      const frame = document.createElement("iframe");
      frame.src = `https://www.youtube-nocookie.com/embed/${tube.dataset.tube}?autoplay=1&rel=0`;
      frame.title = say("player", document.querySelector("h1").textContent);
      frame.allow = "autoplay; encrypted-media; picture-in-picture; fullscreen";
      frame.referrerPolicy = "strict-origin-when-cross-origin"; // the player refuses pages that hide where they stand
      frame.allowFullscreen = true;
      frame.className = "tube__frame";
      play.replaceWith(frame);
      frame.focus();
    });
  }

  // In another page's frame: the list and the number it asked for, and how high that is.
  if (document.documentElement.classList.contains("embed")) {
    const asked = new URLSearchParams(location.search);
    const wanted = document.querySelector('[data-list="closing"]') && asked.get("list") === "closing" ? "closing" : "latest";
    const count = Math.max(1, parseInt(asked.get("count"), 10) || 10);
    for (const list of all("[data-list]")) {
      list.hidden = list.dataset.list !== wanted;
      [...list.children].filter((row) => !row.hidden).forEach((row, n) => {
        row.hidden = n >= count;
      });
    }
    new ResizeObserver(() => {
      parent.postMessage({ moa: "height", height: document.querySelector("main").offsetHeight + 2 }, "*");
    }).observe(document.querySelector("main"));
  }

  // A picture its owner took away leaves no hole.
  const drop = (image) => (image.closest(".thumb, .figure") || image).remove();
  for (const image of all(".thumb img, .figure img, .tube img")) {
    if (image.complete && image.naturalWidth === 0 && image.currentSrc) drop(image);
    else image.addEventListener("error", () => drop(image));
  }
})();
