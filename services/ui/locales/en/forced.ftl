# Opening a record by force, and what stands on top of one that is open so.
forced-title = Open in an emergency
forced-about = For a record that your role does not open, when there is no time to ask.
forced-happens = What happens
forced-happens-time = 60 minutes.
forced-happens-time-why = You see what you choose, then the record closes by itself. You can only read.
forced-happens-told = Told at once:
forced-happens-told-why = whoever manages the case of the person, and the data protection officer.
forced-happens-review = Reviewed within 72 hours.
forced-happens-review-why = Somebody else looks at what you opened and says whether it was justified.
forced-happens-stays = It stays on record.
forced-happens-stays-why = The person can know who opened her record, and why.
forced-happens-never = Never opened:
forced-happens-never-why = a secret address, private notes, who reported, what confidential services know.

forced-now = Why now
forced-reason = Reason
forced-words = What is happening, in your own words
forced-words-help = 10 to 1,000 symbols. They are kept encrypted in the person’s record, read only by those who may.
forced-what = What you need
forced-classes = Only what you need now
forced-no-second-factor = You signed in without the second factor: health and minors stay closed.
forced-do = Open for 60 minutes
forced-cancel = Cancel

forced-class-identity = name, birth, codes
forced-class-contact = telephone, e-mail
forced-class-address = where she lives; never a secret address
forced-class-safety = dangers to her, or to whoever meets her
forced-class-health = allergies, treatment, health referrals
forced-class-language = which language she speaks
forced-class-needs = what she needs
forced-class-path = who follows her and what has happened
forced-class-housing = where she sleeps
forced-class-minors = what is about a minor
forced-class-diary = the notes of colleagues

forced-wrong-reason = Choose the reason: whoever reviews it reads it.
forced-wrong-classes = Choose what you need now: at least one thing.
forced-wrong-words = Write what is happening, in your own words: 10 to 1,000 symbols.

forced-soon = Open in an emergency
forced-soon-about = The record opens in a moment, for 60 minutes. Those who answer for it have been told.
forced-soon-open = Open the record

forced-closed-what = What to do
forced-closed = Is it an emergency?
forced-closed-about = If a life or a minor is at risk and there is no time to ask, you can open what you need for 60 minutes. Whoever follows the person is told at once, and somebody reviews it.

forced-band-left = Open in an emergency: { $left }
forced-left = { $minutes ->
    [one] 1 more minute, until { $time }
   *[other] { $minutes } more minutes, until { $time }
}
forced-band-reason = Reason: { $reason }.
forced-band-sees = You see: { $classes }. You can only read; those who answer for it have been told and review it.
forced-band-who = Who she is
