# The review of an access by force.
review-title = Review of the access
review-about = Somebody opened a record in an emergency. Somebody else says whether it was justified.
review-happened = What happened
review-reason = Reason
review-when = When
review-when-for = { $when }, for 60 minutes at most
review-record = Record
review-who = Who
review-opened = What was opened
review-said-by = written in the record at that moment by { $who }
review-no-words-controls = The words of the reason are kept encrypted in the record: your role does not open it. If you need them, ask whoever manages the case of the person.
review-no-words-role = The words of the reason are kept encrypted in the record: your role does not open it, and does not even see the person’s code.
review-no-words = The words of the reason are kept encrypted in the record, and are not open to you.
review-looked = What was looked at
review-looked-nothing = Nothing so far, beyond opening it.
review-body-other = another organisation

review-due-done = reviewed
review-due-overdue = overdue since
review-due-by = review by
review-due-at = { $day } at { $time }

review-found = What was found
review-found-what = Finding
review-found-by = Who reviewed it
review-found-said = written by whoever reviewed it
review-found-no-words = Whoever reviewed it left no words that you can read.
review-back = Back to the inbox

review-form = What you found
review-finding = Was the access justified?
review-justified = Justified
review-justified-when = There was an emergency, and what was needed was opened.
review-not-justified = Not justified
review-not-justified-when = There was none, or more than necessary was opened. The data protection officer goes on with it.
review-words = Why, in your own words (optional)
review-words-help = 10 to 1,000 symbols. They are kept encrypted; you and the data protection officer read them.
review-do = Record the review
review-note = The first review counts; it cannot be changed. Whoever opened the record does not review her own access.

review-wrong-finding = Choose what you found: justified or not justified.
review-wrong-words = Your words have 10 to 1,000 symbols, or leave them empty.
review-wrong-erased = The record was erased and keeps no words any more: record the review without them.

review-done = Review recorded
review-done-as = Review recorded: { $finding }
review-done-justified = The access was justified. It stays in the register, with who reviewed it.
review-done-not-justified = The access was not justified. The data protection officer sees it in her inbox and decides how to go on.
