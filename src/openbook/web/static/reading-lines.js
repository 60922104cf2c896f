"use strict";
// The words of a PDF's page, laid over its picture: to be selected, and to be marked.
const Reading = { one: (selector, from = document) => from.querySelector(selector) };

Reading.lines = (() => {
  const { one } = Reading;
  const measure = document.createElement("canvas").getContext("2d");
  measure.font = "100px sans-serif";

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

  /** Keep a selection steady in a viewer while the mouse is dragged. */
  function steady(box) {
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
  }

  return { lay, paint, steady };
})();
