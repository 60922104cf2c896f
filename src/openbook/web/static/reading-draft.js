"use strict";
// What one types is kept: in this browser at once, on the server soon after, and never overwritten.
Reading.draft = (() => {
  const { one } = Reading;
  const form = one("#Draft"), status = one("#Saved"), dialog = one("#CompareDialog");
  const isLocked = "locked" in form.dataset;
  const key = `openbook draft ${location.pathname} ${form.dataset.who}`;
  let version = Number(form.dataset.version), isDirty = false, isSending = false, tries = 0, timer = 0;
  let isOpen = false; // the two versions are being compared

  function fields() {
    const all = {};
    for (const [name, value] of new FormData(form)) (all[name] ||= []).push(String(value));
    for (const box of document.querySelectorAll('input[name="uses"]')) all.uses ||= [];
    return all;
  }
  let kept = fields();
  let unanswered = []; // what was sent while no answer has said whether it is kept, the latest last

  const plain = (value) => String(value ?? "").replace(/\r\n/g, "\n");
  function value(all, name) {
    const found = (all[name] || []).map(plain);
    if (name.startsWith("point-")) return found[0] || "unreviewed";
    return name === "uses" ? found.sort().join(" ") : found[0] || "";
  }
  const names = (a, b) => [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const differing = (a, b) => names(a, b).filter((name) => value(a, name) !== value(b, name));

  function say(words, css = "") { status.textContent = words; status.className = `saved ${css}`; }
  const clock = () => new Date().toLocaleTimeString("en-GB");

  function remember(all) {
    try { localStorage.setItem(key, JSON.stringify({ version, fields: all, unanswered, at: Date.now() })); } catch { /* full, or forbidden: the server still has it */ }
  }
  function forget() { try { localStorage.removeItem(key); } catch { /* as above */ } }

  function changed(wait) {
    if (isLocked) return;
    isDirty = true;
    remember(fields());
    say("saving …");
    later(wait);
  }
  function later(wait) { clearTimeout(timer); timer = setTimeout(send, wait); }

  async function send(keepalive = false) {
    if (isSending || isOpen || isLocked) return;
    clearTimeout(timer);
    isSending = true;
    const sent = fields();
    unanswered = [...unanswered, sent].slice(-20);
    if (isDirty) remember(sent);
    let answer = null;
    try {
      const body = new URLSearchParams({ version, base: form.dataset.base });
      for (const [name, all] of Object.entries(sent)) for (const each of all) body.append(name, each);
      answer = await fetch(`${form.dataset.at}/save`, {
        method: "POST", body, keepalive: keepalive === true, headers: { "X-CSRF": one('meta[name="csrf"]').content },
      });
    } catch { /* offline */ }
    isSending = false;
    if (!answer || answer.status >= 500) return again("no connection");
    const isJson = (answer.headers.get("content-type") || "").includes("json");
    if (answer.status === 409 && isJson) return outdated(await answer.json(), sent);
    unanswered = [];
    if (!answer.ok) return again((await answer.text()).split("\n")[0] || `error ${answer.status}`);
    const said = await answer.json();
    tries = 0;
    version = said.version;
    kept = sent;
    tell(said);
    if (differing(sent, fields()).length) return later(200);
    isDirty = false;
    forget();
    say(`saved ${clock()}`, "good");
  }

  function again(why) {
    if (!isDirty) return;
    tries += 1;
    const seconds = Math.min(30, 2 ** Math.min(tries, 5) / 2);
    say(`not saved: ${why}; trying again in ${Math.ceil(seconds)} s. Your words are kept in this browser.`, "bad");
    later(seconds * 1000);
  }

  function outdated(theirs, mine) {
    const isOwn = [kept, mine, ...unanswered].some((own) => !differing(theirs.fields, own).length);
    unanswered = [];
    if (isOwn) {
      // What is kept says what we last knew, say now, or sent before its answer was lost.
      version = theirs.version;
      return send();
    }
    compare(theirs.fields, theirs.version, mine);
  }

  function label(name) {
    const element = form.elements[name], first = element instanceof RadioNodeList ? element[0] : element;
    const set = first?.closest("fieldset");
    return set ? one("legend", set).textContent : first?.labels?.[0]?.textContent || name;
  }

  function compare(theirs, number, mine) {
    isOpen = true;
    say("not saved: changed in another window", "bad");
    const rows = differing(theirs, mine).map((name) => {
      const set = document.createElement("fieldset"), legend = document.createElement("legend");
      legend.textContent = name === "uses" ? "Evidence used" : label(name);
      set.append(legend);
      for (const [who, words, all] of [["theirs", "Kept", theirs], ["mine", "Here, not saved", mine]]) {
        const each = document.createElement("label"), box = document.createElement("input"), text = document.createElement("span"), bold = document.createElement("b");
        each.className = "check";
        Object.assign(box, { type: "radio", name: `pick-${name}`, value: who, checked: who === "mine" });
        bold.textContent = `${words}: `;
        text.append(bold, value(all, name) || "nothing");
        each.append(box, text);
        set.append(each);
      }
      return set;
    });
    one("#Compared").replaceChildren(...rows);
    dialog.onclose = () => {
      isOpen = false;
      const chosen = { ...mine };
      for (const box of dialog.querySelectorAll("input:checked")) {
        const name = box.name.slice("pick-".length);
        if (box.value === "theirs") chosen[name] = theirs[name] || [];
      }
      version = number;
      kept = theirs;
      fill(chosen);
      changed(0);
    };
    dialog.showModal();
  }

  function fill(all) {
    for (const element of form.elements) {
      if (!element.name) continue;
      const given = (all[element.name] || []).map(String);
      if (element.type === "radio") element.checked = element.value === (given[0] ?? (element.name.startsWith("point-") ? "unreviewed" : ""));
      else if (element.type === "checkbox") element.checked = given.includes(element.value);
      else if (element.tagName === "TEXTAREA") element.value = given[0] ?? "";
    }
  }

  function tell(said) {
    const suggestion = one("#Suggestion"), bold = document.createElement("b");
    bold.textContent = said.suggestion;
    suggestion.replaceChildren("The points suggest ", bold, ` (rule ${said.rule}).`);
    one("#DeviationField").hidden = !said.deviates && !one("#Deviation").value;
    one("#Lacks").textContent = said.lacks.length ? `Still needed: ${said.lacks.join("; ")}.` : "Ready to be submitted with the release.";
    const here = one(".steps-nav [aria-current] .swatch");
    here.className = `swatch ${said.is_ready ? "p-stated" : "p-vague"}`;
    here.textContent = said.is_ready ? "●" : "◐";
  }

  /** Save what is typed now; whether it is kept. */
  async function flush() {
    for (let n = 0; n < 20 && isDirty; n += 1) {
      await send();
      if (isDirty) await new Promise((done) => setTimeout(done, 100));
      if (tries > 1 || isOpen) break;
    }
    return !isDirty;
  }

  /** After an act that changed what is kept: learn its number, and what is still needed. */
  function refresh() { if (!isLocked) later(50); }

  function start() {
    if (isLocked) return forget();
    let stored = null;
    try { stored = JSON.parse(localStorage.getItem(key)); } catch { /* not ours */ }
    if (!stored?.fields) return;
    const page = fields();
    if (!differing(stored.fields, page).length) return forget();
    const isOwn = stored.unanswered?.some((own) => !differing(own, page).length);
    if (stored.version === version || isOwn) {
      fill(stored.fields);
      isDirty = true;
      say("saving what was not saved before …");
      later(0);
    } else compare(page, version, stored.fields);
  }

  document.addEventListener("input", (event) => {
    if (event.target.form === form && event.target.name) changed(event.target.tagName === "TEXTAREA" ? 700 : 100);
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault()); // a choice is made, not fled
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("online", () => { if (isDirty) later(0); });
  addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && isDirty) send(true); });
  // Links within the room wait for what was typed a moment ago.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !isDirty || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    event.preventDefault();
    await flush();
    location.href = link.href;
  });
  return { start, flush, refresh, fields, fill, isDirty: () => isDirty };
})();
