// Numbers and times as people read them.

const plain = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const minus = '\u2212';

/** A share from 0 to 1 as per cent. */
export const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)}%`;

export const count = number => plain.format(number);

/** Three figures or so, whatever the size. */
export function figure(number) {
    const size = Math.abs(number);
    return size >= 100 || size === 0 ? count(number) : size >= 10 ? number.toFixed(1) : size >= 0.01 ? number.toFixed(2) : number.toPrecision(2);
}

/** How far a vector turns, in four decimals, so that numbers below each other can be compared. */
export const turn = number => number > 0 && number < 0.0001 ? '<0.0001' : number.toFixed(4);

/** A price or amount. */
export const amount = number => Math.abs(number) < 1000 ? number.toFixed(2).replace(/\.00$/, '') : count(number);

export const signed = (number, digits = 2) => `${number < 0 ? minus : '+'}${Math.abs(number).toFixed(digits)}`;

/** "1 event", "2 events". */
export const many = (number, thing) => `${count(number)} ${thing}${number === 1 ? '' : 's'}`;

/** How far a profile is behind its user's events; null if it is not. Nobody can tell while a store is away or if the window was altered. */
export const pending = ({ stale, pendingEvents }) => !stale ? null
    : pendingEvents > 0 ? `${many(pendingEvents, 'change')} pending` : 'may be behind: a store is away, or the window was altered';

/** A length of time in its largest unit: "3 s", "5 min", "2 hours", "8 days". */
export function span(seconds) {
    if (seconds < 60)
        return `${Math.max(0, Math.floor(seconds))} s`;
    if (seconds < 3600)
        return `${Math.floor(seconds / 60)} min`;
    return seconds < 86400 ? many(Math.floor(seconds / 3600), 'hour') : many(Math.floor(seconds / 86400), 'day');
}

/** A length of time as in "in the last …", rounded up: "minute", "20 minutes", "36 hours", "12 days". */
export function last(seconds) {
    const [size, thing] = seconds <= 3600 ? [60, 'minute'] : seconds <= 172800 ? [3600, 'hour'] : [86400, 'day'];
    const number = Math.max(1, Math.ceil(seconds / size));
    return number === 1 ? thing : many(number, thing);
}

/** Begun with a capital. */
export const capital = words => words[0].toUpperCase() + words.slice(1);

/** Words joined as in a sentence. */
export const list = words => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

// The service counts hours and days in UTC; so does the page.
const dayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

export const day = date => dayFormat.format(date);

/** Two days in UTC as in "between 1 and 9 November 2026"; what they share is said once. */
export function between(first, newest) {
    const [from, to] = [first, newest].map(date => [date.getUTCDate(), date.toLocaleString('en-GB', { month: 'long', timeZone: 'UTC' }), date.getUTCFullYear()]);
    const shared = from[2] !== to[2] ? 3 : from[1] !== to[1] ? 2 : 1;
    return String(from) === String(to) ? `on ${to.join(' ')}` : `between ${from.slice(0, shared).join(' ')} and ${to.join(' ')}`;
}

export const clock = date => timeFormat.format(date);

/** Day and time in UTC. */
export const moment = date => `${date.getUTCDate()} ${date.toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' })}, ${clock(date)}`;
