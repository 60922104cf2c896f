"use strict";
// Files are dropped or chosen and sent one by one; what is typed in the table is saved as one types.
// Without this script the same forms do the same, all at once.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const token = one('meta[name="csrf"]').content;
  const post = (at, body, more = {}) => fetch(at, { method: "POST", body, headers: { "X-CSRF": token }, ...more });

  // --- dropping -------------------------------------------------------------------------------
  const drop = one("#Drop"), told = one("#Sending");
  const NAMES = /\.(pdf|html?|md|markdown|txt|tex|docx)$/i;
  let isSending = false;

  async function send(files) {
    if (isSending) return;
    isSending = true;
    const most = Number(drop.dataset.most) * 1024 * 1024, button = one("button", drop);
    button.disabled = true;
    try {
      for (const [at, [path, file]] of files.entries()) {
        told.textContent = `Sending ${at + 1} of ${files.length}: ${path}`;
        const body = new FormData();
        if (file.size > most) body.append("oversize", path);
        else body.append("files", file, path);
        await sent(body);
      }
      if (drop.elements.addresses.value.trim()) {
        const body = new FormData();
        body.append("addresses", drop.elements.addresses.value);
        await sent(body);
        drop.elements.addresses.value = "";
      }
      const go = document.createElement("form"), field = document.createElement("input");
      Object.assign(go, { method: "post", action: "/pile/read" });
      Object.assign(field, { type: "hidden", name: "csrf", value: token });
      go.append(field);
      document.body.append(go);
      await flushed();
      go.submit();
    } catch (error) {
      told.textContent = `Not all was sent: ${error.message} What was sent is kept; send the rest again.`;
      isSending = false;
      button.disabled = false;
    }
  }

  async function sent(body) {
    for (let tries = 0; ; tries += 1) {
      const answer = await post("/pile", body);
      if (answer.ok) return;
      if (answer.status !== 503 || tries > 20) throw new Error((await answer.text()).split("\n")[0]);
      await new Promise((go) => setTimeout(go, 1500));
    }
  }

  // Folders are looked into; what is no document by its name stays where it is.
  async function within(entry, path = "") {
    if (entry.isFile) {
      const file = await new Promise((good, bad) => entry.file(good, bad));
      return !path || NAMES.test(file.name) ? [[path + file.name, file]] : [];
    }
    if (entry.name.startsWith(".")) return [];
    const reader = entry.createReader(), found = [];
    for (;;) {
      const some = await new Promise((good, bad) => reader.readEntries(good, bad));
      if (!some.length) return found;
      for (const each of some) found.push(...await within(each, `${path}${entry.name}/`));
    }
  }

  async function dropped(data) {
    const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const plain = [...data.files].map((file) => [file.name, file]);
    if (!entries.length) return plain;
    return (await Promise.all(entries.map((entry) => within(entry)))).flat();
  }

  if (drop) {
    one(".with-script", drop).hidden = false;
    one(".without-script", drop).hidden = true;
    drop.addEventListener("submit", (event) => {
      event.preventDefault();
      const files = [...drop.elements.files.files].map((file) => [file.webkitRelativePath || file.name, file]);
      if (files.length || drop.elements.addresses.value.trim()) send(files);
      else told.textContent = "Choose files, or give addresses, one a line.";
    });
    const holds = (event) => event.dataTransfer?.types.includes("Files");
    let depth = 0;
    document.addEventListener("dragenter", (event) => { if (holds(event)) { depth += 1; document.body.classList.add("dropping"); } });
    document.addEventListener("dragleave", (event) => { if (holds(event) && (depth -= 1) <= 0) { depth = 0; document.body.classList.remove("dropping"); } });
    document.addEventListener("dragover", (event) => { if (holds(event)) event.preventDefault(); });
    document.addEventListener("drop", async (event) => {
      if (!holds(event)) return;
      event.preventDefault();
      depth = 0;
      document.body.classList.remove("dropping");
      send(await dropped(event.dataTransfer));
    });
  }

  // --- the table ------------------------------------------------------------------------------
  const form = one("#Pile"), status = one("#Saved");
  const changed = new Map();
  let timer = 0, saving = null, tries = 0;

  function say(words, css = "") { status.textContent = words; status.className = `soft ${css}`; }

  async function save(keepalive = false) {
    clearTimeout(timer);
    if (saving || !changed.size) return saving;
    const body = new URLSearchParams([...changed]);
    const now = new Map(changed);
    saving = post(form.dataset.at, body, { keepalive }).then(async (answer) => {
      if (!answer.ok) throw new Error((await answer.text()).split("\n")[0]);
      for (const [name, value] of now) if (changed.get(name) === value) changed.delete(name);
      tries = 0;
      tell(await answer.json());
      say(changed.size ? "saving …" : `saved ${new Date().toLocaleTimeString("en-GB")}`);
    }).catch((error) => {
      tries += 1;
      say(`not saved: ${error.message}; trying again`, "bad");
    }).finally(() => {
      saving = null;
      if (changed.size) timer = setTimeout(save, Math.min(30000, 500 * 2 ** tries));
    });
    return saving;
  }

  function tell({ faults, news }) {
    for (const place of form.querySelectorAll("p.fault")) {
      const name = place.id.slice(0, -"-fault".length), words = faults[name] || "";
      if (place.textContent !== words) place.textContent = words;
      const field = form.elements[name];
      if (words) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
    }
    const box = one("#News");
    if (!box.contains(document.activeElement)) box.innerHTML = news;
  }

  async function flushed() { while (form && changed.size && tries < 3) await (save() || Promise.resolve()); }

  form?.addEventListener("input", (event) => {
    const { name, value } = event.target;
    if (!/^(row|family|release)\./.test(name)) return;
    changed.set(name, value);
    say("saving …");
    clearTimeout(timer);
    timer = setTimeout(save, 500);
  });
  document.addEventListener("visibilitychange", () => { if (form && document.hidden) save(true); });
  addEventListener("pagehide", () => { if (form) save(true); });
})();
