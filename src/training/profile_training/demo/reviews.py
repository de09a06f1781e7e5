"""Texts of reviews."""

import random

OPENINGS = {
    5: ["Absolutely love it.", "Best purchase this year.", "Could not be happier.", "Wonderful quality."],
    4: ["Very good overall.", "Happy with it.", "Does what it should.", "Good value for the money."],
    3: ["It is okay.", "Not bad, not great.", "Average, to be honest.", "Does the job, mostly."],
    2: ["A bit disappointing.", "Expected more for the price.", "Not really convinced.", "Weaker than the pictures suggest."],
    1: ["Terrible, avoid it.", "Broke after a few days.", "Complete waste of money.", "Sending it straight back."],
}
CLOSINGS = {
    5: ["Would buy again!", "Highly recommended.", "Five stars from me.", "My friends want one too."],
    4: ["Small flaws only.", "Would recommend.", "Delivery was quick as well.", "Nearly perfect."],
    3: ["I may look for another one.", "Fine for occasional use.", "Nothing special.", "We will see how long it lasts."],
    2: ["Would not buy it again.", "Support was slow too.", "The finish is poor.", "I regret it a little."],
    1: ["Never again.", "I want my money back.", "Support did not even answer.", "Very angry about this."],
}


def review_text(rng: random.Random, category: str, rating: int) -> str:
    use = f"For {category.replace('-', ' ')} it matters."
    subject = rng.choice([use, "Used it for two weeks.", "Arrived well packed.", ""])
    return " ".join(part for part in (rng.choice(OPENINGS[rating]), subject, rng.choice(CLOSINGS[rating])) if part)
