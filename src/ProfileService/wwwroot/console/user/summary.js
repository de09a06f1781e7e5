// The profile in one sentence.

import { list, percent, span } from '../format.js';

const strongShare = 0.15; // of all interest, for a second category to be named
const strongTrend = 0.05;
const oftenShare = 0.4; // of all events, for a part of the day to be named
const justNow = 5; // seconds
const weekendShare = 0.45; // two days of seven are 0.29

const dayParts = [['at night', 0, 6], ['in the morning', 6, 12], ['in the afternoon', 12, 18], ['in the evening', 18, 24]];
const doing = { browse: 'browsing', compare: 'comparing', buy: 'buying' };

export function summary(source) {
    const { dimensions, freshness, confidence } = source.profile;
    const profile = `profile ${span(source.ageSeconds)} fresh${confidence === undefined ? '' : `, confidence ${percent(confidence)}`}`;
    const parts = [interests(dimensions?.interests), habits(dimensions), lastSeen(dimensions?.activity?.lastEventAt ?? freshness.eventsThrough), profile];
    const sentence = `${parts.filter(Boolean).join('; ')}.`;
    return sentence[0].toUpperCase() + sentence.slice(1);
}

function interests(all = []) {
    if (all.length === 0)
        return null;
    const named = all.filter((interest, i) => i === 0 || (i < 3 && interest.share >= strongShare)).map(interest => interest.category);
    const moving = all.filter(interest => Math.abs(interest.trend ?? 0) >= strongTrend).sort((a, b) => Math.abs(b.trend) - Math.abs(a.trend))[0];
    return `mostly ${list(named)}${moving ? `, lately ${moving.trend > 0 ? 'more' : 'less'} ${moving.category}` : ''}`;
}

function habits(dimensions) {
    const what = strongest(dimensions?.intent);
    const when = rhythm(dimensions?.activity);
    return what || when ? [what ? doing[what] : 'active', when].filter(Boolean).join(' ') : null;
}

const strongest = intent => intent && Object.keys(doing).reduce((best, kind) => (intent[kind] ?? 0) > (intent[best] ?? 0) ? kind : best);

function rhythm(activity) {
    if (!activity?.hours)
        return null;
    const [part, share] = dayParts.map(([name, from, to]) => [name, activity.hours.slice(from, to).reduce((sum, h) => sum + h, 0)]).sort((a, b) => b[1] - a[1])[0];
    const weekend = activity.weekdays && activity.weekdays[5] + activity.weekdays[6] >= weekendShare;
    return [share >= oftenShare && part, weekend && 'at weekends'].filter(Boolean).join(', ') || null;
}

/** No event yet has the year 1, or none at all. */
function lastSeen(at) {
    const time = Date.parse(at);
    const ago = (Date.now() - time) / 1000;
    return !(time > 0) ? null : ago < justNow ? 'last seen just now' : `last seen ${span(ago)} ago`;
}
