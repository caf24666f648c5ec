# Who looked at a person, and the copy that she gets.
readers-title = Who looked
readers-title-of = Who looked at { $code }
readers-person = Person { $code }
readers-ask-about = Who opened the record of a person, when and for which purpose. This reading is written down as well.
readers-whom = Of whom
readers-code = Short code of the person
readers-code-help = Five symbols, a dash and a check symbol, for example 7K2FM-Q.
readers-show = Show who looked
readers-about-told = To tell the person: which bodies opened her record, when and for which purpose, in the last 24 months. Workers do not appear, nor health and confidential services: for those the person asks the data protection officer.
readers-about-copy = The copy for the person: without the names of workers and without refused attempts.
readers-about-all = Every time somebody opened the record, or tried to. The last 24 months.
readers-back = Back to the log
readers-moved = Moved entries
readers-copy = Copy for the person
readers-joined = Who read while the records were joined
readers-joined-time = { $first } and { $second }, joined from { $from } to { $to }
readers-joined-none = Nobody opened them in that time.
readers-joined-table = Readers of two records that were linked by mistake
readers-column-who = Who
readers-column-times = How often
readers-times = { $times ->
    [one] once
   *[other] { $times } times
}
readers-looks = Openings
readers-newest = newest first
readers-none = Nobody has opened this record.
readers-table = Who looked at record { $code }, newest first
readers-parts = Pages of the list
readers-body-other = another body
# The pages of one person.
tab-pages = Pages of the person
tab-journey = Journey
tab-around = Network
tab-links = Links
tab-reception = Reception
tab-wishes = Her choices
