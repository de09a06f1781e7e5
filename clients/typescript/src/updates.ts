import { bodyOf, orNull } from "./call.js";
import type { UserProfile } from "./types.js";

/**
 * A profile that the caller keeps a copy of. notModified: the copy holds. profile: as it is now; null where the copy holds, or nothing is
 * known of the user. etag: what to send at the next call; null where nothing is known of the user.
 */
export interface ProfileUpdate {
    notModified: boolean;
    profile: UserProfile | null;
    etag: string | null;
}

/** The update that an answer to If-None-Match is. */
export async function updateIn(answer: Response): Promise<ProfileUpdate> {
    const etag = answer.headers.get("ETag");
    if (answer.status === 304)
        return { notModified: true, profile: null, etag };
    return { notModified: false, profile: await orNull(bodyOf<UserProfile>)(answer), etag };
}
