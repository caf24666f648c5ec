# What doors refuse: what happened, what is safe, what to do.
refusal-other = This was not possible: nothing was done. Check what you wrote and try again.

refusal-same-record = This is the same record: choose another.
refusal-not-open = One of the two records cannot be linked from here: ask whoever gave you the code.
refusal-no-reason = To say that this is the same person, at least one reason is needed: choose one.
refusal-already-linked = These records are linked already: nothing else is needed.
refusal-behind-another = This record is already linked behind another: open that one and link from there.
refusal-unlinked-before = These records, or two that are linked with them, were unlinked before: they stay apart.
refusal-declared-different = Somebody has judged that these are two people: they are linked only with the same document or tax code.
refusal-different-across = Two records that are linked with these were judged to be two people: look at those first.
refusal-still-linked = These records are linked: if they are two people, unlink them.
refusal-too-many-records = One person would have too many records: look through her links first.
refusal-not-linked = These records are not linked: there is nothing to unlink.

refusal-no-section = Choose what you need now: at least one thing.
refusal-never-by-force = One of these is never opened in an emergency: ask whoever keeps it.
refusal-words = Write what is happening, in your own words: 10 to 1,000 symbols.
refusal-unprintable = These words cannot be kept: write them without unusual symbols, 1,000 at most.
refusal-over = This access has ended: if you still need it, ask for another.
refusal-own-access = This access is your own: somebody else reviews it.
refusal-reviewed-already = Somebody has reviewed it already, with another finding: the first one counts.

refusal-no-such-person = This person has no record that you can choose: search for her code, or register her.
refusal-same-person = The entry is on this record already: choose the right person.
refusal-not-on-her = The entry is no longer on this record: look again.
refusal-undone = The entry was undone: make it again for the right person.
refusal-not-here = This entry is not moved like this: correct it where it was made, or close it and make it again.
refusal-too-late = The 30 seconds are over: it can no longer be undone. You can move it to the right person.
refusal-gone-on = Somebody went on from here: it cannot be undone. You can move it to the right person.

refusal-already-answered = Somebody of your service has answered already: look at the inbox again.
refusal-ended = It is closed already: there is nothing to do.
refusal-not-a-slip = The slip is not written right: eight groups of six symbols. Look for one that was swapped.
refusal-slip-not-valid = This slip is not valid here: check the groups, or make a new one.
refusal-slip-expired = This slip is too old: make a new one.
refusal-slip-used = This slip was presented already: the path is in the list.
refusal-appointment-in-the-past = An appointment is for today or later: correct the day.
refusal-no-appointment = No appointment is fixed.
refusal-appointment-to-come = The appointment is still to come: write it down after its hour.
refusal-not-answered = Answer yes first.
refusal-in-path-already = She is in a path already.
refusal-half-an-answer = Say yes, with or without a day; or no, with the reason.

refusal-no-such-wish = This wish is not on her record: look at the list again.
refusal-id-in-use = This wish is written down in another way already: write down a new one.
refusal-still-a-minor = She is a minor, or may be one: she decides when she is of age. Until then, whoever answers for her decides.
refusal-age-unknown = Nobody knows in which year she was born, and so whether she is of age: link the record with one that says it.
refusal-own-body = Your organisation would see more by this, and nobody gave you her case, nor sent her to you from another organisation: whoever was given it writes this down, or another organisation that follows her.
refusal-never-open = The last day is over, or it is before the first: correct it or leave it empty.
refusal-unknown-body = This service or organisation is not in the list: choose one that is.
refusal-no-such-entry = Your organisation did not write this entry about her: whoever wrote it hides it, or all that a service writes is hidden.

refusal-too-many-searches = You searched for many codes within an hour. Try again later, or search by name and date of birth.
refusal-alias-code = The unit’s code has 2 to 4 letters, a dash and a number, for example UDS-0142. Never a name.
refusal-alias-taken = Your service uses this code for another person already: choose another.
refusal-birth-year = A year of birth is between 1900 and this year; if nobody knows it, leave it empty.
refusal-second-factor-needed = A second factor is needed: sign in again and show it.
refusal-sent-before = This form was sent already: search for the person before you register her again.
refusal-stale = Meanwhile somebody changed this: look again, then repeat.
refusal-unavailable = Right now we cannot save. What you wrote is still here: try again in a moment.
refusal-not-found = Nothing was done: the record does not exist, or your role cannot do this.
