// The line at the top that says what is wrong with the service, and goes by itself.

import { connection } from './connection.js';
import { el, replace } from './dom.js';

const words = {
    down: 'The service does not answer.',
    failing: 'The service is not ready.',
    degraded: 'The service works, but a part of it is amiss.',
};

export function showBanner(banner) {
    connection.addEventListener('change', () => update(banner));
    setInterval(() => tick(banner), 1000);
}

function update(banner) {
    banner.hidden = connection.state === 'up';
    banner.dataset.state = connection.state;
    replace(banner, banner.hidden ? [] : el('div', { class: 'banner-inner' },
        el('strong', {}, words[connection.state]),
        connection.reasons.map(reason => el('span', {}, reason)),
        connection.isBroken && [
            el('span', { class: 'banner-next', 'aria-live': 'off' }),
            el('button', { type: 'button', onclick: () => connection.probe() }, 'Try now'),
        ]));
    tick(banner);
}

function tick(banner) {
    const next = banner.querySelector('.banner-next');
    if (next)
        next.textContent = connection.nextAt === null ? 'Trying again …' : `Trying again in ${Math.max(0, Math.ceil((connection.nextAt - performance.now()) / 1000))} s.`;
}
