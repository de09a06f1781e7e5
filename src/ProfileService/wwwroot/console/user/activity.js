// When and how much the user does.

import { columns } from '../charts/columns.js';
import { el } from '../dom.js';
import { amount, count, figure, percent } from '../format.js';

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const hourName = hour => `${String(hour).padStart(2, '0')}:00`;

export function activityParts({ activity }) {
    return [
        el('dl', { class: 'facts' },
            fact('events', count(activity.events)),
            fact('a day', activity.eventsPerDay && figure(activity.eventsPerDay)),
            fact('sessions', activity.sessions && count(activity.sessions)),
            fact('value in all', activity.valueSum > 0 && amount(activity.valueSum))),
        el('div', { class: 'rhythms' },
            activity.hours && rhythm('By hour, UTC', activity.hours, activity.hours.map((_, hour) => hourName(hour)), activity.hours.map((_, hour) => hour % 6 === 0 ? String(hour) : null)),
            activity.weekdays && rhythm('By weekday', activity.weekdays, dayNames, dayNames.map(name => name.slice(0, 2)))),
    ];
}

const fact = (name, value) => value && el('div', {}, el('dt', {}, name), el('dd', {}, value));

function rhythm(title, shares, names, ticks) {
    const highest = shares.indexOf(Math.max(...shares));
    return el('figure', { class: 'rhythm' },
        el('figcaption', {}, title, el('span', { class: 'muted' }, `most ${names[highest]}, ${percent(shares[highest])}`)),
        columns(shares, { title, names, ticks, values: shares.map(share => percent(share)) }));
}
