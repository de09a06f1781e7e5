// The profile in one sentence.

import { between, capital, last, list, span } from '../format.js';
import { sidesOf } from '../interests.js';

const strongShare = 0.15; // of all interest, for a second category to be named
const strongTrend = 0.05;
const strongAgainst = 0.05; // of all that is said for and against, for what is turned down to be named
const fewEvents = 10; // below, they say nothing of hours and weekdays
const oftenShare = 0.4; // of all events, for a part of the day to be named
const justNow = 5; // seconds
const lately = 24 * 60 * 60; // seconds since the newest event, for the span to be said from now on
const weekendShare = 0.45; // two days of seven are 0.29

const dayParts = [['at night', 0, 6], ['in the morning', 6, 12], ['in the afternoon', 12, 18], ['in the evening', 18, 24]];
const doing = { browse: 'browsing', compare: 'comparing', buy: 'buying', feedback: 'giving feedback on what they bought' };

export function summary(source) {
    const { dimensions, freshness, evidence } = source.profile;
    const profile = `profile ${span(source.ageSeconds)} fresh${evidence === undefined ? '' : `, evidence ${evidence.toFixed(2)}`}`;
    const parts = [inSpan(dimensions), session(dimensions?.intent), lastSeen(dimensions?.activity?.lastEventAt ?? freshness.eventsThrough), profile];
    return capital(`${parts.filter(Boolean).join('; ')}.`);
}

/** What all the window's events say, and from when to when they are. */
function inSpan(dimensions) {
    const said = [...interests(dimensions?.interests), rhythm(dimensions?.activity)].filter(Boolean).join(', ');
    return said && [when(dimensions.activity), said].filter(Boolean).join(' ');
}

function when(activity) {
    const [first, newest, now] = [Date.parse(activity?.firstEventAt), Date.parse(activity?.lastEventAt), Date.now()];
    if (Number.isNaN(first) || Number.isNaN(newest))
        return null;
    return now - newest < 1000 * lately ? `in the last ${last((now - first) / 1000)}` : between(new Date(first), new Date(newest));
}

function interests(all = []) {
    const { liked, refused } = sidesOf(all);
    const named = liked.filter(({ share }, i) => i === 0 || (i < 3 && share >= strongShare)).map(interest => interest.category);
    const moving = all.filter(interest => Math.abs(interest.trend ?? 0) >= strongTrend).sort((a, b) => Math.abs(b.trend) - Math.abs(a.trend))[0];
    return [
        named.length > 0 && `mostly ${list(named)}`,
        moving && `lately ${moving.trend > 0 ? 'more' : 'less'} ${moving.category}`,
        refused[0]?.against >= strongAgainst && `turning down ${refused[0].category}`,
    ];
}

function session(intent) {
    const what = intent && Object.keys(doing).reduce((best, kind) => (intent[kind] ?? 0) > (intent[best] ?? 0) ? kind : best);
    return what && `in the last session ${doing[what]}`;
}

function rhythm(activity) {
    if (!activity?.hours || activity.events < fewEvents)
        return null;
    const [part, share] = dayParts.map(([name, from, to]) => [name, activity.hours.slice(from, to).reduce((sum, h) => sum + h, 0)]).sort((a, b) => b[1] - a[1])[0];
    const weekend = activity.weekdays && activity.weekdays[5] + activity.weekdays[6] >= weekendShare;
    const often = [share >= oftenShare && part, weekend && 'at weekends'].filter(Boolean);
    return often.length > 0 ? `often ${list(often)}` : null;
}

/** No event yet has the year 1, or none at all. */
function lastSeen(at) {
    const time = Date.parse(at);
    const ago = (Date.now() - time) / 1000;
    return !(time > 0) ? null : ago < justNow ? 'last seen just now' : `last seen ${span(ago)} ago`;
}
