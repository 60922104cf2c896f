"use strict";
(() => {
  const form = document.getElementById("Reply");
  const cells = [...form.querySelectorAll("fieldset.reply")];
  const texts = ["reason", "now", "quote", "document", "elsewhere"];
  let isSaved = true;

  const field = (within, name) => within.querySelector(`[name="${name}"]`);
  const value = (within, name) => field(within, name).value.trim();
  const stance = (cell) => cell.querySelector("input[type=radio]:checked").value;
  const say = (text) => { document.getElementById("Said").textContent = text; };

  function show(faults) {
    const list = document.getElementById("Faults");
    list.replaceChildren(...faults.map(([at, text]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = "#";
      link.textContent = text;
      link.addEventListener("click", (event) => { event.preventDefault(); at.focus(); });
      item.append(link);
      return item;
    }));
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    for (const [at] of faults) at.setAttribute("aria-invalid", "true");
  }

  function faultsOf(cell) {
    const kind = stance(cell);
    if (kind !== "correction" && kind !== "rebuttal") return [];
    const name = `${cell.dataset.release} ${cell.dataset.question}`;
    const faults = [];
    if (!value(cell, "reason")) faults.push([field(cell, "reason"), `${name}: say why`]);
    if (value(cell, "quote") && !value(cell, "document") && !value(cell, "elsewhere")) {
      faults.push([field(cell, "document"), `${name}: say in which document the words stand`]);
    }
    return faults;
  }

  function reply(cell) {
    const said = { release: cell.dataset.release, question: cell.dataset.question };
    said.grade = cell.dataset.grade === "" ? null : Number(cell.dataset.grade);
    said.stance = stance(cell);
    for (const name of said.stance === "agree" ? [] : texts) said[name] = value(cell, name);
    return said;
  }

  function save() {
    const answered = cells.filter(stance);
    const faults = answered.flatMap(faultsOf);
    for (const [name, text] of [["author", "your name"], ["organisation", "your organisation"]]) {
      if (!value(form, name)) faults.push([field(form, name), `Say ${text}`]);
    }
    show(faults);
    if (faults.length) return say("Not saved yet.");
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    const said = {
      format: "openbook-reply-1",
      audit: form.dataset.audit,
      initiative: form.dataset.initiative,
      author: value(form, "author"),
      organisation: value(form, "organisation"),
      date: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
      replies: answered.map(reply),
    };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(
      new Blob([JSON.stringify(said, null, 1) + "\n"], { type: "application/json" }));
    link.download = `reply-${said.audit}-${said.initiative}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    isSaved = true;
    say(`Saved ${said.replies.length} answers as ${link.download}. Send that file back.`);
  }

  async function load(event) {
    const [file] = event.target.files;
    if (!file) return;
    let said;
    try {
      said = JSON.parse(await file.text());
      if (said.format !== "openbook-reply-1" || said.audit !== form.dataset.audit
          || said.initiative !== form.dataset.initiative) throw new Error();
    } catch {
      return say("This is no saved file of this form.");
    }
    field(form, "author").value = said.author ?? "";
    field(form, "organisation").value = said.organisation ?? "";
    for (const one of said.replies ?? []) {
      const cell = cells.find(
        (each) => each.dataset.release === one.release && each.dataset.question === one.question);
      const kind = cell && [...cell.querySelectorAll("input[type=radio]")]
        .find((each) => each.value === one.stance);
      if (!kind) continue;
      kind.checked = true;
      for (const name of texts) field(cell, name).value = one[name] ?? "";
    }
    show([]);
    say("The saved answers are back in the form.");
  }

  document.getElementById("Acts").hidden = false;
  document.getElementById("Save").addEventListener("click", save);
  document.getElementById("Load").addEventListener("change", load);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => { if (event.target.id !== "Load") isSaved = false; });
  window.addEventListener("beforeunload", (event) => { if (!isSaved) event.preventDefault(); });
})();
