// What pages do beyond plain HTML. Everything here is a convenience: each form works without it.
"use strict";

// Cells know their column's name, so that on a phone a row can be read as a card.
document.querySelectorAll(".narrow-stack > table").forEach((table) => {
  const heads = [...table.tHead.rows[0].cells].map((head) => (head.className === "act" ? "" : head.textContent.trim()));
  for (const row of table.tBodies[0].rows) {
    if (row.cells.length !== heads.length) continue;
    [...row.cells].forEach((cell, place) => {
      if (cell.tagName === "TD" && heads[place] && !cell.querySelector(".row-link, [type=checkbox]")) cell.dataset.label = heads[place];
    });
  }
  table.classList.add("is-labelled");
});

// A question before what cannot be undone, and one sending per click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // A download answers without leaving the page; such a form may be sent again.
  if (form.hasAttribute("data-download") || form.target === "_blank") {
    window.setTimeout(() => delete form.dataset.sent, 3000);
    return;
  }
  (event.submitter || form.querySelector("[type=submit]"))?.classList.add("is-busy");
});

// Coming back by the browser's history shows the page as it was, ready to be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  document.querySelectorAll(".is-busy").forEach((button) => button.classList.remove("is-busy"));
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print], [data-check-all]");
  if (!button) return;
  if ("print" in button.dataset) window.print();
  if (button.dataset.copy) await copy(button);
});

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  source.select();
  try {
    await navigator.clipboard.writeText(source.value);
  } catch {
    document.execCommand("copy");
  }
  (button.querySelector("span") || button).textContent = button.dataset.copied;
}

// <input type="checkbox" data-check-all="people"> ticks every checkbox of that name in its form.
// <select data-send> sends its form when changed.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.dataset.checkAll) {
    const boxes = (box.form || document).querySelectorAll(`input[type=checkbox][name="${box.dataset.checkAll}"]`);
    boxes.forEach((other) => {
      if (!other.disabled) other.checked = box.checked;
    });
  }
  if ("send" in box.dataset) box.form.requestSubmit();
});
