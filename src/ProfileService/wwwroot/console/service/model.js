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

// What the package's test says, beside what counts alone give on the same test.
const quality = metrics => [['HR@10 in its test', 'hr@10'], ['NDCG@10 in its test', 'ndcg@10']]
    .filter(([, name]) => metrics?.test?.[name] !== undefined)
    .map(([label, name]) => [label, [figure(metrics.test[name]), floors(metrics, name)].filter(Boolean).join(', ')]);

const floors = (metrics, name) => ['popularity', 'transitions'].filter(floor => metrics[floor]?.[name] !== undefined)
    .map(floor => `${floor} ${figure(metrics[floor][name])}`).join(', ');
