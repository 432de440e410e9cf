// Before anything is seen: letters and light as the reader chose them (moa.js keeps them), and the font this browser has.
"use strict";
(() => {
  const root = document.documentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(`moa-${name}`) || "";
    } catch {
      return ""; // storage is refused
    }
  };
  root.dataset.look = kept("look");
  root.dataset.letters = kept("letters");
  if (kept("font")) document.querySelector("[data-font]").media = "all";
})();
