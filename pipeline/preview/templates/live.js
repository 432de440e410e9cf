"use strict";
// Looks every two seconds whether the page would say something else now; reloads unless somebody is typing.
(() => {
  const main = document.querySelector("main");
  const note = document.getElementById("changed");
  const busy = () =>
    document.querySelector("details.edit[open]") !== null || document.activeElement?.matches("input, select, textarea");
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch("/stamp", { cache: "no-store" }).catch(() => null);
    if (answer === null || !answer.ok || (await answer.text()) === main.dataset.stamp) return;
    if (busy()) note.hidden = false;
    else location.reload();
  };
  setInterval(look, 2000);
})();
