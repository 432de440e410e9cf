// Finds stories in the reader's browser: filters over the lines of all chunks, words over their index of letter pairs.
// Chunks are scripts that call moa.lines and moa.pairs, so that they load from a folder as well as from a server (_find.py).
"use strict";
(() => {
  const [PATH, TITLE, KIND, TOPICS, AGENCIES, LEVEL, STATE, OPENS, UNTIL, DUE, DAY, SOURCE] = Array(12).keys();
  const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const STEP = 30;
  const form = document.querySelector("[data-find]");
  const rows = document.querySelector("[data-rows]");
  const said = document.querySelector("[data-found]");
  const more = document.querySelector("[data-more]");
  const template = document.querySelector("[data-row]");
  const kinds = Object.fromEntries(
    [...document.querySelector("[data-kinds]").content.children].map((span) => [span.dataset.kind, span.textContent]),
  );
  const parts = Object.fromEntries(form.dataset.chunks.split(" ").filter(Boolean).map((chunk) => chunk.split(":")));
  const names = Object.keys(parts); // the newest first
  const lines = new Map();
  const pairs = new Map();
  const loading = new Map();
  let hits = [];
  let shown = 0;
  let turn = 0;

  moa.lines = (name, told) => lines.set(name, told);
  moa.pairs = (name, part, told) => pairs.set(`${name}/${part}`, told);

  const load = (path) => {
    if (!loading.has(path)) {
      loading.set(path, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = `find/${path}.js`;
        script.onload = done;
        script.onerror = () => {
          loading.delete(path);
          failed(new Error(path));
        };
        document.head.append(script);
      }));
    }
    return loading.get(path);
  };

  const letters = (text) => text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

  const places = (signs) => {
    const found = new Set();
    for (let at = 0, last = -1; at < signs.length;) {
      let gap = 0;
      let weight = 1;
      let digit = SIGNS.indexOf(signs[at++]);
      while (digit >= 32) {
        gap += (digit - 32) * weight;
        weight *= 32;
        digit = SIGNS.indexOf(signs[at++]);
      }
      last += gap + digit * weight + 1;
      found.add(last);
    }
    return found;
  };

  const both = (a, b) => new Set([...a].filter((x) => b.has(x)));

  // A word's pairs of letters, or its one letter, and the script of a chunk that tells where they stand.
  const pairsOf = (word) => {
    const signs = [...word];
    return signs.length > 1 ? signs.slice(1).map((sign, n) => signs[n] + sign) : signs;
  };
  const partOf = (pair, count) => {
    const [first, second] = [...pair].map((sign) => sign.codePointAt(0));
    return (first * 31 + (second || 0)) % count;
  };
  const holding = (name, word) =>
    pairsOf(word).map((pair) => places(pairs.get(`${name}/${partOf(pair, parts[name])}`)[pair] || "")).reduce(both);

  const inChunk = async (name, words) => {
    const needed = new Set(words.flatMap(pairsOf).map((pair) => partOf(pair, parts[name])));
    await Promise.all([load(name), ...[...needed].map((part) => load(`${name}/${part}`))]);
    const told = lines.get(name);
    if (!words.length) return told.map((line) => [0, line]).reverse();
    const found = words.map((word) => holding(name, word)).reduce(both);
    const scored = [...found].map((place) => {
      const title = letters(told[place][TITLE]);
      return [words.filter((word) => title.includes(word)).length, told[place]];
    });
    return scored.reverse();
  };

  const stateOf = (line, now) => {
    if (line[STATE] === "shut") return "closed";
    if (line[OPENS] && Date.parse(line[OPENS]) > now) return "soon";
    if (line[UNTIL]) return Date.parse(line[UNTIL]) > now ? "open" : "closed";
    return line[STATE];
  };

  const fits = (line, asked, now) =>
    (!asked.kind || line[KIND] === asked.kind) &&
    (!asked.topic || line[TOPICS].includes(asked.topic)) &&
    (!asked.agency || line[AGENCIES].includes(asked.agency)) &&
    (!asked.level || line[LEVEL] === asked.level) &&
    (!asked.status || stateOf(line, now) === asked.status);

  const row = (line) => {
    const made = template.content.cloneNode(true);
    const pick = (selector) => made.querySelector(selector);
    const [, month, day] = line[DAY].split("-").map(Number);
    pick("time").dateTime = line[DAY];
    pick("time").textContent = `${month}.${day}.`;
    pick("a").href = line[PATH];
    pick("a").textContent = line[TITLE];
    pick(".kind").textContent = kinds[line[KIND]];
    pick(".kind").classList.add(`kind--${line[KIND]}`);
    pick(".row__source").textContent = line[SOURCE];
    if (line[DUE] && line[STATE] !== "shut") {
      pick(".row__due").textContent = `${moa.say("apply")} ${line[DUE]}`;
      Object.assign(pick(".dday").dataset, { until: line[UNTIL], opens: line[OPENS] });
      moa.badge(pick(".dday"), Date.now());
    } else {
      pick(".row__due").remove();
      pick(".dday").remove();
    }
    return made;
  };

  const show = () => {
    const next = hits.slice(shown, shown + STEP);
    const first = shown;
    for (const [, line] of next) rows.append(row(line));
    shown += next.length;
    more.hidden = shown >= hits.length;
    more.firstElementChild.textContent = moa.say("more", Math.min(STEP, hits.length - shown));
    if (first) rows.children[first].querySelector("a").focus();
  };

  // The address carries the question, to be shared or kept. Some browsers refuse that for pages of a folder.
  const remember = (asked) => {
    const question = new URLSearchParams(asked).toString();
    try {
      history.replaceState(null, "", question ? `?${question}` : location.pathname);
    } catch {
      // finding works all the same
    }
  };

  const find = async () => {
    const mine = (turn += 1);
    const asked = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
    const words = (asked.q || "").split(/\s+/).map(letters).filter(Boolean);
    remember(asked);
    said.textContent = moa.say("finding");
    try {
      const found = await Promise.all(names.map((name) => inChunk(name, words)));
      if (mine !== turn) return;
      const now = Date.now();
      hits = found.flat().filter(([, line]) => fits(line, asked, now));
      if (asked.status === "open") hits.sort((a, b) => b[0] - a[0] || (a[1][UNTIL] || "9").localeCompare(b[1][UNTIL] || "9"));
      else hits.sort((a, b) => b[0] - a[0]); // stable: the newest stay first
      rows.replaceChildren();
      shown = 0;
      show();
      said.textContent = hits.length ? moa.say("found", hits.length) : moa.say("none");
    } catch {
      if (mine === turn) said.textContent = moa.say("broken");
    }
  };

  const fill = () => {
    const asked = new URLSearchParams(location.search);
    for (const field of form.elements) {
      if (!field.name) continue;
      field.value = asked.get(field.name) || "";
      if (field.selectedIndex < 0) field.selectedIndex = 0; // an address may name what is no longer offered
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
  form.addEventListener("change", find);
  form.addEventListener("reset", () => setTimeout(find));
  more.addEventListener("click", show);
  addEventListener("popstate", () => {
    fill();
    find();
  });
  fill();
  find();
})();
