// Finds stories in the reader's browser: filters over the lines of all segments, words over their index of letter pairs.
// Scripts call moa.now, moa.lines and moa.pairs, so that they load from a folder as well as from a server (_find.py).
// now.js says which segments there are, which of their positions are dead, and has the texts of what is fresh.
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
  let segments = []; // [name, positions, parts, the dead], oldest first
  let fresh = []; // [how many positions are older, text, line], oldest first
  const lines = new Map();
  const pairs = new Map();
  const loading = new Map();
  let hits = [];
  let shown = 0;
  let turn = 0;

  const positions = (signs) => {
    const found = new Set();
    for (let at = 0; at < signs.length; at += 2) found.add(SIGNS.indexOf(signs[at]) * 64 + SIGNS.indexOf(signs[at + 1]));
    return found;
  };

  // What many stories share is told once; a row has a story's own folder and name, title, day and what can be applied for.
  const unfold = (shared, rows) =>
    rows.map((row) => {
      if (!row) return row; // dead when this file was made
      const [path, title, alike, day, [state, opens, until, due] = ["", "", "", ""]] = row;
      const [kind, topics, agencies, level, source] = shared[alike];
      const date = new Date(day * 864e5).toISOString().slice(0, 10);
      return [`s/${path}.html`, title, kind, topics, agencies, level, state, opens, until, due, date, source];
    });

  moa.now = (standing, beside, shared, rows) => {
    segments = standing.map(([name, size, parts, dead]) => ({ name, size, parts, dead: positions(dead) }));
    const told = unfold(shared, rows);
    fresh = beside.map(([older, text], n) => [older, text, told[n]]);
  };
  moa.lines = (name, shared, rows) => lines.set(name, unfold(shared, rows));
  moa.pairs = (name, part, told, places) => {
    const of = places.split(",");
    pairs.set(`${name}/${part}`, new Map(of.map((signs, n) => [told.slice(2 * n, 2 * n + 2), signs])));
  };

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

  // Texts as they are compared; letters of two UTF-16 units stand as one private one, so that each pair has two (_pairs.py).
  const letters = (text) =>
    text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "")
      .replace(/[\u{10000}-\u{10ffff}]/gu, (sign) => String.fromCharCode(0xe000 + (sign.codePointAt(0) % 0x1900)));

  const both = (a, b) => new Set([...a].filter((x) => b.has(x)));

  // A word's pairs of letters, or its one letter, which begins pairs of one script.
  const pairsOf = (word) => (word.length > 1 ? [...word].slice(1).map((sign, n) => word[n] + sign) : [word]);
  const partOf = (pair, count) => pair.charCodeAt(0) % count;
  const standing = (told, pair) => {
    if (pair.length > 1) return positions(told.get(pair) || "");
    return positions([...told].map(([other, signs]) => (other[0] === pair ? signs : "")).join(""));
  };

  const inSegment = async ({ name, parts, dead }, words) => {
    const sought = [...new Set(words.flatMap(pairsOf))];
    const needed = [...new Set(sought.map((pair) => partOf(pair, parts)))];
    await Promise.all([load(name), ...needed.map((part) => load(`${name}/${part}`))]);
    const all = lines.get(name);
    if (!words.length) return [...all.keys()].filter((place) => !dead.has(place)).map((place) => [place, all[place]]);
    const found = sought.map((pair) => standing(pairs.get(`${name}/${partOf(pair, parts)}`), pair)).reduce(both);
    return [...found].filter((place) => !dead.has(place)).map((place) => [place, all[place]]);
  };

  // Lines of all that says these words, the newest first, each behind how many of the words its title says.
  const saying = async (words) => {
    await load("now");
    const sought = words.flatMap(pairsOf);
    const found = await Promise.all(segments.map((segment) => inSegment(segment, words)));
    let before = 0;
    const told = found.flatMap((hits, n) => {
      const moved = hits.map(([place, line]) => [before + place, line]);
      before += segments[n].size;
      return moved;
    });
    for (const [older, text, line] of fresh) {
      if (sought.every((pair) => text.includes(pair))) told.push([older - 0.5, line]);
    }
    told.sort((a, b) => a[0] - b[0]); // stable: fresh ones between the same two stay in order
    return told.reverse().map(([, line]) => {
      const title = words.length ? letters(line[TITLE]) : "";
      return [words.filter((word) => title.includes(word)).length, line];
    });
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
    const [year, month, day] = line[DAY].split("-").map(Number);
    pick("time").dateTime = line[DAY];
    pick("time").textContent = `${year === new Date().getFullYear() ? "" : `${year}.\n`}${month}.${day}.`;
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
      const found = await saying(words).catch(() => {
        loading.delete("now"); // the site may have been renewed since this page was opened
        return saying(words);
      });
      if (mine !== turn) return;
      const now = Date.now();
      hits = found.filter(([, line]) => fits(line, asked, now));
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
