// Text fields that grow with what is typed, up to what the style sheet allows.

/** Let a textarea take the height of its text. Returns a function to call after changing the text by program. */
export function growing(field) {
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  };
  field.addEventListener("input", fit);
  requestAnimationFrame(fit);
  return fit;
}
