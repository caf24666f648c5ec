# A referral: how it is sent, how far it is, what its two ends may do with it.
referral-title = Referral
referral-way = How far it is
referral-exchange = Exchange
referral-external = The other service is confidential: here you see only how far it is.
referral-no-message = No message.
referral-you-see = What you see of her
referral-they-see = What { $service } sees
referral-code-only = Only the code: no data were shared.
referral-nothing-else = { $sections }. Nothing else.
referral-places = { $free ->
    [0] No free place tonight
    [one] 1 free place tonight
   *[other] { $free } free places tonight
}
referral-places-waiting = , { $waiting } on the waiting list
referral-places-note = Accepting reserves no bed by itself: you assign it afterwards.

referral-from = From { $service }, { $when }
referral-from-external = From an external service { $when }
referral-sent-by = Sent by { $service } { $when }
referral-sent = Sent { $when }
referral-today = today at { $time }
referral-yesterday = yesterday at { $time }
referral-tomorrow = tomorrow at { $time }
referral-on-day = { $day } at { $time }

referral-stage-asked = information requested
referral-stage-accepted = accepted
referral-stage-in-path = in path
referral-stage-attended = she came
referral-stage-declined = declined
referral-stage-withdrawn = withdrawn
referral-stage-expired = expired without an answer
referral-stage-over = closed
referral-stage-seen = seen

referral-rung-sent = Sent
referral-rung-seen = Seen
referral-rung-accepted = Accepted
referral-rung-declined = Declined
referral-rung-withdrawn = Withdrawn
referral-rung-expired = Expired
referral-rung-visit = First visit
referral-rung-outcome = Outcome
referral-rung-done = done
referral-rung-now = now
referral-rung-to-come = not yet
referral-rung-over = ended here

referral-you = You
referral-the-service = The service
referral-deadline = Deadline
referral-did-create = prepared
referral-did-send = sent
referral-did-see = seen
referral-did-ask = asks for: { $sections }
referral-did-give = adds: { $sections }
referral-did-accept = accepted
referral-did-decline = declined ({ $by }): { $reason }. Next: { $step }
referral-did-name = { $what }. Service named: { $service }
referral-did-fix = first visit fixed: { $when }
referral-did-hold = first visit held
referral-did-miss = she did not come
referral-did-report = outcome: { $outcome }
referral-did-withdraw = withdrawn: { $reason }
referral-did-expire = no answer in time
referral-meanwhile = Meanwhile it has changed: { $who }, { $what } ({ $when }). Your answer was not recorded.

referral-choose = Choose…
referral-onward = Send to { $service }
referral-accept = Accept
referral-ask = Ask
referral-ask-what = What do you need in order to answer?
referral-ask-help = The deadline for the answer stays the same.
referral-decline-more = Decline…
referral-decline = Decline
referral-decline-by = Who says no
referral-decline-reason = Why
referral-decline-step = What the sender can do
referral-decline-elsewhere = Another service to ask (if you know one)
referral-decline-elsewhere-help = Write its name, for example CSM Est: the sender can send there.
referral-visit-more = Fix a visit
referral-visit = Fix
referral-visit-when = First visit, day and hour
referral-held = She came
referral-missed = She did not come
referral-report-more = Outcome…
referral-report = Report the outcome
referral-report-how = How did it end?
referral-report-help = That the need was met can be said after the first visit.
referral-give-more = Answer the question
referral-give = Add
referral-give-what = What do you add?
referral-give-help = The service sees what you add at once, and nothing else.
referral-withdraw-more = Withdraw…
referral-withdraw = Withdraw the referral
referral-withdraw-why = Why you withdraw it

referral-wrong-ask = Choose at least one thing that you need in order to answer.
referral-wrong-give = Choose at least one thing to add.
referral-wrong-by = Choose who says no.
referral-wrong-reason = Choose why not: the sender reads it.
referral-wrong-step = Choose what the sender can do now.
referral-wrong-elsewhere = No service is called “{ $typed }”. Write a part of its name, or leave it empty.
referral-wrong-elsewhere-which = Several services fit: { $names }. Write more of the name.
referral-wrong-elsewhere-many = Several services fit: { $names } and { $more } more. Write more of the name.
referral-wrong-visit = Write the day and the hour, for example 2026-11-25T09:30.
referral-wrong-report = Choose how it ended: the sender reads it.
referral-wrong-withdraw = Choose why you withdraw it: the service reads it.

