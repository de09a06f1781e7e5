// What a person changed in the form of attributes.

export class AttributeChanges {
    #rows = new Set();
    #removed = new Set();

    /** Whether there is anything to store. */
    get isBegun() {
        return this.#removed.size > 0 || [...this.#rows].some(row => row.isChanged());
    }

    add(row) {
        this.#rows.add(row);
    }

    remove(row) {
        this.#rows.delete(row);
        if (row.former !== undefined)
            this.#removed.add(row.former);
    }

    /** The attributes with these changes and no others; throws an Error that says what is wrong with one of them. */
    appliedTo(attributes) {
        const before = new Map(Object.entries(attributes));
        const changed = [...this.#rows].filter(row => row.isChanged()).map(row => ({ former: row.former, ...row.read() }));
        const names = [...this.#rows].filter(row => !row.isChanged()).map(row => row.former);
        const after = new Map(before);
        for (const former of [...this.#removed, ...changed.filter(({ former, name }) => former !== name).map(({ former }) => former)])
            after.delete(former);
        for (const { former, name, value, isWritten } of changed) {
            if (names.includes(name))
                throw new Error(`Two attributes have the name ${name}.`);
            names.push(name);
            after.set(name, isWritten ? value : before.get(former) ?? value);
        }
        return Object.fromEntries(after);
    }
}
