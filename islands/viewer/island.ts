import { shotAt } from "./shots";
import { listenKeys, Viewer } from "./viewer";

/** The picture on a page of its own: arrows and closing lead to other pages. */
export function mount(root: HTMLElement): () => void {
  const { metaUrl = "", frameUrl = "", previous = "", next = "", close = "/" } = root.dataset;
  const viewer = new Viewer(root, {
    go: (url) => location.assign(url),
    close: () => location.assign(close),
    shotAt,
  });
  void viewer.show({ metaUrl, frameUrl, previous, next, title: root.dataset.title ?? "" });
  return listenKeys(viewer);
}
