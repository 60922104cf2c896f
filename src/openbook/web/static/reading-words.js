"use strict";
// The words of a document that is shown as text: found again whatever stands between them.
Reading.words = (() => {
  // What counts of a text when places in it are looked for; openbook.core.text has the exact rules.
  const solidOf = (char) => char.normalize("NFKC")
    .replace(/[\s\p{Cf}\u0002\ufffe\u2010-\u2015\u2212-]/gu, "")
    .replace(/[\u2018\u2019\u201a\u201b\u2032`\u00b4]/g, "'").replace(/[\u201c\u201d\u201e\u2033\u00ab\u00bb]/g, '"');

  /** The text under an element, with the place of each character that counts. */
  function indexed(root) {
    const nodes = [], solid = [], at = [], starts = new Map();
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const number = nodes.push(node) - 1, section = node.parentElement.closest("section[data-page]");
      if (section && !starts.has(Number(section.dataset.page))) starts.set(Number(section.dataset.page), at.length);
      let offset = 0;
      for (const char of node.data) {
        const kept = solidOf(char);
        solid.push(kept);
        for (let unit = 0; unit < kept.length; unit += 1) at.push([number, offset, char.length]);
        offset += char.length;
      }
    }
    return { nodes, at, starts, solid: solid.join("") };
  }

  /** Where the words of a mark stand, nearest to where its places say. */
  function find(text, mark) {
    if (!text) return [];
    return mark.words.map((words, number) => {
      const needle = [...words].map(solidOf).join("");
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

  return { indexed, find, highlight };
})();
