// What computes the profiles.

import { rows } from '../rows.js';
import { count, figure } from '../format.js';

/** @param active the active model; `itemVectors` stands beside it or in it. */
export function modelRows(active, models) {
    const vectors = active.itemVectors ?? models.itemVectors;
    return rows([
        ['Name and version', active.model],
        ['Runs on', active.provider?.toUpperCase()],
        ['Length of a vector', count(active.dimension)],
        ['Events it reads', `up to ${count(active.maxEvents)}`],
        ['Item vectors', vectors === undefined ? null : vectors > 0 ? count(vectors) : 'none: no recommendations'],
        ...quality(active.metrics),
        ['Windows', active.windowAdvice],
    ]);
}

const quality = metrics => metrics?.test?.['hr@10'] === undefined ? [] : [['HR@10 in its test', figure(metrics.test['hr@10'])]];
