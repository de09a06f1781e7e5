// What is known of the user besides the events.

import { rows } from '../rows.js';

export const attributeRows = ({ attributes }) =>
    rows(Object.entries(attributes).map(([name, value]) => [name, value === true ? 'yes' : value === false ? 'no' : String(value)]));