referral-done-sent = Referral sent.
referral-done-sent-next = You find it in “Waiting for others” until they answer.
referral-done-accept = Accepted.
referral-done-accept-next = The sender sees it at once. Now fix the first visit.
referral-done-decline = Declined.
referral-done-decline-next = The sender sees the reason and what can be done.
referral-done-ask = Asked.
referral-done-ask-next = The sender finds the question among the things to do.
referral-done-give = Added.
referral-done-give-next = The service sees at once what you added.
referral-done-visit = First visit fixed.
referral-done-visit-next = The sender sees day and hour.
referral-done-held = First visit held.
referral-done-held-next = When it is known, report the outcome.
referral-done-missed = Noted.
referral-done-missed-next = Fix another visit, or report the outcome.
referral-done-report = Outcome reported.
referral-done-report-next = The referral is closed: the sender sees it.
referral-done-withdraw = Withdrawn.
referral-done-withdraw-next = The service no longer finds it among the things to do.
referral-done-nothing = It was so already.
referral-done-nothing-next = Somebody had done it before: nothing has changed.

compose-title = New referral
compose-person = Person { $code }
compose-to = Person { $code }. To which service do you send her?
compose-slip = People go to this service with a slip.
compose-slip-why = No referral is sent and nothing is written down here: the person takes the slip, if she wants.
compose-search = Find a service
compose-search-hint = night shelter, job centre, Bitonto…
compose-search-do = Search
compose-everywhere = Also outside my area
compose-none = No service with these words. Leave out a word, or search outside your area too.
compose-left-out = { $count ->
    [one] One more service is not in the list: search with one more word.
   *[other] { $count } more services are not in the list: search with one more word.
}
compose-confidential = Confidential services are not in the list: the person goes there with a slip, and no trace of it stays here.
compose-tonight = { $free ->
    [0] no free place tonight
    [one] 1 free place tonight
   *[other] { $free } free places tonight
}
compose-waiting = { $count } waiting
compose-outside = outside the area

compose-heading = Referral to { $service }
compose-open = Open the referral that is there already
compose-service = The service
compose-other = Choose another service
compose-does = What it does
compose-territory = Area
compose-metro = the whole metropolitan city
compose-hours = Opening hours
compose-today = today { $hours }
compose-closed = closed today; open { $days }
compose-places = Places
compose-inactive = This service does not work at the moment: no referral is sent.
compose-outside-why = Outside the area: the service belongs to ATS { $ats }. It may decline the referral.
compose-stale = Nobody has confirmed these data for some time: telephone first, if you can.
compose-request = The request
compose-from = On behalf of
compose-own = Your service
compose-need = Why
compose-urgency = How urgent it is, and when an answer is due
compose-due-today = answers by { $time } today
compose-due-tomorrow = answers by { $time } tomorrow
compose-due-day = answers by
compose-share = What you share
compose-share-help = The least possible is chosen already. What you do not choose, the service does not see.
compose-agreement = Agreement of the person
compose-agreement-help = Choose it only if she told you so. She can change her mind whenever she likes; the referral is sent all the same.
compose-agreement-csm = She agrees that the mental health centre tells your organisation more than “attends, in a path, closed”
compose-agreement-labour = She agrees that the labour service sees the goals of her project
compose-agreement-external = She agrees that others know that another service follows her
compose-agreement-volunteers = She agrees that the volunteers see what they need
compose-send = Send the referral
compose-sees = What { $service } will see
compose-sees-always = The code of the person, who sends her and how urgent it is
compose-sees-identity = name, date of birth, codes
compose-sees-contacts = telephone, e-mail
compose-sees-now = { $section }: { $now }
compose-sees-note = It reads the reason only if you share the needs. It never sees the other referrals.

compose-wrong-from = Choose for which of your services you send her.
compose-wrong-need = Choose why you send her.
compose-wrong-urgency = Choose how urgent it is.
compose-unagreed = The referral is sent, but what the person agreed to was not noted. Send again: it stays one referral. If it does not work, leave the agreement out and send.
compose-refused-open = For this person, this need and this service there is an open referral already: a second one is not sent.
compose-refused-person = The person cannot be sent from here: she was registered a moment ago, or no case or contact ties you to her. Try again in a moment.
compose-refused-inactive = The service does not work at the moment: choose another.
compose-refused-unknown = One of the two services is not known here yet: try again in a moment.
compose-refused-itself = A referral goes to another service: choose one that is not yours.
compose-refused-slip = Nobody is sent to this service: the person goes there with a slip, if she wants.
