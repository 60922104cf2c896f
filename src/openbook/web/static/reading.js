"use strict";
// The page as a whole: keys, panes, and what the parts that htmx brings are joined with.
(() => {
  const { one, viewer, quote, draft } = Reading;
  const right = one("#Right"), toast = one("#Toast");

  Reading.say = (words) => {
    toast.textContent = words;
    toast.hidden = false;
    clearTimeout(Reading.sayTimer);
    Reading.sayTimer = setTimeout(() => { toast.hidden = true; }, 8000);
  };

  Reading.post = async (path, values) => {
    try {
      const answer = await fetch(path, {
        method: "POST", body: new URLSearchParams(values), headers: { "X-CSRF": one('meta[name="csrf"]').content },
      });
      const text = await answer.text();
      if (answer.ok) return text;
      Reading.say(text);
    } catch {
      Reading.say("There is no connection; try again.");
    }
    return null;
  };

  // Of many questions the strip shows the one at hand, with its neighbours.
  const here = one(".steps-nav [aria-current]");
  if (here) {
    const steps = here.closest("ul");
    steps.scrollLeft = here.parentElement.offsetLeft - (steps.clientWidth - here.offsetWidth) / 2;
  }

  // --- panes --------------------------------------------------------------------------------

  const panes = one("#Panes"), tabs = document.querySelectorAll(".tabs [data-show]");
  Reading.pane = (name) => {
    panes.dataset.pane = name;
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.show === name));
  };
  for (const tab of tabs) tab.addEventListener("click", () => Reading.pane(tab.dataset.show));

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".jump");
    if (button) viewer.jump(button.closest("[data-copy]"));
  });

  // --- what htmx brings ---------------------------------------------------------------------

  let focused = "", uses = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const target = event.detail.ctx.target;
    focused = target.contains(document.activeElement) ? target.id : "";
    uses = target.id === "Quotes" ? draft.fields().uses || [] : null;
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { response, text } = event.detail.ctx;
    if (response.status < 400) return;
    event.preventDefault(); // what is there stays
    const refusal = one("#QuoteDialog").open && one("#QuoteDialog .refusal");
    if (refusal) refusal.textContent = text; else Reading.say(text);
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx) Reading.say("There is no connection; try again.");
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx.target;
    if (target.id === "Quoting") quote.shown();
    if (target.id === "Quotes") {
      for (const box of target.querySelectorAll('input[name="uses"]')) if (uses?.includes(box.value)) box.checked = true;
      quote.kept();
    }
    if (["Quotes", "Proposals"].includes(target.id)) viewer.marks();
    if (["Quotes", "Proposals", "Absence"].includes(target.id) && event.detail.ctx.request.method !== "GET") draft.refresh();
    if (target.id === "Absence") absence();
    if (focused === "Passages") one("#Passages .passage")?.focus();
  });

  // --- nothing found: what was ticked outlives the page ---------------------------------------

  function absence() {
    const form = one("#AbsenceForm");
    if (!form) return;
    const key = `openbook read ${location.pathname} ${one("#Draft").dataset.who}`;
    let ticked = [];
    try { ticked = JSON.parse(localStorage.getItem(key)) || []; } catch { /* none */ }
    const boxes = [...form.querySelectorAll('input[name="nothing"]')];
    for (const box of boxes) box.checked = ticked.includes(box.value);
    const count = () => {
      const left = boxes.filter((box) => !box.checked).length;
      one("button.main", form).disabled = left > 0;
      one("#AbsenceLeft").textContent = left ? `${left} of ${boxes.length} still to be read` : "all read";
      const all = new Set([...ticked.filter((id) => !boxes.some((box) => box.value === id)), ...boxes.filter((box) => box.checked).map((box) => box.value)]);
      try { localStorage.setItem(key, JSON.stringify([...all])); } catch { /* full */ }
    };
    form.addEventListener("change", count);
    count();
  }

  // --- keys -----------------------------------------------------------------------------------

  const isTyping = (element) => element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName)
    || (element.tagName === "INPUT" && !["radio", "checkbox"].includes(element.type));
  const passage = () => document.activeElement?.closest?.(".passage");
  const press = (css) => { const its = passage(); if (its) one(css, its)?.click(); };

  function move(by) {
    const all = [...right.querySelectorAll("#Passages .passage, #AbsenceForm .passage")].filter((each) => each.checkVisibility());
    const at = all.indexOf(passage());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    if (!next) return;
    Reading.pane("question");
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function nothing() {
    const tick = passage() && one('input[name="nothing"]', passage());
    press('.not, input[name="nothing"]');
    if (tick) move(1);
  }

  function focus(selector) {
    const element = one(selector);
    if (!element) return;
    Reading.pane("question");
    element.focus();
    element.closest("fieldset, .field")?.scrollIntoView({ block: "nearest" });
  }

  async function turn(rel) {
    const link = one(`.steps-nav a[rel="${rel}"]`);
    if (!link) return;
    await draft.flush();
    location.href = link.href;
  }

  const keys = {
    q: quote.take,
    n: () => viewer.step(1),
    p: () => viewer.step(-1),
    j: () => move(1),
    k: () => move(-1),
    y: () => press(".answers"),
    d: nothing,
    c: () => press(".take"),
    t: () => one("#TypeQuote")?.click(),
    m: () => focus('#Draft .point input:checked, #Draft .point input'),
    w: () => focus("#Answer"),
    r: () => focus('#Draft input[name="grade"]:checked'),
    f: () => { Reading.pane("document"); viewer.element.focus(); },
    g: () => { Reading.pane("document"); one("#PageNumber").focus(); },
    o: () => viewer.drawer(),
    "+": () => viewer.setZoom(viewer.zoom() * 1.2),
    "-": () => viewer.setZoom(viewer.zoom() / 1.2),
    "=": () => viewer.setZoom(1),
    "[": () => turn("prev"),
    "]": () => turn("next"),
    "?": () => one("#KeysDialog").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || one("dialog[open]")) return;
    const element = event.target;
    if (event.key === "Escape") {
      if (isTyping(element)) element.blur();
      else if (!one("#Outline").hidden) viewer.drawer(false);
      return;
    }
    if (isTyping(element)) return;
    const group = element.closest?.(".states");
    const radio = group && one(`input[data-key="${CSS.escape(event.key)}"]`, group);
    if (radio && !radio.matches(":disabled")) {
      event.preventDefault();
      radio.focus();
      if (!radio.checked) radio.click();
      return;
    }
    if (event.key === "Enter" && element.classList?.contains("passage")) {
      viewer.jump(one("[data-copy]", element));
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  one("#ShowKeys").addEventListener("click", keys["?"]);

  viewer.start();
  draft.start();
})();
