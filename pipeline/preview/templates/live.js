"use strict";
// The page stays in step: looks every two seconds whether it would say something else now, keeps a person's place, says what
// was done, and makes tabs of the channels. Without this script everything is there and works, one below the other.
(() => {
  const main = document.querySelector("main");
  let isLeaving = false;
  addEventListener("pageshow", () => (isLeaving = false));
  const kept = (name, value) => {
    try {
      if (value === undefined) return JSON.parse(sessionStorage.getItem(name));
      if (value === null) sessionStorage.removeItem(name);
      else sessionStorage.setItem(name, JSON.stringify(value));
    } catch {
      /* no storage: a place is lost, nothing else */
    }
    return null;
  };

  // --- tabs -------------------------------------------------------------------------------------------------
  const panels = [...document.querySelectorAll(".channel")];
  let bar = document.querySelector(".tabs");
  const show = (id) => {
    for (const tab of bar.children) {
      const mine = tab.getAttribute("aria-controls") === id;
      tab.setAttribute("aria-selected", String(mine));
      tab.tabIndex = mine ? 0 : -1;
    }
    for (const panel of panels) panel.hidden = panel.id !== id;
    kept("channel", id);
  };
  if (bar && panels.length > 1) {
    const list = document.createElement("div");
    list.className = "tabs";
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", bar.getAttribute("aria-label"));
    for (const link of [...bar.children]) {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.className = "tab";
      tab.append(...link.childNodes);
      tab.id = `tab-${link.hash.slice(1)}`;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", link.hash.slice(1));
      tab.addEventListener("click", () => show(tab.getAttribute("aria-controls")));
      list.append(tab);
    }
    bar.replaceWith(list);
    const tabs = [...list.children];
    list.addEventListener("keydown", (event) => {
      const at = tabs.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
    for (const panel of panels) {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `tab-${panel.id}`);
    }
    const last = panels.find((panel) => panel.id === kept("channel")) ?? panels[0];
    const asked = panels.find((panel) => `#${panel.id}` === location.hash) ?? last;
    bar = list;
    show(asked.id);
  }

  // --- a person's place -------------------------------------------------------------------------------------
  const formOf = (form) => [
    form.querySelector("button")?.textContent, // "up" and "down" are one verb
    form.elements.verb?.value,
    form.elements.subject?.value,
  ];
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  document.addEventListener("submit", (event) => {
    const place = document.activeElement?.closest("form") === event.target ? formOf(event.target) : null;
    kept("pressed", place);
    isLeaving = true; // what is being done changes the page: its own answer shows that
  });
  const pressed = kept("pressed");
  kept("pressed", null);
  if (pressed !== null) {
    // where the same place now holds another button (after an approval, an undo), go to the address's place instead
    const form = pressed[2] && [...document.forms].find((one) => same(formOf(one), pressed));
    const edit = form?.closest?.("details");
    if (edit) edit.open = true;
    const target = form?.querySelector?.("button") ?? document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const go = () => (target ?? main).focus();
    go();
    addEventListener("load", () => setTimeout(go)); // once more: the browser has gone to the address's own place
  }
  const away = kept("away");
  kept("away", null);
  if (away !== null) {
    scrollTo(0, away.y);
    const same = [...document.querySelectorAll("a, button, summary, iframe")].filter((one) => nameOf(one) === away.name);
    same[0]?.focus({ preventScroll: true });
  }
  function nameOf(one) {
    return one.id || one.getAttribute("aria-label") || one.title || one.textContent.trim();
  }

  // --- what was done ----------------------------------------------------------------------------------------
  const said = document.getElementById("said");
  if (said !== null) {
    // A live region speaks only of what changes while it is there.
    const words = said.textContent;
    said.textContent = "";
    said.classList.add("is-new");
    setTimeout(() => (said.textContent = words), 100);
    setTimeout(() => said.classList.remove("is-new"), 10000);
    const plain = new URL(location);
    plain.searchParams.delete("said");
    history.replaceState(null, "", plain);
  }

  // --- live -------------------------------------------------------------------------------------------------
  const note = document.getElementById("changed");
  const busy = () =>
    document.querySelector("details.edit[open]") !== null || document.activeElement?.matches("input, select, textarea");
  const look = async () => {
    if (document.hidden || isLeaving) return;
    const answer = await fetch("/stamp", { cache: "no-store" }).catch(() => null);
    if (answer === null || !answer.ok || (await answer.text()) === main.dataset.stamp || isLeaving) return;
    if (busy()) {
      note.hidden = false;
      return;
    }
    kept("away", { y: scrollY, name: document.activeElement === document.body ? "" : nameOf(document.activeElement) });
    location.reload();
  };
  setInterval(look, 2000);
})();
