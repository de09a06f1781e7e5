// What is shown in the place of something that the service would not give.

import { el } from './dom.js';

/** A whole page in place of the one that could not be had. */
export const problemPage = (route, problem) => ({
    title: 'Problem',
    canComeBack: problem.status === 0 || problem.status >= 500,
    node: el('div', { class: 'page', 'data-failed': true },
        el('h1', { tabindex: -1 }, route.userId ?? 'Something is wrong'),
        el('div', { class: 'card' }, problemNote(problem))),
});

/** A line or two in place of a part. */
export const problemNote = problem => el('p', { class: 'note' }, problem.message);
