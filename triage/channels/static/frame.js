// The frame's side of the widget: says what happens in here to the page around it, and does what it asks.
// Which pages may be around it is the server's decision (frame-ancestors). Only bare words are exchanged.

/** Return tell(what), which does nothing where there is no page around. */
export function inFrame({ onOpen }) {
  let host = null;
  if (window.parent === window) return () => {};
  const tell = (what) => host && window.parent.postMessage({ ask311: what }, host);
  addEventListener("message", (event) => {
    if (event.source !== window.parent || (host && event.origin !== host)) return;
    if (event.data?.ask311 === "hello") {
      host = event.origin;
      tell("ready");
    }
    if (event.data?.ask311 === "open") onOpen();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tell("close");
  });
  return tell;
}
