import { startBooking } from "./booking";

/** The form of a booking on a page of its own, beside no grid. */
export function mount(): () => void {
  return startBooking();
}
