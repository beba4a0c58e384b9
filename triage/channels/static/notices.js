// Takes notices off an open page when they are over; with the last one goes their heading.

const LONGEST_MS = 2 ** 31 - 1; // what a timer can wait, some 24 days

for (const notice of document.querySelectorAll(".notices [data-ends]")) {
  const left = Date.parse(notice.dataset.ends) - Date.now();
  if (left > LONGEST_MS) continue;
  setTimeout(() => {
    const all = notice.closest(".notices");
    notice.remove();
    if (!all.querySelector("[data-ends]")) all.remove();
  }, Math.max(left, 0));
}
