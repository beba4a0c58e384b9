// Keeps the newest message in sight. Whether the log glides is the style sheet's to say; in a low window it does not scroll
// by itself, but with the page.

/** Return toShow(li, from), toEnd(): what moves the log so that a message is seen. */
export function scrolling(log) {
  const toEnd = () => log.scrollTo({ top: log.scrollHeight });

  // Moves to the end, but never past the beginning of `from`: what answers the newest question may be taller than the
  // window of the log, and what comes first may be what matters most.
  function toShow(li, from) {
    const isTall = li.offsetTop + li.offsetHeight - from.offsetTop > Math.min(log.clientHeight, innerHeight) - 24;
    if (log.scrollHeight <= log.clientHeight) li.scrollIntoView({ block: isTall ? "start" : "nearest" });
    else if (isTall) log.scrollTo({ top: from.offsetTop - log.offsetTop - 12 });
    else toEnd();
  }

  // When the text box or a notice takes room from the log, its end stays in sight if it was.
  let isAtEnd = false;
  log.addEventListener("scroll", () => (isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40));
  new ResizeObserver(() => isAtEnd && log.scrollTo({ top: log.scrollHeight, behavior: "instant" })).observe(log);

  return { toShow, toEnd };
}
