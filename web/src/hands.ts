// The plain form "Giơ tay" without leaving the room: going to another page would end the sound.

/** Sends such forms in the background. `told`: with the status of the answer; `failed`: there is no line. */
export function hands(told: (status: number) => void, failed: () => void): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset.enhance !== "hand") return;
    event.preventDefault();
    send(form).then(told, failed);
  });
}

/** Raises TypeError where there is no line. */
async function send(form: HTMLFormElement): Promise<number> {
  const filled = new FormData(form) as unknown as Iterable<[string, string]>;
  return (await fetch(form.action, { method: "POST", body: new URLSearchParams([...filled]) })).status;
}
