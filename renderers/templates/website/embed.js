// Puts the news of moa into another page: <div data-moa-news></div><script src="…/embed.js" defer></script>
// Options of the div: data-list="latest" or "closing", data-count="5", data-title="…". Nothing is stored, nobody is counted.
"use strict";
(() => {
  const home = new URL(".", document.currentScript.src);
  const start = () => {
    for (const place of document.querySelectorAll("[data-moa-news]")) {
      if (place.querySelector("iframe")) continue;
      const frame = document.createElement("iframe");
      const asked = new URLSearchParams({ list: place.dataset.list || "latest", count: place.dataset.count || "5" });
      frame.src = new URL(`embed.html?${asked}`, home).href;
      frame.title = place.dataset.title || "새 소식";
      frame.loading = "lazy";
      frame.style.cssText = "width:100%;height:26rem;border:0";
      addEventListener("message", (event) => {
        if (event.source !== frame.contentWindow || event.data?.moa !== "height") return;
        frame.style.height = `${Math.min(Number(event.data.height) || 0, 4000)}px`;
      });
      place.append(frame);
    }
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
