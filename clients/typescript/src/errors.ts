/** What a refusal says: application/problem+json. */
export interface Problem {
    status?: number;
    title?: string;
    /** For people: what is wrong and what would be right. */
    detail: string;
    /** For programs, such as "missing_field". */
    code?: string;
    /** The field, parameter or header at fault. */
    field?: string;
    [member: string]: unknown;
}

/**
 * The service refused a request, or what answered is not a ProfileService. status: 400 and 409: the request is wrong, as detail says. 429
 * and 503: the service was busy at each attempt. problem: the whole answer; undefined, as code, detail and field, where it does not say.
 */
export class ProfileServiceError extends Error {
    override readonly name = "ProfileServiceError";

    constructor(message: string, readonly status: number, readonly problem?: Problem) {
        super(message);
    }

    get code(): string | undefined {
        return this.problem?.code;
    }

    get detail(): string | undefined {
        return this.problem?.detail;
    }

    get field(): string | undefined {
        return this.problem?.field;
    }
}

/** The error that a refusal is. */
export async function errorOf(answer: Response): Promise<ProfileServiceError> {
    const { status } = answer;
    const problem = problemOf(await answer.text());
    if (problem)
        return new ProfileServiceError(`${status}: ${problem.detail}`, status, problem);
    const location = answer.headers.get("Location"); // a browser does not tell it
    return status >= 300 && status < 400 && location !== null
        ? new ProfileServiceError(`${answer.url} answered ${status} and refers to ${location}; give the client that address.`, status)
        : new ProfileServiceError(`${answer.url} answered ${status}, not as a ProfileService does; is the address right?`, status);
}

/** The error of an answer of success that is not what was asked for. */
export function unreadable(answer: Response): ProfileServiceError {
    const message = `${answer.url} answered something else than asked for; is the address that of the service?`;
    return new ProfileServiceError(message, answer.status);
}

function problemOf(text: string): Problem | undefined {
    try {
        const problem: unknown = JSON.parse(text);
        return typeof problem === "object" && problem !== null && "detail" in problem ? problem as Problem : undefined;
    } catch {
        return undefined;
    }
}
