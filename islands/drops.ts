/** A file dropped beside its place must not replace the page, and what was typed in it. */
export function startDrops(): void {
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const takesFiles = (event: DragEvent) =>
    event.target instanceof HTMLInputElement && event.target.type === "file";
  window.addEventListener("dragover", (event) => {
    if (!carriesFiles(event) || event.defaultPrevented || takesFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "none";
  });
  window.addEventListener("drop", (event) => {
    if (carriesFiles(event) && !takesFiles(event)) event.preventDefault();
  });
}
