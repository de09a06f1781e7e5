// Begins the page, and shows what the address names.

import { showBanner } from './banner.js';
import { comparePage } from './compare/page.js';
import { connection } from './connection.js';
import { replace } from './dom.js';
import { homePage } from './home/page.js';
import { itemsPage } from './items/page.js';
import { problemPage } from './problem.js';
import { routeOf } from './routes.js';
import { searchBox } from './search/box.js';
import { servicePage } from './service/page.js';
import { session } from './session.js';
import { showSignedIn, signInPage } from './signin.js';
import { userPage } from './user/page.js';
import { usersPage } from './users/page.js';

const pages = { home: homePage, users: usersPage, user: userPage, compare: comparePage, items: itemsPage, service: servicePage };
const links = { home: 'users', user: 'users', compare: 'users' }; // which link of the head stands for a page that has none of its own
const untilAgain = 3_000; // milliseconds after which a page that could not be had is tried again
const main = document.getElementById('main');
let shown = new AbortController();
let again;

/** Shows the page of the address; the old one stays until the new one has something to show. */
async function show({ moveFocus }) {
    const route = routeOf(location.hash) ?? (main.firstElementChild ? null : { page: 'home' });
    if (!route)
        return;
    clearTimeout(again);
    shown.abort();
    const { signal } = shown = new AbortController();
    main.setAttribute('aria-busy', 'true');
    if (session.needsKey) { // what the former key showed goes at once
        replace(main);
        document.title = 'ProfileService';
    }
    const page = session.needsKey ? signInPage : pages[route.page];
    const content = await page(route, signal).catch(problem => signal.aborted ? null : problemPage(route, problem));
    if (signal.aborted)
        return;
    if (content.canComeBack)
        again = setTimeout(() => show({ moveFocus: false }), untilAgain);
    replace(main, content.node);
    main.removeAttribute('aria-busy');
    document.title = `${content.title} · ProfileService`;
    markLink(route.page);
    if (moveFocus) {
        scrollTo(0, 0);
        main.querySelector('h1')?.focus({ preventScroll: true });
    }
}

function markLink(page) {
    for (const link of document.querySelectorAll('[data-page]')) {
        if (link.getAttribute('data-page') === (links[page] ?? page))
            link.setAttribute('aria-current', 'page');
        else
            link.removeAttribute('aria-current');
    }
}

document.querySelector('.skip').addEventListener('click', event => {
    event.preventDefault(); // the address is the page's, not the link's
    main.focus();
});
addEventListener('hashchange', () => show({ moveFocus: true }));
addEventListener('show-again', () => show({ moveFocus: false }));
connection.addEventListener('back', () => main.querySelector('[data-failed]') && show({ moveFocus: false }));

session.addEventListener('change', () => show({ moveFocus: true }));
showBanner(document.getElementById('banner'));
searchBox(document.getElementById('search'));
connection.start();
await session.start();
showSignedIn(document.getElementById('signed-in'));
show({ moveFocus: false });
