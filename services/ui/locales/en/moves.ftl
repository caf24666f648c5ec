# What was moved away from a record or to it, for the data protection officer.
moved-title = Moved entries { $code }
moved-here = Moved entries
moved-person = Person { $code }
moved-about = Entries made on the wrong person, and who had read the record until the entry was moved.
moved-readers-all = Who has seen the record
moved-none = No entry has been moved from this record, or to it.
moved-away = { $what }: moved away
moved-arrived = { $what }: moved here
moved-from = from
moved-to = to
moved-readers = Who had read the record { $code }
moved-readers-none = Nobody opened it before the entry was moved.
moved-readers-scroll = Readers before move { $index }
moved-readers-caption = Who had read the record { $code } before the entry was moved
moved-column-who = Who
moved-column-body = Organisation and role
moved-column-times = How often
moved-column-last = Last time
moved-readers-more = There are older ones: see who has seen the record.
moved-pages = Pages of the list
moved-next = Next moved entries
moved-times = { $times ->
    [one] once
   *[other] { $times } times
}
moved-no-record = no record
moved-no-code = without a code
moved-other-body = another organisation
moved-taken-back = taken back by whoever made it
moved-moved = moved
moved-kind-contact = Contact
moved-kind-delivery = Service given
moved-kind-outreach = Street outreach
moved-kind-emergency = Emergency
moved-kind-meal = Meal
moved-kind-parcel = Food parcel
moved-kind-person = Note on the person
moved-kind-case = Assessment
moved-kind-other = Entry
