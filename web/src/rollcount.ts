// The roll's number follows the marks while names are called; what is kept is counted by the server.
import { one } from "./words";

export function followMarks(): void {
  const shown = one("[data-marked]");
  const marks = one("[data-marks]");
  if (!shown || !marks) return;
  const count = (): void => void (shown.textContent = String(marks.querySelectorAll("input[value=present]:checked").length));
  marks.addEventListener("change", count);
  count();
}
