import "./agenda.css";
import { Agenda } from "./agenda";
import { startBooking } from "./booking";

/** The grid of the agenda, its keys and its panels. */
export function mount(root: HTMLElement): () => void {
  const agenda = new Agenda(root);
  const stopBooking = startBooking();
  void agenda.start();
  return () => {
    stopBooking();
    void agenda.leave();
  };
}
