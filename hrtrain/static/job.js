// Asks for the changing part of a job's page again, until the job is over.
"use strict";

const place = document.getElementById("job-progress");

function isOver() {
  return !place || Boolean(place.querySelector('[data-state="over"]'));
}

async function refresh() {
  try {
    const answer = await fetch(place.dataset.progressUrl, { headers: { Accept: "text/html" } });
    if (answer.redirected || answer.status === 404) {
      window.location.reload();
      return;
    }
    if (answer.ok) place.innerHTML = await answer.text();
  } catch {
    // The network may come back; the next round asks again.
  }
  if (!isOver()) window.setTimeout(refresh, 1000);
}

if (!isOver()) window.setTimeout(refresh, 700);
