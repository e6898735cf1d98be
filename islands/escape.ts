/** Let Escape leave a field that was opened in place: it presses the form's `data-escape` button. */
export function startEscape(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const form = (event.target as Element).closest("form");
    form?.querySelector<HTMLButtonElement>("button[data-escape]")?.click();
  });
}
