// What happens a second, from the differences of counters.

const kept = 60; // readings, one a second

/** The last minute of the service's counters. */
export class Rates {
    static most = kept;

    events = [];
    refreshes = [];
    inference = []; // mean milliseconds of a run between two readings
    freshness = []; // mean milliseconds from an event to its vector between two readings
    answers = []; // milliseconds until a reading came
    due = [];
    #last;

    /**
     * @param at seconds on any clock that only goes on
     * @param took seconds that the answer took
     */
    add(status, at, took) {
        this.#keep(this.due, status.due);
        this.#keep(this.answers, 1000 * took);
        const last = this.#last;
        this.#last = { ...status, at };
        const passed = at - last?.at;
        if (!(passed > 0) || status.events < last.events || status.refreshes < last.refreshes)
            return; // the first reading, or the service began anew
        this.#keep(this.events, (status.events - last.events) / passed);
        this.#keep(this.refreshes, (status.refreshes - last.refreshes) / passed);
        if (status.refreshes > last.refreshes)
            this.#keep(this.freshness, 1000 * (status.freshnessSeconds - last.freshnessSeconds) / (status.refreshes - last.refreshes));
        const runs = status.inferenceRuns - last.inferenceRuns;
        if (runs > 0)
            this.#keep(this.inference, 1000 * (status.inferenceSeconds - last.inferenceSeconds) / runs);
    }

    #keep(values, value) {
        if (!Number.isFinite(value))
            return;
        values.push(value);
        if (values.length > kept)
            values.shift();
    }
}
