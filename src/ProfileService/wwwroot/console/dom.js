// Elements out of plain values. What is shown goes in as text: nothing here reads markup.

const svgNamespace = 'http://www.w3.org/2000/svg';

/** An HTML element. Properties: `on…` listens, null and false leave out, all else is an attribute. */
export function el(name, properties = {}, ...children) {
    return fill(document.createElement(name), properties, children);
}

/** An SVG element. */
export function svg(name, properties = {}, ...children) {
    return fill(document.createElementNS(svgNamespace, name), properties, children);
}

/** Text for screen readers alone. */
export const unseen = (...text) => el('span', { class: 'visually-hidden' }, ...text);

/** Puts new content in place of the old; the focus stays where the same link or field is there again. */
export function replace(parent, ...children) {
    const held = parent.contains(document.activeElement) && document.activeElement !== parent ? keyOf(document.activeElement) : null;
    parent.replaceChildren(...nodes(children));
    if (held)
        [...parent.querySelectorAll('a, button, input, select, textarea')].find(e => keyOf(e) === held)?.focus({ preventScroll: true });
}

const keyOf = element => element.id || element.getAttribute('href') || element.textContent;

const nodes = children => children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false);

function fill(element, properties, children) {
    for (const [name, value] of Object.entries(properties)) {
        if (value === null || value === undefined || value === false)
            continue;
        if (name.startsWith('on'))
            element.addEventListener(name.slice(2), value);
        else
            element.setAttribute(name, value === true ? '' : value);
    }
    element.append(...nodes(children));
    return element;
}
