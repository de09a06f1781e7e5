// Sizes of parts of charts. They are set by script, for the page's policy lets no style into the markup.

const clamp = share => `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;

export function width(element, share) {
    element.style.width = clamp(share);
    return element;
}

export function height(element, share) {
    element.style.height = clamp(share);
    return element;
}

export function left(element, share) {
    element.style.left = clamp(share);
    return element;
}

export function opacity(element, share) {
    element.style.opacity = Math.min(1, Math.max(0, share)).toFixed(3);
    return element;
}
