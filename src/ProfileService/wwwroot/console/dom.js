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

/** Puts new content in place of the old; focus and scrolling stay where the same link, field or table is there again. */
export function replace(parent, ...children) {
    const held = parent.contains(document.activeElement) && document.activeElement !== parent ? keyOf(document.activeElement) : null;
    const scrolled = [...parent.querySelectorAll(tables)].filter(e => e.scrollLeft > 0).map(e => ({ key: keyOf(e), left: e.scrollLeft }));
    parent.replaceChildren(...nodes(children));
    const find = (selector, key) => [...parent.querySelectorAll(selector)].find(e => keyOf(e) === key);
    if (held)
        find(`a, button, input, select, textarea, summary, ${tables}`, held)?.focus({ preventScroll: true });
    for (const { key, left } of scrolled)
        find(tables, key)?.scrollTo(left, 0);
}

const tables = '[role="region"][tabindex]'; // those of table.js
const keyOf = element => element.id || element.getAttribute('href') || element.getAttribute('aria-label') || element.textContent;

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
