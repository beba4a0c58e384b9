// Turns addresses in a text into links, and nothing else. It builds elements; text stays text.

const ADDRESS = new RegExp(
  `(^|[\\s("'“‘:;,–—])(${[
    /https:\/\/[^\s<>"']+/, // a web address
    /[\w.+-]+@(?:[a-z\d-]+\.)+[a-z]{2,}/, // an email address
    /(?:[a-z\d-]+\.)+(?:ca|com|org|net)\b(?:\/[^\s<>"']*)?/, // a web address as people write it
    /(?:1-)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])/, // a phone number
    /(?:211|311|811|911|988)(?![\w%/-]|[.,]\d)/, // a short one
  ]
    .map((part) => part.source)
    .join("|")})`,
  "gi",
);
const ALLOWED = ["https:", "mailto:", "tel:"];

/** Return the address if it is of one of the three kinds that we link to, or null. */
export function safe(address) {
  try {
    const url = new URL(address);
    return ALLOWED.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Return a link; web addresses open in a new tab, so that the conversation stays. */
export function link(href, label) {
  const a = document.createElement("a");
  a.href = href;
  a.textContent = label;
  if (href.startsWith("https:")) {
    a.target = "_blank";
    a.rel = "noopener noreferrer";
  }
  return a;
}

/** Return the text as nodes, with links where there are addresses. */
export function linkified(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const [, before, address] = found;
    const label = trimmed(address);
    const href = safe(addressOf(label));
    if (!href) continue;
    const at = found.index + before.length;
    nodes.push(text.slice(from, at), link(href, label));
    from = at + label.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

// The full stop after an address ends the sentence; a closing bracket without its opening one ends the aside.
function trimmed(address) {
  let end = address.replace(/[.,;:!?…]+$/, "");
  while (end.endsWith(")") && !end.includes("(")) end = end.slice(0, -1).replace(/[.,;:!?…]+$/, "");
  return end;
}

function addressOf(label) {
  if (/^https:/i.test(label)) return label;
  if (label.includes("@")) return `mailto:${label}`;
  if (/^[\d(]/.test(label) && !/[a-z]/i.test(label)) {
    const digits = label.replace(/\D/g, "");
    return `tel:${digits.length === 10 ? "+1" : digits.length === 11 ? "+" : ""}${digits}`;
  }
  return `https://${label}`;
}
