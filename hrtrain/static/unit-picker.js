// Suggests units while one is typed into <input data-units="/units/-/find">. Without it the field
// takes a key, a code or a whole name, and the server says which units could be meant.
"use strict";

let number = 0;

function suggestionsOf(input) {
  if (!input.list) {
    const list = document.createElement("datalist");
    list.id = `unit-suggestions-${(number += 1)}`;
    input.after(list);
    input.setAttribute("list", list.id);
    input.autocomplete = "off";
  }
  return input.list;
}

async function suggest(input) {
  const text = input.value.trim();
  if (text.length < 2 || text.endsWith("]")) return;
  const answer = await fetch(`${input.dataset.units}?q=${encodeURIComponent(text)}`);
  if (!answer.ok || input.value.trim() !== text) return;
  const options = (await answer.json()).map(({ value, label }) => {
    const option = document.createElement("option");
    option.value = value;
    option.label = label ? `${value} · ${label}` : value;
    return option;
  });
  suggestionsOf(input).replaceChildren(...options);
}

const waiting = new WeakMap();
document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.dataset?.units) return;
  window.clearTimeout(waiting.get(input));
  waiting.set(input, window.setTimeout(() => suggest(input), 150));
});
