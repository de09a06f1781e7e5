// Short messages for screen readers.

/** Says it once, politely. */
export function announce(message) {
    document.getElementById('announcer').textContent = message;
}
