// Puts the city's chat on any page: <script src="https://.../widget.js" data-label="Ask 311" defer></script>
// A button in the corner opens the chat in a frame. The page's own policy must allow this script's address in
// script-src and frame-src; nothing else is needed: the styles are set by script, which no style-src forbids.

(() => {
  const TEXTS = {
    en: {
      label: "Ask 311",
      close: "Close the chat",
      news: ", new message",
      broken: "The chat does not load on this page.",
      tab: "Open it in a new tab",
    },
  };
  const SLOW_MS = 10_000;
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const texts = { ...TEXTS.en, ...(script.dataset.label && { label: script.dataset.label }) };

  const STYLE = `
    :host { all: initial; color-scheme: light dark; }
    *, ::before { box-sizing: border-box; }
    button, .panel { font: 600 1rem/1.3 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    button { cursor: pointer; min-width: 44px; min-height: 44px; border: 2px solid #fff; color: #fff; background: #06505c; }
    button:hover { background: #043a43; }
    :focus-visible { outline: 3px solid #ffc845; outline-offset: 0; box-shadow: 0 0 0 6px #06333b; }
    .open { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; padding: .75rem 1.25rem; border-radius: 2rem;
      box-shadow: 0 2px 12px rgb(0 0 0 / .3); }
    .open.news::before { content: ""; display: inline-block; width: .7em; height: .7em; margin-right: .5em;
      border-radius: 50%; background: #ffc845; }
    .panel { position: fixed; right: 1rem; bottom: 5.25rem; z-index: 2147483000; display: flex; flex-direction: column;
      width: min(26rem, calc(100vw - 2rem)); height: min(42rem, calc(100vh - 6.5rem)); overflow: hidden;
      border: 2px solid #06505c; border-radius: .75rem; background: Canvas; color: CanvasText;
      box-shadow: 0 8px 32px rgb(0 0 0 / .35); }
    .panel[hidden], p[hidden] { display: none; }
    .bar { display: flex; align-items: center; justify-content: space-between; padding-left: 1rem; background: #06505c;
      color: #fff; }
    .bar button { border-color: transparent; font-size: 1.4rem; }
    .bar button:focus-visible { outline-offset: -4px; box-shadow: none; }
    p { margin: 1rem; font-weight: 400; }
    a { color: LinkText; }
    iframe { flex: 1; width: 100%; border: 0; }
    @media (max-width: 480px), (max-height: 480px) {
      .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; z-index: 2147483001; }
    }
    @media print { .open, .panel { display: none; } }`;

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function build() {
    const open = element(
      "button",
      { type: "button", class: "open", part: "button", "aria-expanded": "false", "aria-controls": "panel" },
      texts.label,
    );
    const close = element("button", { type: "button", "aria-label": texts.close }, "×");
    const bar = element("div", { class: "bar" }, element("span", {}, texts.label), close);
    const elsewhere = element("a", { href: `${origin}/`, target: "_blank", rel: "noopener" }, texts.tab);
    const broken = element("p", { hidden: "" }, `${texts.broken} `, elsewhere);
    // Not modal: the page beside it can be used as before.
    const panel = element(
      "div",
      { id: "panel", class: "panel", role: "dialog", "aria-modal": "false", "aria-label": texts.label, hidden: "" },
      bar,
      broken,
    );
    const host = element("div", { "data-ask311": "" });
    const root = host.attachShadow({ mode: "open" });
    if (root.adoptedStyleSheets) {
      const style = new CSSStyleSheet();
      style.replaceSync(STYLE);
      root.adoptedStyleSheets = [style];
    } else {
      // Browsers before 2023; there a strict style-src leaves the widget plain.
      root.append(element("style", {}, STYLE));
    }
    // The panel follows its button, so that the tab key goes from one into the other.
    root.append(open, panel);

    let frame = null;
    let isReady = false;
    const tell = (what) => frame.contentWindow.postMessage({ ask311: what }, origin);

    function load() {
      frame = element("iframe", { src: `${origin}/chat`, title: texts.label, allow: "geolocation; clipboard-write" });
      frame.addEventListener("load", () => tell("hello"));
      panel.append(frame);
      setTimeout(() => (broken.hidden = isReady), SLOW_MS);
    }

    function show(isOpen) {
      panel.hidden = !isOpen;
      open.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen) return open.focus();
      open.classList.remove("news");
      open.removeAttribute("aria-label");
      if (!frame) load();
      if (!isReady) return close.focus();
      frame.focus();
      tell("open");
    }

    open.addEventListener("click", () => show(panel.hidden));
    close.addEventListener("click", () => show(false));
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") show(false);
    });
    addEventListener("message", (event) => {
      if (!frame || event.origin !== origin || event.source !== frame.contentWindow) return;
      const what = event.data?.ask311;
      if (what === "ready" && !isReady) {
        isReady = true;
        broken.hidden = true;
        // Only if the resident still is where opening the chat has put them.
        if (!panel.hidden && root.activeElement === close) show(true);
      }
      if (what === "close" && !panel.hidden) show(false);
      if (what === "news" && panel.hidden) {
        open.classList.add("news");
        open.setAttribute("aria-label", texts.label + texts.news);
      }
    });
    document.body.append(host);
  }

  if (document.body) build();
  else addEventListener("DOMContentLoaded", build, { once: true });
})();
