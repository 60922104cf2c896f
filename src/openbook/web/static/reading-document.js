"use strict";
// The document as it looks: pages of a PDF as pictures with their words laid over them, anything
// else as text. What is quoted is marked, and can be gone to.
const Reading = { one: (selector, from = document) => from.querySelector(selector) };

// What counts of a text when places in it are looked for; openbook.core.text has the exact rules.
Reading.solid = (char) => char.normalize("NFKC")
  .replace(/[\s\p{Cf}\u0002\ufffe\u2010-\u2015\u2212-]/gu, "")
  .replace(/[\u2018\u2019\u201a\u201b\u2032`\u00b4]/g, "'").replace(/[\u201c\u201d\u201e\u2033\u00ab\u00bb]/g, '"');

Reading.viewer = (() => {
  const { one } = Reading;
  const box = one("#Viewer"), select = one("#Copy"), outline = one("#Outline");
  const widths = box.dataset.widths.split(" ").map(Number);
  const measure = document.createElement("canvas").getContext("2d");
  measure.font = "100px sans-serif";
  let copy = "", kind = "", pages = [], zoom = 1, hit = -1, text = null, opening = 0;

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const page = pages[entry.target.dataset.index];
      if (!page) continue;
      page.isNear = entry.isIntersecting;
      if (page.isNear) load(page);
      else if (page.image && !page.image.complete) { page.image.remove(); page.image = null; }
    }
  }, { root: box, rootMargin: "80% 0px" });

  const option = () => select.selectedOptions[0];

  async function open() {
    const chosen = option(), turn = ++opening;
    observer.disconnect();
    pages = []; text = null; hit = -1;
    copy = chosen ? chosen.dataset.copy : ""; kind = chosen ? chosen.dataset.kind : "";
    one("#PageTools").hidden = one("#ZoomTools").hidden = kind !== "pdf";
    outline.replaceChildren();
    if (!copy) {
      const said = chosen && one(`template.missing[data-number="${chosen.value}"]`);
      box.replaceChildren(said ? said.content.cloneNode(true) : told("This release has no documents."));
      return;
    }
    box.replaceChildren(told("The document is being opened …"));
    try {
      const answer = await fetch(`/copy/${copy}`, { headers: { "HX-Request": "true" } });
      const body = await answer.text();
      if (turn !== opening) return;
      if (!answer.ok) throw new Error(body);
      if (kind === "pdf") layOut(JSON.parse(body)); else setText(body);
    } catch (error) {
      if (turn !== opening) return;
      box.replaceChildren(told(`This document cannot be shown: ${error.message}`));
      return;
    }
    marks();
    const place = Number(sessionStorage.getItem(`openbook place ${copy}`));
    if (place > 1) go(place);
    const first = pages[current() - 1];
    if (first) await Promise.race([load(first), new Promise((done) => { setTimeout(done, 1500); })]);
  }

  // The passages are searched when there is something to look at, not before.
  async function start() {
    await open();
    document.body.dispatchEvent(new Event("opened"));
  }

  function told(words) {
    const made = document.createElement("p");
    made.className = "none";
    made.textContent = words;
    return made;
  }

  // --- PDFs ---------------------------------------------------------------------------------

  function layOut({ sizes, outline: headings }) {
    const widest = Math.max(...sizes.map(([width]) => width));
    const all = document.createDocumentFragment();
    for (const [width, height, count] of sizes) {
      for (let n = 0; n < count; n += 1) {
        const element = document.createElement("div");
        element.className = "page";
        element.dataset.index = pages.length;
        element.dataset.page = pages.length + 1;
        element.style.setProperty("--share", width / widest || 1);
        element.style.aspectRatio = width && height ? `${width} / ${height}` : "3 / 4";
        pages.push({ number: pages.length + 1, width, height, element, lines: null, image: null });
        all.append(element);
      }
    }
    box.replaceChildren(all);
    for (const page of pages) observer.observe(page.element);
    one("#PageCount").textContent = pages.length;
    setOutline(headings.map(([title, page, level]) => ({ title, level, go: () => go(page) })));
  }

  function load(page) {
    if (!page.image) picture(page);
    return lines(page);
  }

  function picture(page) {
    const needed = page.element.clientWidth * Math.min(window.devicePixelRatio || 1, 2) * 0.9;
    const width = widths.find((each) => each >= needed) || widths[widths.length - 1];
    if (page.image && Number(page.image.dataset.w) >= width) return;
    const image = document.createElement("img");
    image.alt = `Page ${page.number}`;
    image.draggable = false;
    image.dataset.w = width;
    image.decoding = "async";
    image.onload = () => { if (page.image && page.image !== image) page.image.remove(); page.image = image; };
    image.onerror = () => {
      image.remove();
      if (!page.failed) {
        page.failed = true;
        page.element.prepend(told(`Page ${page.number} cannot be shown.`));
      }
    };
    image.src = `/copy/${copy}/page/${page.number}.webp?w=${width}`;
    if (!page.image) page.image = image;
    page.element.prepend(image);
  }

  function lines(page) {
    page.lines ||= fetch(`/copy/${copy}/page/${page.number}`)
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((found) => { lay(page, found); draw(page); })
      .catch(() => { page.lines = null; });
    return page.lines;
  }

  // One element a line, its text as long as the document's: a character here is one there.
  function lay(page, found) {
    const layer = document.createElement("div");
    layer.className = "layer";
    for (const [start, words, [left, bottom, right, top]] of found) {
      const line = document.createElement("div"), shown = words.replace(/[\u0002\ufffe]/g, "-");
      const width = right - left, height = top - bottom;
      line.className = "ln";
      line.dataset.start = start;
      line.textContent = shown;
      line.style.left = `${(left / page.width) * 100}%`;
      line.style.top = `${((page.height - top) / page.height) * 100}%`;
      const isUpright = height > 2 * width && [...shown].length > 2;
      if (isUpright) {
        line.classList.add("up");
        line.style.width = `${(width / page.width) * 100}%`;
        line.style.height = `${(height / page.height) * 100}%`;
        line.style.fontSize = `${(width / page.width) * 100}cqw`;
      } else {
        const natural = measure.measureText(shown).width * height / 100;
        line.style.fontSize = `${(height / page.width) * 100}cqw`;
        if (natural > 0 && width > 0) line.style.transform = `scaleX(${width / natural})`;
      }
      layer.append(line);
    }
    const end = document.createElement("div");
    end.className = "end";
    layer.append(end);
    one(".layer", page.element)?.remove();
    page.element.append(layer);
  }

  function rects(page, start, end) {
    const found = [], frame = page.element.getBoundingClientRect();
    for (const line of page.element.querySelectorAll(".ln")) {
      const begins = Number(line.dataset.start), node = line.firstChild;
      if (!node) continue;
      const chars = [...node.data], from = Math.max(0, start - begins), to = Math.min(chars.length, end - begins);
      if (from >= to) continue;
      const range = document.createRange();
      range.setStart(node, chars.slice(0, from).join("").length);
      range.setEnd(node, chars.slice(0, to).join("").length);
      const rect = range.getBoundingClientRect();
      found.push({
        left: (rect.left - frame.left) / frame.width, top: (rect.top - frame.top) / frame.height,
        width: rect.width / frame.width, height: rect.height / frame.height,
      });
    }
    return found;
  }

  function paint(page, { page: number, start, end }, css) {
    if (number !== page.number) return [];
    return rects(page, start, end).map((rect) => {
      const made = document.createElement("div");
      made.className = `hl ${css}`;
      for (const side of ["left", "top", "width", "height"]) made.style[side] = `${rect[side] * 100}%`;
      page.element.append(made);
      return made;
    });
  }

  function draw(page) {
    for (const old of page.element.querySelectorAll(".hl:not(.flash)")) old.remove();
    for (const mark of found()) for (const place of mark.places) paint(page, place, mark.css);
  }

  // --- text ---------------------------------------------------------------------------------

  function setText(html) {
    box.innerHTML = html; // sanitised by the server, in a page that runs no script but ours
    text = indexed(one(".doc", box));
    const headings = [...box.querySelectorAll("h1, h2, h3, h4")].filter((each) => each.textContent.trim());
    setOutline(headings.map((each) => ({
      title: each.textContent.trim(), level: Number(each.tagName[1]), go: () => each.scrollIntoView({ block: "start" }),
    })));
  }

  function indexed(root) {
    const nodes = [], solid = [], at = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const number = nodes.push(node) - 1;
      let offset = 0;
      for (const char of node.data) {
        for (const kept of Reading.solid(char)) { solid.push(kept); at.push([number, offset, char.length]); }
        offset += char.length;
      }
    }
    const starts = new Map();
    for (const section of root.querySelectorAll("section[data-page]")) {
      const first = at.findIndex(([number]) => section.contains(nodes[number]));
      if (first >= 0) starts.set(Number(section.dataset.page), first);
    }
    return { nodes, at, starts, solid: solid.join(""), isWide: solid.some((each) => each.length > 1) };
  }

  function ranges(mark) {
    if (!text) return [];
    return mark.words.map((words, number) => {
      const needle = [...words].map(Reading.solid).join("");
      const place = mark.places[number] || mark.places[0];
      const aim = place ? (text.starts.get(place.page) || 0) + place.start * 0.8 : 0;
      let best = -1;
      for (let at = text.solid.indexOf(needle); needle && at >= 0; at = text.solid.indexOf(needle, at + 1)) {
        if (best < 0 || Math.abs(at - aim) < Math.abs(best - aim)) best = at;
      }
      if (best < 0) return null;
      const [first, from] = text.at[best], [last, to, size] = text.at[best + needle.length - 1];
      const range = document.createRange();
      range.setStart(text.nodes[first], from);
      range.setEnd(text.nodes[last], to + size);
      return range;
    }).filter(Boolean);
  }

  function highlight(name, all) {
    if (window.CSS && CSS.highlights) CSS.highlights.set(name, new Highlight(...all));
  }

  // --- marks and places ---------------------------------------------------------------------

  function read(element) {
    const places = (element.dataset.places || "").trim().split(/\s+/).filter(Boolean).map((each) => {
      const [page, start, end] = each.split(/[:-]/).map(Number);
      return { page, start, end };
    });
    const said = one(".text", element);
    const words = element.dataset.words ? JSON.parse(element.dataset.words) : said ? [said.textContent] : [];
    const css = ["own", "other", "model"].find((each) => element.classList.contains(each)) || "passage";
    return { copy: element.dataset.copy, places, words, css };
  }

  function found() {
    return [...document.querySelectorAll("#Right .ev[data-copy]")].map(read).filter((each) => each.copy === copy);
  }

  function hits() {
    return found().filter((each) => each.places.length)
      .sort((a, b) => a.places[0].page - b.places[0].page || a.places[0].start - b.places[0].start);
  }

  function marks() {
    for (const page of pages) if (one(".layer", page.element)) draw(page);
    for (const css of ["own", "other", "model"]) {
      highlight(css, found().filter((each) => each.css === css).flatMap(ranges));
    }
    count();
  }

  function count() {
    const all = hits();
    if (hit >= all.length) hit = -1;
    one("#HitTools").hidden = !all.length;
    one("#HitCount").textContent = hit < 0 ? `${all.length} quoted` : `${hit + 1}/${all.length}`;
  }

  function step(by) {
    const all = hits();
    if (!all.length) return;
    hit = hit < 0 ? (by > 0 ? 0 : all.length - 1) : (hit + by + all.length) % all.length;
    count();
    show(all[hit]);
  }

  async function jump(element) {
    const mark = read(element);
    Reading.pane?.("document");
    if (mark.copy !== copy) {
      const other = [...select.options].find((each) => each.dataset.copy === mark.copy);
      if (!other) return;
      select.value = other.value;
      await open();
    }
    await show(mark);
  }

  async function show(mark) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = calm ? "instant" : "smooth";
    if (kind === "pdf") {
      const first = mark.places[0], page = first && pages[first.page - 1];
      if (!page) return;
      page.element.scrollIntoView({ block: "nearest", behavior: "instant" });
      const painted = [];
      for (const place of mark.places) {
        const its = pages[place.page - 1];
        if (!its) continue;
        await load(its);
        painted.push(...paint(its, place, "flash"));
      }
      if (painted[0]) painted[0].scrollIntoView({ block: "center", behavior });
      setTimeout(() => painted.forEach((each) => each.remove()), 2200);
      return;
    }
    const all = ranges(mark);
    if (!all.length) return;
    const rect = all[0].getBoundingClientRect(), frame = box.getBoundingClientRect();
    box.scrollTo({ top: box.scrollTop + rect.top - frame.top - box.clientHeight / 3, behavior });
    highlight("flash", all);
    setTimeout(() => highlight("flash", []), 2200);
  }

  function go(number) {
    const page = pages[Math.min(Math.max(1, number), pages.length) - 1];
    if (page) box.scrollTo({ top: page.element.offsetTop - 8, behavior: "instant" });
  }

  function current() {
    const middle = box.scrollTop + box.clientHeight / 3;
    let low = 0, high = pages.length - 1;
    while (low < high) {
      const at = (low + high + 1) >> 1;
      if (pages[at].element.offsetTop <= middle) low = at; else high = at - 1;
    }
    return pages.length ? low + 1 : 0;
  }

  // Where the eye is, to be kept when pages grow or shrink: a page and how far down it.
  let eye = { number: 1, share: 0 };
  function look() {
    const number = current(), page = pages[number - 1];
    if (page) eye = { number, share: (box.scrollTop - page.element.offsetTop) / (page.element.offsetHeight || 1) };
    return number;
  }
  function keepLooking() {
    const page = pages[eye.number - 1];
    if (page) box.scrollTop = page.element.offsetTop + eye.share * page.element.offsetHeight;
    for (const each of pages) if (each.isNear) picture(each);
  }
  function setZoom(to) {
    look();
    zoom = Math.min(4, Math.max(0.4, to));
    box.style.setProperty("--zoom", zoom);
    keepLooking();
  }

  function setOutline(headings) {
    const list = document.createElement("ul");
    for (const { title, level, go: to } of headings) {
      const item = document.createElement("li"), button = document.createElement("button");
      item.style.paddingLeft = `${(Math.min(level, 5) - 1) * 0.8}rem`;
      button.type = "button";
      button.className = "plain";
      button.textContent = title;
      button.addEventListener("click", () => { to(); if (innerWidth < 900) drawer(false); });
      item.append(button);
      list.append(item);
    }
    outline.replaceChildren(headings.length ? list : told("This document names no sections."));
  }

  function drawer(open_ = outline.hidden) {
    outline.hidden = !open_;
    one("#ShowOutline").setAttribute("aria-expanded", String(open_));
    if (open_) one("button", outline)?.focus();
  }

  // --- selecting ----------------------------------------------------------------------------

  // Between lines a pointer is over no text; without this a selection would leap to the page's end.
  let before = null;
  box.addEventListener("pointerdown", () => { before = null; box.classList.add("selecting"); });
  document.addEventListener("pointerup", () => {
    box.classList.remove("selecting");
    for (const end of box.querySelectorAll(".end")) end.parentElement.append(end);
  });
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (!box.classList.contains("selecting") || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    if (range.collapsed || !box.contains(range.commonAncestorContainer)) return;
    const movesStart = before && (range.compareBoundaryPoints(Range.END_TO_END, before) === 0
      || range.compareBoundaryPoints(Range.START_TO_END, before) === 0);
    const node = movesStart ? range.startContainer : range.endContainer;
    const line = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.(".ln");
    before = range.cloneRange();
    const end = line && one(".end", line.parentElement);
    if (end) line.parentElement.insertBefore(end, movesStart ? line : line.nextSibling);
  });

  const points = (string) => [...string].length;

  /** What is selected, as the server takes it: between two places of pages, or by its words. */
  function selection() {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    if (!range.intersectsNode(box)) return null;
    const base = { document: option().dataset.document, copy };
    if (kind === "pdf") {
      const lines_ = [...box.querySelectorAll(".ln")].filter((each) => range.intersectsNode(each));
      if (!lines_.length) return null;
      const first = lines_[0], last = lines_[lines_.length - 1];
      const from = first.contains(range.startContainer) && range.startContainer.nodeType === Node.TEXT_NODE
        ? points(range.startContainer.data.slice(0, range.startOffset)) : 0;
      const to = last.contains(range.endContainer) && range.endContainer.nodeType === Node.TEXT_NODE
        ? points(range.endContainer.data.slice(0, range.endOffset)) : points(last.textContent);
      return {
        ...base,
        from_page: first.closest(".page").dataset.page, from_offset: Number(first.dataset.start) + from,
        to_page: last.closest(".page").dataset.page, to_offset: Number(last.dataset.start) + to,
      };
    }
    const words = chosen.toString();
    const node = range.startContainer, element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const section = element.closest("section[data-page]");
    if (!words.trim() || !box.contains(element)) return null;
    const above = document.createRange();
    above.setStart(section || box, 0);
    above.setEnd(range.startContainer, range.startOffset);
    const all = (section || box).textContent.length || 1;
    return { ...base, words, page: section ? section.dataset.page : 1, down: above.toString().length / all };
  }

  // --- controls -----------------------------------------------------------------------------

  select.addEventListener("change", open);
  one("#ZoomIn").addEventListener("click", () => setZoom(zoom * 1.2));
  one("#ZoomOut").addEventListener("click", () => setZoom(zoom / 1.2));
  one("#ZoomFit").addEventListener("click", () => setZoom(1));
  one("#HitNext").addEventListener("click", () => step(1));
  one("#HitBack").addEventListener("click", () => step(-1));
  one("#ShowOutline").addEventListener("click", () => drawer());
  one("#PageNumber").addEventListener("change", (event) => go(parseInt(event.target.value, 10) || 1));
  one("#PageNumber").addEventListener("focus", (event) => event.target.select());
  let waiting = 0, wide = box.clientWidth;
  box.addEventListener("scroll", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      if (box.clientWidth !== wide) return;
      const number = look();
      if (!number) return;
      if (document.activeElement !== one("#PageNumber")) one("#PageNumber").value = number;
      sessionStorage.setItem(`openbook place ${copy}`, number);
    });
  }, { passive: true });
  new ResizeObserver(() => {
    if (box.clientWidth !== wide && box.clientWidth) keepLooking();
    wide = box.clientWidth;
  }).observe(box);

  return { start, open, marks, jump, step, drawer, selection, setZoom, zoom: () => zoom, element: box };
})();
