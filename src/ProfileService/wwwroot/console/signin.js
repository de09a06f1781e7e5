// What is shown while the service asks for a key.

import { el, replace } from './dom.js';
import { leave, providerName } from './oidc.js';
import { session } from './session.js';

const longestWait = 400; // milliseconds before the page shows without the provider

export async function signInPage() {
    const provider = el('div', { hidden: true });
    const asked = providerName().then(name => {
        provider.hidden = !name;
        replace(provider, name && providerCard(name));
    }).catch(() => {}); // a key lets people in without the provider
    await Promise.race([asked, new Promise(done => setTimeout(done, longestWait))]); // a slow answer comes into the page later
    const key = el('input', {
        id: 'sign-in-key', type: 'password', autocomplete: 'off', spellcheck: 'false', required: true, 'aria-describedby': 'sign-in-hint sign-in-error',
    });
    const error = el('p', { id: 'sign-in-error', class: 'wrong', role: 'alert' });
    const button = el('button', { type: 'submit', class: 'primary' }, 'Sign in');
    const form = el('form', { novalidate: true },
        el('div', { class: 'field' },
            el('div', { class: 'field-head' }, el('label', { for: key.id }, 'API key or access token')), key),
        el('p', { id: 'sign-in-hint', class: 'muted small' }, 'It stays in the memory of this tab: to reload or close the tab is to sign out.'),
        el('div', { class: 'form-end' }, button), error);

    form.addEventListener('submit', async event => {
        event.preventDefault();
        button.disabled = true;
        replace(error);
        try {
            await session.signIn(key.value.trim());
        } catch (problem) {
            replace(error, key.value.trim() ? problem.message : 'Enter a key first.');
            key.focus();
        }
        button.disabled = false;
    });

    return {
        title: 'Sign in',
        node: el('div', { class: 'page' },
            el('div', { class: 'head' },
                el('h1', { tabindex: -1 }, 'Sign in'),
                el('p', { class: 'lead' }, 'This service asks who its callers are.')),
            provider,
            el('div', { class: 'card is-sign-in' }, form,
                el('p', { class: 'muted small' }, 'Whoever operates the service makes keys: ', el('code', {}, 'profiles keys create NAME --scopes …')))),
    };
}

function providerCard(provider) {
    const error = el('p', { id: 'provider-error', class: 'wrong', role: 'alert' }, session.failure ?? '');
    const described = { 'aria-describedby': 'provider-hint provider-error' };
    const button = el('button', { type: 'button', class: 'primary', ...described }, `Sign in with ${provider}`);
    button.addEventListener('click', async () => {
        button.disabled = true;
        replace(error);
        await leave().catch(problem => {
            replace(error, problem.message);
            button.disabled = false;
        });
    });
    return el('div', { class: 'card is-sign-in' },
        el('p', { id: 'provider-hint', class: 'muted small' },
            'You leave for the provider, and come back signed in. Its token stays in the memory of this tab.'),
        el('div', { class: 'form-end' }, button), error);
}

/** Shows in the head of the page who is signed in, and lets them sign out. */
export function showSignedIn(place) {
    const update = () => {
        place.hidden = session.caller === null;
        replace(place, session.caller === null ? [] : [
            el('span', { class: 'muted' }, session.caller),
            el('button', { type: 'button', class: 'quiet', onclick: () => session.signOut() }, 'Sign out'),
        ]);
    };
    session.addEventListener('change', update);
    update();
}
