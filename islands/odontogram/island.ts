import { Chart } from "./chart";

/** Wake the chart of a mouth: until then it is a drawing that can be read. */
export function mount(root: HTMLElement): () => void {
  const chart = new Chart(root);
  root.dataset.awake = "true";
  return () => chart.leave();
}
