// Makes elements. What is in them goes in as text or as other elements, never as markup.

/** Make an element: its attributes, then what is in it (elements or text). */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export const hidden = (text) => element("span", { class: "visually-hidden" }, text);

/** Fill a text's {names} in. */
export const filled = (text, values) => text.replace(/{(\w+)}/g, (all, name) => values[name] ?? all);
