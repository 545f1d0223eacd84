// Asks for a job's page again, until the job is over, and shows its changing part.
"use strict";

const place = document.getElementById("job-progress");

function isOver() {
  return !place || Boolean(place.querySelector('[data-state="over"]'));
}

async function refresh() {
  try {
    const answer = await fetch(window.location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const anew = page.getElementById("job-progress");
    if (!anew) {
      window.location.reload();
      return;
    }
    place.replaceChildren(...anew.childNodes);
  } catch {
    // The network may come back; the next round asks again.
  }
  if (!isOver()) window.setTimeout(refresh, 1000);
}

if (!isOver()) window.setTimeout(refresh, 700);
