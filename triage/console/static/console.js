// What every page of the console does beside its forms, which work without this.

// A fault is read out and stands where the reader is.
document.querySelector("[data-focus]")?.focus();

// Whoever is signed out elsewhere hears it here, not with half a page in the middle of another.
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const place = document.getElementById("notice");
  if (place && xhr.status !== 401) place.textContent = xhr.responseText || "The line does not answer just now.";
});
