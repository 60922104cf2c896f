"use strict";
// The document as it looks: pages of a PDF as pictures with their words laid over them, anything
// else as text. What is quoted is marked, and can be gone to.
Reading.viewer = (() => {
  const { one } = Reading;
  const { lay, paint } = Reading.lines, { indexed, find, highlight } = Reading.words;
  const box = one("#Viewer"), select = one("#Copy"), outline = one("#Outline");
  const widths = box.dataset.widths.split(" ").map(Number);
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
    count();
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
    if (first && kind === "pdf") await Promise.race([load(first), new Promise((done) => { setTimeout(done, 1500); })]);
  }

  // The passages are searched when there is something to look at, not before.
  async function start() {
    await open();
    await new Promise((done) => { setTimeout(done); }); // htmx begins in a timer, too
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

  function draw(page) {
    for (const old of page.element.querySelectorAll(".hl:not(.flash)")) old.remove();
    for (const mark of found()) for (const place of mark.places) paint(page, place, mark.css);
  }

  // --- text ---------------------------------------------------------------------------------

  function setText(html) {
    box.innerHTML = html; // sanitised by the server, in a page that runs no script but ours
    text = indexed(one(".doc", box));
    const sections = [...box.querySelectorAll("section[data-page]")];
    pages = sections.length > 1 ? sections.map((element) => ({ number: Number(element.dataset.page), element })) : [];
    one("#PageTools").hidden = !pages.length;
    if (pages.length) one("#PageCount").textContent = pages[pages.length - 1].number;
    const headings = [...box.querySelectorAll("h1, h2, h3, h4")].filter((each) => each.textContent.trim());
    setOutline(headings.map((each) => ({
      title: each.textContent.trim(), level: Number(each.tagName[1]), go: () => each.scrollIntoView({ block: "start" }),
    })));
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
      highlight(css, found().filter((each) => each.css === css).flatMap((each) => find(text, each)));
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
    const all = find(text, mark);
    if (!all.length) return;
    const by = all[0].getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
    box.scrollBy({ top: by, behavior: Math.abs(by) > 2 * box.clientHeight ? "instant" : behavior });
    highlight("flash", all);
    setTimeout(() => highlight("flash", []), 2200);
  }

  function go(number) {
    const page = pages.find((each) => each.number >= number) || pages[pages.length - 1];
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

  Reading.lines.steady(box);

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
      if (document.activeElement !== one("#PageNumber")) one("#PageNumber").value = pages[number - 1].number;
      sessionStorage.setItem(`openbook place ${copy}`, pages[number - 1].number);
    });
  }, { passive: true });
  new ResizeObserver(() => {
    if (box.clientWidth !== wide && box.clientWidth) keepLooking();
    wide = box.clientWidth;
  }).observe(box);

  return { start, open, marks, jump, step, drawer, selection, setZoom, zoom: () => zoom, element: box };
})();
