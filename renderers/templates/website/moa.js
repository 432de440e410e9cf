// D-day badges and "… ago", worked out when the page is read. The absolute dates stand in the page without this file.
"use strict";
(() => {
  const DAY = 86400000;
  const SEOUL = 9 * 3600000; // no daylight saving time in Korea
  const now = Date.now();
  const dayOf = (ms) => Math.floor((ms + SEOUL) / DAY);
  const parse = (text) => (text ? Date.parse(text) : NaN);

  // Words, how urgent, and the same said in full for screen readers.
  const words = (until, opens) => {
    if (opens > now) {
      const n = dayOf(opens) - dayOf(now);
      return n === 0 ? ["오늘 접수 시작", "soon", ""] : [`접수 D-${n}`, "soon", `접수 시작까지 ${n}일 남음`];
    }
    if (Number.isNaN(until)) return null;
    if (until <= now) return ["마감", "over", "신청 마감"];
    const n = dayOf(until - 1) - dayOf(now);
    if (n === 0) return ["오늘 마감", "near", ""];
    return [`D-${n}`, n <= 3 ? "near" : "far", `마감까지 ${n}일 남음`];
  };

  for (const badge of document.querySelectorAll(".dday")) {
    const told = words(parse(badge.dataset.until), parse(badge.dataset.opens));
    if (!told) continue;
    const [text, state, spoken] = told;
    badge.textContent = text;
    badge.classList.add(`dday--${state}`);
    if (spoken) {
      badge.setAttribute("role", "img");
      badge.setAttribute("aria-label", spoken);
    }
    badge.hidden = false;
  }

  for (const list of document.querySelectorAll("[data-due]")) {
    let left = 0;
    for (const row of list.querySelectorAll("[data-until]")) {
      if (!row.classList.contains("leaf")) continue;
      row.hidden = parse(row.dataset.until) <= now;
      if (!row.hidden) left += 1;
    }
    const empty = list.parentElement.querySelector("[data-due-empty]");
    if (empty) empty.hidden = left > 0;
    list.hidden = left === 0;
  }

  for (const place of document.querySelectorAll("[data-since]")) {
    const minutes = Math.floor((now - parse(place.dataset.since)) / 60000);
    if (!(minutes >= 0)) continue;
    if (minutes < 60) place.textContent = `(${minutes}분 전)`;
    else if (minutes < 48 * 60) place.textContent = `(${Math.floor(minutes / 60)}시간 전)`;
    else place.textContent = `(${Math.floor(minutes / 1440)}일 전)`;
  }

  // A picture its owner took away leaves no hole.
  const drop = (image) => image.closest(".thumb, .figure")?.remove();
  for (const image of document.querySelectorAll(".thumb img, .figure img")) {
    if (image.complete && image.naturalWidth === 0 && image.currentSrc) drop(image);
    else image.addEventListener("error", () => drop(image));
  }
})();
