import "./agenda.css";
import { Agenda } from "./agenda";
import { startBooking } from "./booking";
import { startChanges } from "./changes";

/** The grid of the agenda, its keys and its panels. */
export function mount(root: HTMLElement): () => void {
  const agenda = new Agenda(root);
  startChanges();
  const stopBooking = startBooking();
  void agenda.start();
  return () => {
    stopBooking();
    void agenda.leave();
  };
}
